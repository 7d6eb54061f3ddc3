import { InvariantViolation } from "../../base/errors.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NodeFact } from "../node-fact.ts";
import type { Outcome } from "../outcome.ts";
import type { Cycle } from "../plugin.ts";
import type { Profile } from "../profile.ts";
import type { Selection } from "../selection.ts";
import { type Choice, type OtherSay, otherSay } from "./choice.ts";
import { chooseAmong } from "./choose-among.ts";
import { chooseFromSearch, chooseFromWalk, scoreClasses } from "./choose-by-class.ts";
import { chooseFromColumn } from "./choose-from-column.ts";
import { ClassSearch } from "./class-search.ts";
import { ClassWalk } from "./class-walk.ts";
import { gatherFiltered } from "./gather.ts";
import { KindIndex } from "./kind-index.ts";
import { kindPlan } from "./kind-plan.ts";
import type { ScoreColumn } from "./score-column.ts";
import { Scratch } from "./scratch.ts";
import type { Window } from "./window.ts";
import { windowOf } from "./window.ts";

/** How the feasible nodes of a decision were found. */
type Gathered = "column" | "nodes" | "walk" | "search";

/** Memory for what is known of kinds; what was used longest ago is dropped beyond it. */
const BYTES = 256 * 2 ** 20;

export interface IndexedAttempt {
  readonly cycle: Cycle;
  /** Where the search starts, a place in node order. */
  readonly start: number;
  /** How many feasible nodes to look for. */
  readonly wanted: number;
  readonly attempt: number;
  readonly outcome: Outcome;
}

/**
 * Decides as the scan does without looking at the nodes: per kind of pod it keeps what the plugins said of each node, and asks
 * again about nodes that changed. Plugins that read more than a node's row are asked in every cycle, about the nodes that the
 * others leave. Where it cannot decide it says so, and the scan does.
 */
export class PlacementIndex {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #seed: number;
  readonly #scratch = new Scratch();
  readonly #walk = new ClassWalk();
  readonly #search = new ClassSearch();
  /** By kind; undefined: seen once, and not worth an index yet. */
  readonly #kinds = new Map<PodKind, KindIndex | undefined>();
  #bytes = 0;
  #clock = 0;
  #gathered: Gathered = "column";
  /** The last decision, and where its feasible nodes are to be found. */
  #last:
    | {
        readonly column: ScoreColumn;
        readonly window: Window;
        readonly gathered: Gathered;
      }
    | undefined;

