import type { Cluster } from "../cluster/cluster.ts";
import { FiltersInThought } from "./filters-in-thought.ts";
import type { Nominations } from "./nominations.ts";
import type { Outcome } from "./outcome.ts";
import { type Cycle, everyNode } from "./plugin.ts";
import type { Profile } from "./profile.ts";
import type { Filter, Selection } from "./selection.ts";

/** The filters of one attempt at a time, also beside the pods that are nominated to a node, and whom they rejected. */
export class AttemptFilters {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominations: Nominations | undefined;
  /** Nodes rejected, by place of the plugin. */
  readonly #rejectedBy: Int32Array;
  /** Filters of the pod at hand and the plugins they belong to. */
  readonly #filters: Filter[] = [];
  readonly #filterPlugin: number[] = [];
  /** Some rejection may have been counted. */
  #counted = false;
  #thought: FiltersInThought | undefined;
  /** Nodes to which other pods are nominated that must be thought of. */
  #nodesBeside: ReadonlySet<number> | undefined;
  readonly #one: Selection = { rows: new Uint32Array(1), length: 1 };

  constructor(cluster: Cluster, profile: Profile, nominations: Nominations | undefined) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominations = nominations;
    this.#rejectedBy = new Int32Array(profile.plugins.length);
  }

  /** Before each attempt. */
  forget(): void {
    if (this.#counted) this.forgetRejections();
    this.#thought = undefined;
  }

  /** Before the nodes of an attempt are looked at once more. */
  forgetRejections(): void {
    this.#counted = false;
    this.#rejectedBy.fill(0);
  }

  /** For an attempt that passed PreFilter. */
  prepare(cycle: Cycle): void {
    this.#filters.length = 0;
    this.#filterPlugin.length = 0;
    this.#thought = this.#nominations?.empty === false ? this.#newThought(cycle) : undefined;
    this.#nodesBeside = undefined;
    const { plugins } = this.#profile;
    for (let p = 0; p < plugins.length; p++) {
      const filter = plugins[p].plugin.filter?.(cycle);
      if (filter === undefined || filter === everyNode) continue;
      this.#filters.push(filter);
      this.#filterPlugin.push(p);
    }
  }

  /** The verdicts of the attempt at hand with pods in thought. */
  thoughtOf(cycle: Cycle): FiltersInThought {
    return this.#thought ?? this.#newThought(cycle);
  }

  #newThought(cycle: Cycle): FiltersInThought {
    return new FiltersInThought(this.#cluster, this.#profile, this.#nominations, cycle);
  }

  /** Narrows the candidates, and counts those that are rejected. */
  apply(candidates: Selection): void {
    this.#counted = true;
    if (this.#thought !== undefined) this.#dropBesideNominated(this.#thought, candidates);
    for (let f = 0; f < this.#filters.length && candidates.length > 0; f++) {
      const before = candidates.length;
      this.#filters[f](candidates);
      this.#rejectedBy[this.#filterPlugin[f]] += before - candidates.length;
    }
  }

  /** What the filters say of a node without the pods nominated to it; nothing is counted. */
  passes(node: number): boolean {
    const one = this.#one;
    one.rows[0] = node;
    one.length = 1;
    for (let f = 0; f < this.#filters.length && one.length > 0; f++) this.#filters[f](one);
    return one.length > 0;
  }

  noteRejectors(outcome: Outcome): void {
    let most = 0;
    for (let p = 0; p < this.#rejectedBy.length; p++) {
      const rejected = this.#rejectedBy[p];
      if (rejected === 0) continue;
      outcome.rejectors |= 1 << p;
      if (rejected > most && outcome.feasible === 0) {
        most = rejected;
        outcome.mainRejector = p;
      }
    }
    // PreFilter named nodes that are not there.
    if (outcome.feasible === 0 && outcome.mainRejector === -1)
      outcome.mainRejector = lowestBit(outcome.rejectors);
  }

  /** Nodes that would not do if the pods nominated to them were there. */
  #dropBesideNominated(thought: FiltersInThought, candidates: Selection): void {
    const { rows, length } = candidates;
    // Who is beside on all nodes is found for a search, not for one node that is tried before it.
    if (length > 1) this.#nodesBeside ??= thought.nodesBeside();
    if (this.#nodesBeside?.size === 0) return;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      const rejection = (this.#nodesBeside?.has(node) ?? true) ? thought.rejectionBeside(node) : undefined;
      if (rejection === undefined) rows[kept++] = node;
      else this.#rejectedBy[this.#placeOf(rejection.plugin)]++;
    }
    candidates.length = kept;
  }

  /** The place of a plugin that filters. */
  #placeOf(name: string | undefined): number {
    return this.#profile.plugins.findIndex(
      ({ plugin }) => plugin.name === name && plugin.filter !== undefined,
    );
  }
}

/** The place of the lowest bit that is set; -1 when none is. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
