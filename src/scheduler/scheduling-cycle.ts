import { InvariantViolation } from "../base/errors.ts";
import { randomKey, uniformInt } from "../base/random.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { filterByExtenders } from "./ask-extenders.ts";
import { AttemptFilters, lowestBit } from "./attempt-filters.ts";
import type { NodeHints } from "./batching/node-hints.ts";
import { ExtenderError } from "./extender.ts";
import { FusedScan } from "./fused-scan/fused-scan.ts";
import { NodeSearch } from "./node-search.ts";
import type { Nominations } from "./nominations.ts";
import { emptyOutcome, forgetOutcome, type Outcome } from "./outcome.ts";
import { PlacementIndex, type PlacementIndexOptions } from "./placement-index/placement-index.ts";
import type { Cycle } from "./plugin.ts";
import { type PostFilterOutcome, runPostFilter } from "./post-filter.ts";
import { postFilterCycle } from "./post-filter-cycle.ts";
import { type CandidateSet, everyCandidate, preFilter } from "./pre-filter.ts";
import { LocalNodesByKind } from "./preemption-index/local-nodes-by-kind.ts";
import type { Profile } from "./profile.ts";
import { numFeasibleNodesToFind } from "./sampling.ts";
import { type RawScores, Scoring } from "./scoring.ts";
import type { Selection } from "./selection.ts";
import type { Status } from "./status.ts";

const NONE_DROPPED: ReadonlyMap<number, Status> = new Map();

export interface SchedulingCycleOptions {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly seed: number;
  /** Who is expected on which node; the owner keeps it up to date. Absent: nobody is. */
  readonly nominations?: Nominations | undefined;
  /** A pod's name, for budgets that list pods disrupted already; absent: none is listed. */
  readonly podName?: ((row: number) => string | undefined) | undefined;
  /** Where preemption's dry runs start among `n` nodes; drawn from the seed when absent, as upstream draws it. */
  readonly preemptionOffset?: ((n: number) => number) | undefined;
  /** The pod itself, as extenders are told of it; its kind's when absent. */
  readonly podObject?: ((row: number) => PodObject) | undefined;
  /**
   * `index`, the default: what plugins said of nodes is kept per kind of pod, and nodes are looked at again when they change;
   * `scan`: every attempt looks at them anew. They decide alike.
   */
  readonly algorithm?: "index" | "scan" | undefined;
  /** How the index keeps what it knows; tests set it. */
  readonly placementIndex?: PlacementIndexOptions | undefined;
  /** Proposes nodes to pods that are equal to those before them; absent: none is proposed. */
  readonly hints?: NodeHints | undefined;
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
  readonly #nominations: Nominations | undefined;
  readonly #podName: (row: number) => string | undefined;
  readonly #podObject: (row: number) => PodObject;
  readonly #index: PlacementIndex | undefined;
  /** For pods of which the index knows nothing. */
  readonly #fused: FusedScan | undefined;
  readonly #memory: LocalNodesByKind | undefined;
  readonly #hints: NodeHints | undefined;
  readonly #preemptionOffset: (row: number, attempt: number, n: number) => number;
  readonly #takeDevices;
  readonly #numFeasibleNodesToFind;
  #start = 0;
  readonly #filters: AttemptFilters;
  readonly #search: NodeSearch;
  /** The last attempt, if no node took the pod: what PostFilter goes on from. */
  #attempt: { readonly cycle: Cycle; readonly candidates: CandidateSet; readonly number: number } | undefined;
  /** The kind of the pod at hand. */
  #pod: PodKind | undefined;
  /** What extenders said of nodes that they dropped, in the last attempt. */
  #dropped: ReadonlyMap<number, Status> = NONE_DROPPED;
  /** Who decided the last attempt. */
  #decidedBy: PlacementIndex | FusedScan | NodeSearch;
  /** Whether the hints cover the pod at hand, and the node that was proposed to it; -1 for none. */
  #covered = false;
  #hinted = -1;

