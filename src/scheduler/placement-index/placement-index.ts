import { InvariantViolation } from "../../base/errors.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NodeFact } from "../node-fact.ts";
import type { Nominations } from "../nominations.ts";
import type { Outcome } from "../outcome.ts";
import type { Cycle } from "../plugin.ts";
import type { Profile } from "../profile.ts";
import type { Selection } from "../selection.ts";
import type { Choice } from "./choice.ts";
import { chooseAmong } from "./choose-among.ts";
import { chooseFromSearch, chooseFromWalk, scoreClasses } from "./choose-by-class.ts";
import { chooseFromColumn } from "./choose-from-column.ts";
import { ClassRejections } from "./class-rejections.ts";
import { ClassSearch } from "./class-search.ts";
import { ClassWalk } from "./class-walk.ts";
import { gatherFiltered } from "./gather.ts";
import type { IndexedAttempt } from "./indexed-attempt.ts";
import { KindIndex } from "./kind-index.ts";
import type { KindSay } from "./kind-say.ts";
import { KnownKinds } from "./known-kinds.ts";
import { PinnedKind } from "./pinned-kind.ts";
import { RowIndex } from "./row-index.ts";
import type { ScoreColumn } from "./score-column.ts";
import { Scratch } from "./scratch.ts";
import { setWindow, type Window, type WritableWindow } from "./window.ts";

/** How the feasible nodes of a decision were found. */
type Gathered = "column" | "nodes" | "walk" | "search";

const NO_FACTS: readonly NodeFact[] = [];

/** What tests set. */
export interface PlacementIndexOptions {
  /** Memory for what is known of kinds, about. */
  readonly bytesAtMost?: number | undefined;
  /** Asks the index also where another way to decide would be cheaper. */
  readonly atAnyCost?: boolean | undefined;
  /** Looks at the index of a pod's kind after each decision; see `check-index.ts`. */
  readonly check?: ((index: KindIndex, cycle: Cycle) => void) | undefined;
}

/**
 * Decides as the scan does without looking at the nodes: per kind of pod it keeps what the plugins said of each node, and asks
 * again about nodes that changed. Plugins that read more than a node's row are asked in every cycle, about the nodes that the
 * others leave. Where it cannot decide it says so, and the scan does.
 */
export class PlacementIndex {
  readonly #profile: Profile;
  readonly #seed: number;
  readonly #nominations: Nominations | undefined;
  readonly #scratch = new Scratch();
  readonly #walk = new ClassWalk();
  readonly #search = new ClassSearch();
  readonly #classRejections: ClassRejections;
  readonly #kinds: KnownKinds;
  readonly #atAnyCost: boolean;
  readonly #check: PlacementIndexOptions["check"];
  /** The last decision, and where its feasible nodes are to be found. */
  #gathered: Gathered = "column";
  #lastColumn: ScoreColumn | undefined;
  #lastWindow: Window | undefined;
  readonly #window: WritableWindow = { start: 0, looked: 0, found: 0, length: 0 };

  constructor(
    cluster: Cluster,
    profile: Profile,
    seed: number,
    nominations?: Nominations,
    { bytesAtMost, atAnyCost = false, check }: PlacementIndexOptions = {},
  ) {
    this.#nominations = nominations;
    this.#kinds = new KnownKinds(cluster, profile.plugins, nominations, bytesAtMost);
    this.#atAnyCost = atAnyCost;
    this.#check = check;
    this.#profile = profile;
    this.#classRejections = new ClassRejections(profile.plugins.length);
    this.#seed = seed;
  }

