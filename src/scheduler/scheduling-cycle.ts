import { InvariantViolation } from "../base/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { emptyOutcome, type Outcome } from "./outcome.ts";
import { type Cycle, everyNode } from "./plugin.ts";
import { type CandidateSet, preFilter } from "./pre-filter.ts";
import type { Profile } from "./profile.ts";
import { numFeasibleNodesToFind } from "./sampling.ts";
import { Scoring } from "./scoring.ts";
import type { Filter, Selection } from "./selection.ts";

/** Nodes offered to the filters at once: enough to pay for a round, few enough to stop early. */
const SMALLEST_CHUNK = 64;

export interface SchedulingCycleOptions {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly seed: number;
  /** Another rule for how many feasible nodes to look for; tests force rare sizes with it. */
  readonly numFeasibleNodesToFind?: typeof numFeasibleNodesToFind;
}

/**
 * One pod at a time, as kube-scheduler's schedulePod does (pkg/scheduler/schedule_one.go): PreFilter, Filter over a
 * rotating sample of the nodes, Score, the choice among equals. It decides and changes nothing but the place where the
 * next search starts.
 */
export class SchedulingCycle {
  readonly profile: Profile;
  readonly outcome: Outcome = emptyOutcome();
  readonly #cluster: Cluster;
  readonly #scoring: Scoring;
  readonly #takeDevices;
  readonly #numFeasibleNodesToFind;
  #start = 0;
  #chunk: Selection = { rows: new Uint32Array(0), length: 0 };
  #feasible: Selection = { rows: new Uint32Array(0), length: 0 };
  readonly #rejectedBy: Int32Array;
  /** Filters of the pod at hand and the plugins they belong to. */
  readonly #filters: Filter[] = [];
  readonly #filterPlugin: number[] = [];

  constructor(options: SchedulingCycleOptions) {
    const { cluster, profile } = options;
    this.profile = profile;
    this.#cluster = cluster;
    this.#scoring = new Scoring(profile, options.seed);
    this.#numFeasibleNodesToFind = options.numFeasibleNodesToFind ?? numFeasibleNodesToFind;
    this.#rejectedBy = new Int32Array(profile.plugins.length);
    this.#takeDevices = profile.plugins.find(({ plugin }) => plugin.takeDevices)?.plugin.takeDevices;
  }

  /** Where the next search starts, a place in node order (upstream: nextStartNodeIndex). */
  get nextStart(): number {
    return this.#start;
  }

  /** The nodes found feasible by the last attempt, in the order in which they were found. */
  get feasible(): Selection {
    return this.#feasible;
  }

  /** @param attempt which attempt of this pod it is; only chance reads it */
  run(row: number, pod: PodKind, attempt: number): Outcome {
    const outcome = Object.assign(this.outcome, emptyOutcome());
    const { nodes } = this.#cluster;
    const cycle: Cycle = { pod, row, nodes, cluster: this.#cluster };
    this.#rejectedBy.fill(0);
    this.#feasible.length = 0;
    if (nodes.order.length === 0) return outcome;

    const candidates = preFilter(this.profile, cycle);
    outcome.rejectors = candidates.rejectors;
    if (candidates.rejected !== undefined) {
      outcome.preFilterStatus = candidates.rejected;
      outcome.mainRejector = lowestBit(candidates.rejectors);
      return outcome;
    }
    this.#prepareFilters(cycle);
    this.#search(cycle, candidates, outcome);
    this.#choose(cycle, outcome, attempt);
    return outcome;
  }

  #prepareFilters(cycle: Cycle): void {
    this.#filters.length = 0;
    this.#filterPlugin.length = 0;
    const { plugins } = this.profile;
    for (let p = 0; p < plugins.length; p++) {
      const filter = plugins[p].plugin.filter?.(cycle);
      if (filter === undefined || filter === everyNode) continue;
      this.#filters.push(filter);
      this.#filterPlugin.push(p);
    }
  }

  /** Visits candidates from the rotating start until one more than wanted is feasible; that one is where the next search starts. */
  #search(cycle: Cycle, candidates: CandidateSet, outcome: Outcome): void {
    const order = candidates.nodes ?? cycle.nodes.order;
    const total = order.length;
    const all = cycle.nodes.order.length;
    const wanted = this.#scoring.scores()
      ? this.#numFeasibleNodesToFind(this.profile.percentageOfNodesToScore, total)
      : 1;
    this.#reserve(total);
    const start = total === 0 ? 0 : this.#start % total;
    let looked = 0;
    while (looked < total && this.#feasible.length <= wanted) {
      const size = Math.min(total - looked, Math.max(SMALLEST_CHUNK, wanted + 1 - this.#feasible.length));
      this.#offer(order, (start + looked) % total, size);
      this.#applyFilters();
      this.#keep();
      looked += size;
    }
    if (this.#feasible.length > wanted) {
      looked = this.#distance(candidates, start, this.#feasible.rows[wanted], total);
      this.#feasible.length = wanted;
    }
    outcome.feasible = this.#feasible.length;
    outcome.evaluated = looked;
    if (all > 0) this.#start = (this.#start + looked) % all;
    this.#noteRejectors(outcome);
  }

  /** Places from the start of this search to a node. */
  #distance(candidates: CandidateSet, start: number, node: number, total: number): number {
    const place = candidates.nodes?.indexOf(node) ?? this.#cluster.nodes.positions[node];
    return (place - start + total) % total;
  }

  #reserve(total: number): void {
    if (this.#chunk.rows.length >= total) return;
    this.#chunk = { rows: new Uint32Array(total), length: 0 };
    this.#feasible = { rows: new Uint32Array(total + SMALLEST_CHUNK), length: 0 };
  }

  #offer(order: Uint32Array, from: number, size: number): void {
    const { rows } = this.#chunk;
    const beforeWrap = Math.min(size, order.length - from);
    for (let i = 0; i < beforeWrap; i++) rows[i] = order[from + i]!;
    for (let i = beforeWrap; i < size; i++) rows[i] = order[i - beforeWrap]!;
    this.#chunk.length = size;
  }

  #applyFilters(): void {
    const chunk = this.#chunk;
    for (let f = 0; f < this.#filters.length && chunk.length > 0; f++) {
      const before = chunk.length;
      this.#filters[f](chunk);
      this.#rejectedBy[this.#filterPlugin[f]] += before - chunk.length;
    }
  }

  #keep(): void {
    const { rows, length } = this.#chunk;
    const feasible = this.#feasible;
    for (let i = 0; i < length; i++) feasible.rows[feasible.length + i] = rows[i]!;
    feasible.length += length;
  }

  #noteRejectors(outcome: Outcome): void {
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

  #choose(cycle: Cycle, outcome: Outcome, attempt: number): void {
    const feasible = this.#feasible;
    if (feasible.length === 0) return;
    if (feasible.length === 1) {
      outcome.node = feasible.rows[0]!;
      outcome.tied = 1;
    } else {
      outcome.node = this.#scoring.choose(cycle, feasible, outcome, attempt);
    }
    outcome.devices = this.#takeDevices?.(cycle, outcome.node) ?? 0;
    if (cycle.pod.devices !== undefined && outcome.devices === 0) {
      throw new InvariantViolation(
        `profile ${this.profile.name} placed pod ${cycle.row}, which asks for devices, without taking any; add DeviceShare to its plugins`,
      );
    }
  }
}

/** The place of the lowest bit that is set; -1 when none is. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