  constructor(options: SchedulingCycleOptions) {
    const { cluster, profile } = options;
    this.profile = profile;
    this.#cluster = cluster;
    this.#scoring = new Scoring(profile, options.seed);
    this.#nominations = options.nominations;
    this.#podName = options.podName ?? (() => undefined);
    this.#podObject = options.podObject ?? (() => this.#pod!.object);
    // Extenders are asked about the whole list of feasible nodes, which an index does not make.
    const extended = (profile.extenders ?? []).length > 0;
    if (options.algorithm !== "scan" && !extended) {
      const { seed, nominations, placementIndex } = options;
      this.#index = new PlacementIndex(cluster, profile, seed, nominations, placementIndex);
      this.#fused = new FusedScan(cluster, profile, options.seed);
    }
    if (options.algorithm !== "scan") {
      this.#memory = new LocalNodesByKind(cluster, profile, options.nominations);
    }
    this.#hints = options.hints;
    const key = randomKey(options.seed, "preemption");
    const { preemptionOffset } = options;
    this.#preemptionOffset = (row, attempt, n) => preemptionOffset?.(n) ?? uniformInt(key, row, attempt, n);
    this.#numFeasibleNodesToFind = options.numFeasibleNodesToFind ?? numFeasibleNodesToFind;
    this.#filters = new AttemptFilters(cluster, profile, options.nominations);
    this.#search = new NodeSearch(this.#filters);
    this.#decidedBy = this.#search;
    this.#takeDevices = profile.plugins.find(({ plugin }) => plugin.takeDevices)?.plugin.takeDevices;
  }

  /** Where the next search starts, a place in node order (upstream: nextStartNodeIndex). */
  get nextStart(): number {
    return this.#start;
  }

  /** The profiles of one scheduler take turns with one such place. */
  set nextStart(place: number) {
    this.#start = place;
  }