  /** The feasible nodes of the last decision, in the order found. */
  feasible({ order }: NodeColumns): Selection {
    const gathered = this.#gathered;
    if (gathered === "nodes") return this.#scratch.all;
    const column = this.#lastColumn!;
    const window = this.#lastWindow!;
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
      this.#kinds.drop(attempt.cycle.pod);
      return undefined;
    }
  }

  #decide(search: IndexedAttempt): Window | undefined {
    const { cycle, outcome } = search;
    // Sums beyond exact doubles are made anew in every cycle.
    if (cycle.nodes.hugeNodes > 0) return undefined;
    const index = this.#kinds.find(cycle);
    if (index === undefined) return undefined;
    if (index instanceof PinnedKind) return this.#byName(index, search);
    const { say } = index;
    if (!say.refresh(cycle)) return undefined;
    const { silent } = say;
    if (!silent && this.#nominations?.empty === false) return undefined;
    const onlyHere = this.#atAnyCost || !silent || this.#nominations?.empty === false;
    const rows = this.#kinds.rowsOf(index, cycle, onlyHere, search.wanted, this.#scratch);
    if (rows === undefined) return undefined;
    if (rows instanceof PinnedKind) return this.#byName(rows, search);
    index.catchUp(rows, say.facts ?? NO_FACTS);
    if (rows.broken) return undefined;
    const { constant } = rows;
    const window =
      silent && constant !== undefined
        ? this.#byColumn(rows, constant, search)
        : say.facts === undefined
          ? this.#byNode(rows, say, search)
          : this.#byClass(index, rows, say.facts, search);
    this.#kinds.count(index);
    this.#check?.(index, cycle);
    if (window === undefined) return undefined;
    this.#lastColumn = rows.column;
    this.#lastWindow = window;
    outcome.feasible = window.found;
    outcome.evaluated = window.looked;
    return window;
  }

  /** Whether a node takes the pod that is nominated to it: the choice is in the outcome then. False also where others must tell. */
  takes(node: number, cycle: Cycle, outcome: Outcome): boolean {
    if (cycle.nodes.hugeNodes > 0) return false;
    const index = this.#kinds.find(cycle);
    if (!(index instanceof KindIndex)) return false;
    try {
      if (!index.say.refresh(cycle) || index.say.filters.length > 0) return false;
      const rows = this.#kinds.rowsOf(index, cycle, true, 0, this.#scratch);
      if (!(rows instanceof RowIndex) || !rows.takes(node, cycle.row)) return false;
    } catch (error) {
      if (error instanceof InvariantViolation) return false;
      throw error;
    }
    this.#choose(node, outcome);
    return true;
  }

  /** The only feasible node, and the only one that was looked at. */
  #choose(node: number, outcome: Outcome): void {
    const { all } = this.#scratch;
    all.rows[0] = node;
    all.length = 1;
    this.#gathered = "nodes";
    outcome.node = node;
    outcome.tied = 1;
    outcome.feasible = 1;
    outcome.evaluated = 1;
  }

  /** Nobody else could tell of such a pod. */
  insist(pod: PodKind): void {
    this.#kinds.insist(pod);
  }

  #byName(pinned: PinnedKind, { cycle, outcome, start }: IndexedAttempt): Window | undefined {
    const { say, node } = pinned;
    if (!say.refresh(cycle) || !say.silent || this.#nominations?.empty === false) return undefined;
    // Why the node will not do is for the scan to tell.
    if (!pinned.passes) return undefined;
    this.#choose(node, outcome);
    const window = this.#window;
    window.start = start;
    window.looked = 1;
    window.found = 1;
    window.length = cycle.nodes.order.length;
    this.#lastWindow = window;
    outcome.rejectors = pinned.namedBy;
    return window;
  }

  #byColumn(rows: RowIndex, constant: number, search: IndexedAttempt): Window {
    this.#gathered = "column";
    const { column } = rows;
    const { cycle, outcome } = search;
    const window = this.#window;
    window.length = column.length;
    setWindow(window, column.feasible, search.start, search.wanted);
    if (window.found === 0) {
      this.#fail(rows, outcome);
    } else if (window.found === 1) {
      outcome.tied = 1;
      outcome.node = cycle.nodes.order[column.feasible.select(window.start, 0)];
    } else {
      outcome.node = chooseFromColumn(
        column,
        constant,
        search,
        window,
        this.#profile.tieBreak,
        this.#seed,
        this.#scratch,
      );
    }
    return window;
  }

  #byClass(
    index: KindIndex,
    rows: RowIndex,
    facts: readonly NodeFact[],
    search: IndexedAttempt,
  ): Window | undefined {
    const { filters, scores } = index.say;
    const { nodes } = search.cycle;
    const { outcome } = search;
    const classes = index.classes(rows, facts);
    const columns = index.columns(rows, classes);
    const found = columns === undefined ? this.#walk.classes : this.#search.found;
    this.#gathered = columns === undefined ? "walk" : "search";
    const window =
      columns === undefined
        ? this.#walk.walk(rows.column, classes, filters, search, nodes)
        : this.#search.search(columns, filters, search, nodes);
    if (window.found === 0) {
      const others = this.#classRejections;
      if (filters.length > 0 && !others.count(rows, index.say, classes, columns)) return undefined;
      this.#fail(rows, outcome, filters.length > 0 ? others.counts : undefined);
    } else if (window.found === 1) {
      outcome.tied = 1;
      outcome.node = found.nodes.rows[0];
    } else {
      const choice = this.#choice(search, window);
      const scratch = this.#scratch;
      if (!scoreClasses(rows, found, scores, choice, scratch)) return undefined;
      outcome.node =
        columns === undefined
          ? chooseFromWalk(rows, classes, this.#walk, choice, scratch)
          : chooseFromSearch(columns, classes, this.#search, choice, scratch);
    }
    return window;
  }

  #byNode(rows: RowIndex, { filters, scores }: KindSay, search: IndexedAttempt): Window | undefined {
    this.#gathered = "nodes";
    const scratch = this.#scratch;
    const { nodes } = search.cycle;
    const window = gatherFiltered(rows.column, filters, search, nodes, scratch.all);
    if (window.found === 0) return undefined;
    search.outcome.tied = 1;
    search.outcome.node =
      window.found === 1
        ? scratch.all.rows[0]
        : chooseAmong(rows, scores, this.#choice(search, window), scratch);
    return search.outcome.node === -1 ? undefined : window;
  }

  #choice({ cycle, attempt, outcome }: IndexedAttempt, window: Window): Choice {
    return { cycle, window, attempt, outcome, rule: this.#profile.tieBreak, seed: this.#seed };
  }

  #fail({ column }: RowIndex, outcome: Outcome, byClass?: Int32Array): void {
    let most = 0;
    for (let p = 0; p < this.#profile.plugins.length; p++) {
      const rejected = column.rejections(p) + (byClass?.[p] ?? 0);
      if (rejected === 0) continue;
      outcome.rejectors |= 1 << p;
      if (rejected <= most) continue;
      most = rejected;
      outcome.mainRejector = p;
    }
  }
}