  constructor(cluster: Cluster, profile: Profile, seed: number) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#seed = seed;
  }

  /** The feasible nodes of the last decision, in the order found. */
  feasible({ order }: NodeColumns): Selection {
    const { column, window, gathered } = this.#last!;
    if (gathered === "nodes") return this.#scratch.all;
    const rows = new Uint32Array(window.found);
    let length = 0;
    for (let i = 0; length < window.found; i++) {
      const row = gathered === "walk" ? this.#walk.rows[i] : (window.start + i) % window.length;
      const passes =
        gathered === "walk" ||
        (gathered === "column" ? column.scores[row] >= 0 : this.#search.passing.some((set) => set.has(row)));
      if (passes) rows[length++] = order[row]!;
    }
    return { rows, length };
  }

  /** The window that was looked at, with the choice in the outcome; undefined when the scan must decide, as after an error. */
  decide(attempt: IndexedAttempt): Window | undefined {
    try {
      return this.#decide(attempt);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.#drop(attempt.cycle.pod);
      return undefined;
    }
  }

  #decide({ cycle, start, wanted, attempt, outcome }: IndexedAttempt): Window | undefined {
    // Sums beyond exact doubles are made anew in every cycle.
    if (cycle.nodes.hugeNodes > 0) return undefined;
    const index = this.#find(cycle);
    if (index === undefined) return undefined;
    const say = otherSay(index.plan.others, cycle);
    if (say === undefined) return undefined;
    index.lastUse = ++this.#clock;
    index.catchUp(cycle.nodes, this.#cluster.changes, say.facts ?? [], this.#scratch);
    if (index.broken) return undefined;
    const search = { cycle, start, wanted, attempt, outcome };
    const silent = say.filters.length === 0 && say.scores.length === 0;
    const { constant } = index;
    const window =
      silent && constant !== undefined
        ? this.#byColumn(index, constant, search)
        : say.facts === undefined
          ? this.#byNode(index, say, search)
          : this.#byClass(index, say, say.facts, search);
    this.#count(index);
    if (window === undefined) return undefined;
    this.#last = { column: index.column, window, gathered: this.#gathered };
    outcome.feasible = window.found;
    outcome.evaluated = window.looked;
    return window;
  }

  #byColumn(index: KindIndex, constant: number, search: IndexedAttempt): Window {
    this.#gathered = "column";
    const { column } = index;
    const { cycle, outcome } = search;
    const window = windowOf(column.feasible, column.length, search.start, search.wanted);
    if (window.found === 0) {
      this.#fail(index, outcome);
    } else if (window.found === 1) {
      outcome.tied = 1;
      outcome.node = cycle.nodes.order[column.feasible.select(window.start, 0)];
    } else {
      outcome.node = chooseFromColumn(column, constant, this.#choice(search, window), this.#scratch);
    }
    return window;
  }

  /** Which plugin rejected a node first is only known of those that read its row: without a feasible node, undefined. */
  #byClass(
    index: KindIndex,
    { filters, scores }: OtherSay,
    facts: readonly NodeFact[],
    search: IndexedAttempt,
  ): Window | undefined {
    const { nodes } = search.cycle;
    const { outcome } = search;
    const classes = index.classes(facts, nodes);
    const columns = index.columns(classes);
    const found = columns === undefined ? this.#walk : this.#search;
    this.#gathered = columns === undefined ? "walk" : "search";
    const window =
      columns === undefined
        ? this.#walk.walk(index.column, classes, filters, search, nodes)
        : this.#search.search(columns.list, filters, search, nodes);
    if (window.found === 0) {
      if (filters.length > 0) return undefined;
      this.#fail(index, outcome);
    } else if (window.found === 1) {
      outcome.tied = 1;
      outcome.node = found.representative[found.live[0]];
    } else {
      const choice = this.#choice(search, window);
      const scratch = this.#scratch;
      if (!scoreClasses(index, found, scores, choice, scratch)) return undefined;
      outcome.node =
        columns === undefined
          ? chooseFromWalk(index, classes, this.#walk, choice, scratch)
          : chooseFromSearch(columns, classes, this.#search, choice, scratch);
    }
    return window;
  }

  #byNode(index: KindIndex, { filters, scores }: OtherSay, search: IndexedAttempt): Window | undefined {
    this.#gathered = "nodes";
    const scratch = this.#scratch;
    const { nodes } = search.cycle;
    const window = gatherFiltered(index.column, filters, search, nodes, scratch.all, scratch.chunk);
    if (window.found === 0) return undefined;
    search.outcome.tied = 1;
    search.outcome.node =
      window.found === 1
        ? scratch.all.rows[0]
        : chooseAmong(index, scores, this.#choice(search, window), scratch);
    return search.outcome.node === -1 ? undefined : window;
  }

  #choice({ cycle, attempt, outcome }: IndexedAttempt, window: Window): Choice {
    return { cycle, window, attempt, outcome, rule: this.#profile.tieBreak, seed: this.#seed };
  }

  #find(cycle: Cycle): KindIndex | undefined {
    const { pod, nodes } = cycle;
    const known = this.#kinds.get(pod);
    if (known !== undefined && known.epoch === nodes.epoch) return known;
    if (!this.#kinds.has(pod)) {
      this.#kinds.set(pod, undefined);
      return undefined;
    }
    const plan = kindPlan(this.#profile.plugins, cycle);
    if (plan === undefined) return undefined;
    if (known !== undefined) this.#drop(pod);
    const index = new KindIndex(plan, nodes, this.#profile.plugins.length);
    index.build(nodes, this.#cluster.changes, this.#scratch);
    this.#kinds.set(pod, index);
    return index;
  }

  /** What an index takes changes with the classes that nodes fall into. */
  #count(index: KindIndex): void {
    const { bytes } = index;
    if (bytes === index.counted) return;
    this.#bytes += bytes - index.counted;
    index.counted = bytes;
    if (this.#bytes > BYTES) this.#dropOldest(index);
  }

  /** Forgets what is known of a kind, but not that it was seen. */
  #drop(kind: PodKind): void {
    this.#bytes -= this.#kinds.get(kind)?.counted ?? 0;
    this.#kinds.set(kind, undefined);
  }

  /** Drops the half that was used longest ago: rarely, and much at once. */
  #dropOldest(kept: KindIndex): void {
    const indexes = [...this.#kinds].flatMap(([kind, index]) =>
      index === undefined ? [] : [{ kind, index }],
    );
    indexes.sort((a, b) => a.index.lastUse - b.index.lastUse);
    for (const { kind, index } of indexes.slice(0, indexes.length >> 1)) {
      if (index === kept) continue;
      this.#kinds.delete(kind);
      this.#bytes -= index.counted;
    }
  }

  #fail({ column }: KindIndex, outcome: Outcome): void {
    let most = 0;
    for (let p = 0; p < this.#profile.plugins.length; p++) {
      const rejected = column.rejections(p);
      if (rejected === 0) continue;
      outcome.rejectors |= 1 << p;
      if (rejected <= most) continue;
      most = rejected;
      outcome.mainRejector = p;
    }
  }
}