  /** The nodes found feasible by the last attempt, in the order in which they were found. */
  get feasible(): Selection {
    const by = this.#decidedBy;
    return by instanceof NodeSearch ? by.feasible : by.feasible(this.#cluster.nodes);
  }

  /** The row of the node that was proposed to the pod of the last attempt; -1 when none was. */
  get hinted(): number {
    return this.#hinted;
  }

  /** The row of the node that the coming attempt of a pod that passes PreFilter is proposed; -1 for none. */
  hintFor(row: number, pod: PodKind): number {
    const cycle: Cycle = { pod, row, nodes: this.#cluster.nodes, cluster: this.#cluster };
    if (this.#hints?.covers(cycle) !== true) return -1;
    this.#filters.prepare(cycle);
    this.#search.reserve(cycle.nodes.order.length);
    return this.#hint(this.#hints, cycle);
  }

  /** @param attempt which attempt of this pod it is; only chance reads it */
  run(row: number, pod: PodKind, attempt: number): Outcome {
    const { outcome } = this;
    forgetOutcome(outcome);
    const { nodes } = this.#cluster;
    const cycle: Cycle = { pod, row, nodes, cluster: this.#cluster };
    this.#filters.forget();
    this.#search.forget();
    this.#attempt = undefined;
    this.#dropped = NONE_DROPPED;
    this.#decidedBy = this.#search;
    this.#pod = pod;
    this.#covered = this.#hints?.covers(cycle) === true;
    this.#hinted = -1;
    if (nodes.order.length === 0) return outcome;
    if (this.#takesNominated(cycle, outcome)) return outcome;
    // What one attempt leaves for the next is a list of nodes with their scores, which an index does not make.
    if (this.#index !== undefined && !this.#covered && this.#mayAskIndex(row)) {
      if (this.#ask(this.#index, cycle, outcome, attempt)) return outcome;
      forgetOutcome(outcome);
      if (this.#nominations?.empty !== false && this.#ask(this.#fused!, cycle, outcome, attempt))
        return outcome;
      this.#index.insist(pod);
      forgetOutcome(outcome);
    }

    const candidates = preFilter(this.profile, cycle);
    outcome.rejectors = candidates.rejectors;
    if (candidates.rejected !== undefined) {
      this.#attempt = { cycle, candidates, number: attempt };
      outcome.preFilterStatus = candidates.rejected;
      outcome.mainRejector = lowestBit(candidates.rejectors);
      return outcome;
    }
    this.#filters.prepare(cycle);
    this.#search.reserve(candidates.nodes?.length ?? nodes.order.length);
    if (this.#covered) this.#hinted = this.#hint(this.#hints!, cycle);
    const nominated = this.#nominatedNode(row);
    const first = nominated === -1 ? this.#present(this.#hinted) : nominated;
    // A nominated node that passes is the only feasible one, and where the next search starts does not move.
    const tried = first === -1 ? "failed" : this.#search.tryFirst(first);
    if (tried === "passed") {
      outcome.feasible = 1;
      outcome.evaluated = 1;
      this.#filters.noteRejectors(outcome);
    } else {
      this.#lookFor(cycle, candidates, outcome, tried === "rejected" ? first : -1);
    }
    if (!this.#askExtenders(cycle, outcome)) return outcome;
    if (outcome.feasible === 0) this.#attempt = { cycle, candidates, number: attempt };
    else this.#choose(cycle, outcome, attempt);
    return outcome;
  }

  /** Whether the pod itself is expected somewhere, or others are whose being there matters to more than their node. */
  #mayAskIndex(row: number): boolean {
    const nominations = this.#nominations;
    if (nominations === undefined || nominations.silent) return true;
    return (
      nominations.farReaching === 0 && nominations.expectedOn(row) === -1 && this.#nominatedNode(row) === -1
    );
  }

  /** A node to which the pod is nominated and that takes it is the only one looked at; where the next search starts does not move. */
  #takesNominated(cycle: Cycle, outcome: Outcome): boolean {
    const nominations = this.#nominations;
    if (nominations === undefined || nominations.silent || nominations.farReaching > 0) return false;
    if (this.#index === undefined || this.#covered) return false;
    const node = this.#nominatedNode(cycle.row);
    if (node === -1 || !this.#index.takes(node, cycle, outcome)) return false;
    this.#decidedBy = this.#index;
    this.#takeDevicesOn(cycle, outcome);
    return true;
  }

  #ask(by: PlacementIndex | FusedScan, cycle: Cycle, outcome: Outcome, attempt: number): boolean {
    const all = cycle.nodes.order.length;
    const start = this.#start % all;
    const window = by.decide({ cycle, start, wanted: this.#wanted(all), attempt, outcome });
    if (window === undefined) return false;
    this.#decidedBy = by;
    this.#start = (start + window.looked) % all;
    if (outcome.node === -1)
      this.#attempt = { cycle, candidates: everyCandidate(this.profile), number: attempt };
    else this.#takeDevicesOn(cycle, outcome);
    return true;
  }

  /** Narrows the feasible nodes; false when an extender failed that must not, and the attempt with it. */
  #askExtenders({ pod, row, nodes }: Cycle, outcome: Outcome): boolean {
    const { extenders = [] } = this.profile;
    if (extenders.length === 0 || outcome.feasible === 0) return true;
    const before = outcome.feasible;
    try {
      this.#dropped = filterByExtenders(
        extenders,
        { kind: pod, object: this.#podObject(row) },
        nodes,
        this.#search.feasible,
      );
    } catch (error) {
      if (!(error instanceof ExtenderError)) throw error;
      outcome.error = error.message;
      outcome.feasible = 0;
      return false;
    }
    outcome.feasible = this.#search.feasible.length;
    // A node that was dropped without a word is not among those that were evaluated.
    outcome.evaluated += outcome.feasible - before + this.#dropped.size;
    outcome.droppedByExtenders = outcome.feasible < before;
    return true;
  }

  #wanted(candidates: number): number {
    if (!this.#scoring.scores() && !(this.profile.extenders ?? []).some(({ filter }) => filter)) return 1;
    return this.#numFeasibleNodesToFind(this.profile.percentageOfNodesToScore, candidates);
  }

  /**
   * What would make room for the pod of the last attempt, which no node took; asked before anything changes. Undefined when no
   * plugin has a say or there are no nodes: the pod's nomination is cleared then.
   */
  postFilter(): PostFilterOutcome | undefined {
    const attempt = this.#attempt;
    if (attempt === undefined) return undefined;
    const { cycle, candidates, number } = attempt;
    const thought = this.#filters.thoughtOf(cycle);
    return runPostFilter(
      this.profile,
      postFilterCycle(cycle, {
        profile: this.profile,
        candidates,
        thought,
        nominations: this.#nominations,
        dropped: this.#dropped,
        memory: this.#memory,
        podObject: this.#podObject,
        nominated: this.#nominatedNode(cycle.row),
        podName: this.#podName,
        draw: (n) => this.#preemptionOffset(cycle.row, number, n),
      }),
    );
  }

  /** The node that is tried before all others; -1 when there is none, or none any more. */
  #nominatedNode(row: number): number {
    return this.#present(this.#nominations?.nodeOf(row) ?? -1);
  }

  #present(node: number): number {
    return this.#cluster.nodes.positions[node] >= 0 ? node : -1;
  }

  /** The node that is proposed to a pod whose filters are prepared; a pod that is nominated gets no proposal. */
  #hint(hints: NodeHints, cycle: Cycle): number {
    if ((this.#nominations?.nodeOf(cycle.row) ?? -1) !== -1) return -1;
    return hints.hint(cycle, (node) => this.#filters.passes(node));
  }

  /** Where the next search starts moves on also when an error ended this one (upstream: findNodesThatFitPod). */
  #lookFor(cycle: Cycle, candidates: CandidateSet, outcome: Outcome, rejected: number): void {
    const { nodes } = cycle;
    const search = this.#search;
    const wanted = this.#wanted(candidates.nodes?.length ?? nodes.order.length);
    try {
      search.search({ nodes, candidates, start: this.#start, wanted, rejected });
    } finally {
      this.#start = (this.#start + search.evaluated) % nodes.order.length;
    }
    outcome.feasible = search.feasible.length;
    outcome.evaluated = search.evaluated;
    this.#filters.noteRejectors(outcome);
  }

  #choose(cycle: Cycle, outcome: Outcome, attempt: number): void {
    const feasible = this.#search.feasible;
    const raw: RawScores | undefined = this.#covered && feasible.length > 1 ? [] : undefined;
    if (feasible.length === 1) {
      outcome.node = feasible.rows[0]!;
      outcome.tied = 1;
    } else {
      const { extenders = [] } = this.profile;
      const extended =
        extenders.length === 0 ? undefined : { kind: cycle.pod, object: this.#podObject(cycle.row) };
      outcome.node = this.#scoring.choose(cycle, feasible, outcome, attempt, extended, raw);
    }
    if (this.#covered) {
      const scored = raw && { feasible, totals: this.#scoring.totals, raw };
      this.#hints!.chose(cycle, outcome.node, this.#hinted, scored);
    }
    this.#takeDevicesOn(cycle, outcome);
  }

  #takeDevicesOn(cycle: Cycle, outcome: Outcome): void {
    outcome.devices = this.#takeDevices?.(cycle, outcome.node) ?? 0;
    if (cycle.pod.devices !== undefined && outcome.devices === 0) {
      throw new InvariantViolation(
        `profile ${this.profile.name} placed pod ${cycle.row}, which asks for devices, without taking any; add DeviceShare to its plugins`,
      );
    }
  }
}
