import { InvariantViolation } from "../base/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { type AttemptClock, OpportunisticBatching } from "../scheduler/batching/opportunistic-batching.ts";
import type { Profile } from "../scheduler/profile.ts";
import { SchedulingCycle, type SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import type { CaseCluster } from "./case-cluster.ts";
import type { Difference } from "./compare-records.ts";
import { GivenHint } from "./given-hint.ts";
import { cycleError } from "./record-decision.ts";
import { recordedPreemption } from "./record-post-filter.ts";
import type { DecisionRecord, RecordedPreemption } from "./recorded-case.ts";

/** What the scheduler itself decided in one attempt. */
export interface Decided {
  /** By tie rule `first`, and by rule `upstream`; undefined when no node would do. */
  readonly node: string | undefined;
  readonly upstreamPick: string | undefined;
  /** In the order found. */
  readonly feasible: readonly string[];
  readonly evaluated: number;
  readonly error?: string;
  /** What PostFilter came to. */
  readonly preemption: RecordedPreemption | null;
  readonly postFilterMessage?: string;
}

/** The fast scheduling cycle under both tie rules: the same searches, two choices. */
export class FastDecisions {
  readonly #cluster: Cluster;
  readonly #name: (row: number) => string;
  readonly #first: SchedulingCycle;
  readonly #upstream: SchedulingCycle;
  readonly #clock: AttemptClock = { attempt: 0, nowUs: 0 };
  readonly #given = new GivenHint();

  /** @param batching whether equal pods reuse results; what is kept for them never grows too old */
  constructor(
    { cluster, nominations, name }: CaseCluster,
    profile: Profile,
    batching = false,
    algorithm: SchedulingCycleOptions["algorithm"] = "index",
  ) {
    this.#cluster = cluster;
    this.#name = name;
    const options = {
      cluster,
      nominations,
      seed: 0,
      algorithm,
      podName: (row: number) => name(row).split("/").at(-1),
      preemptionOffset: () => 0,
    };
    const first: Profile = { ...profile, tieBreak: "first" };
    const upstream: Profile = { ...profile, tieBreak: "upstream" };
    // Recordings with batching bind upstream's pick, and hints go by what was bound.
    const hints = batching
      ? OpportunisticBatching.of({ profile: upstream, clock: this.#clock, seed: 0 })
      : undefined;
    this.#first = new SchedulingCycle({ ...options, profile: first, hints: hints && this.#given });
    this.#upstream = new SchedulingCycle({ ...options, profile: upstream, hints });
  }

  /** Where the next search starts, a place in node order. */
  get nextStart(): number {
    return this.#first.nextStart;
  }

  /** The row of the node that the coming attempt is proposed; -1 for none. */
  hintFor(row: number, kind: PodKind): number {
    return this.#upstream.hintFor(row, kind);
  }

  decide(row: number, kind: PodKind, attempt: number): Decided {
    const { nodes } = this.#cluster;
    const name = (node: number) => (node === -1 ? undefined : nodes.name(node));
    let error: string | undefined;
    const run = (cycle: SchedulingCycle): string | undefined => {
      try {
        return name(cycle.run(row, kind, attempt).node);
      } catch (thrown) {
        if (!(thrown instanceof InvariantViolation)) throw thrown;
        error = cycleError(thrown);
        return undefined;
      }
    };
    const upstreamPick = run(this.#upstream);
    this.#given.node = this.#upstream.hinted;
    const node = run(this.#first);
    this.#clock.attempt++;
    if (error !== undefined)
      return {
        node: undefined,
        upstreamPick: undefined,
        feasible: [],
        evaluated: 0,
        preemption: null,
        error,
      };
    const { feasible, outcome } = this.#first;
    const names = Array.from(feasible.rows.subarray(0, feasible.length), (row) => nodes.name(row));
    const decided = { node, upstreamPick, feasible: names, evaluated: outcome.evaluated };
    const postFilter = node === undefined ? this.#first.postFilter() : undefined;
    const message = postFilter?.message() ?? "";
    return {
      ...decided,
      preemption: recordedPreemption(postFilter?.preemption, nodes, this.#name),
      ...(message !== "" && { postFilterMessage: message }),
    };
  }
}

/** Where the plain derivation and the scheduler itself disagree about one attempt; empty when they are as one. */
export function disagreements(record: DecisionRecord, decided: Decided): Difference[] {
  const found: Difference[] = [];
  const say = (field: string, derived: unknown, fast: unknown): void => {
    const [a, b] = [JSON.stringify(derived) ?? "nothing", JSON.stringify(fast) ?? "nothing"];
    if (a !== b)
      found.push({
        field,
        text: `the scheduling cycle and its plain derivation disagree on ${field}: ${b} and ${a}`,
      });
  };
  say("node", record.node, decided.node);
  say("error", record.error, decided.error);
  if (record.error !== undefined) return found;
  const inOrder = (names: readonly string[]) => (record.visitStart === undefined ? [...names].sort() : names);
  say("feasible", inOrder(record.feasible ?? []), inOrder(decided.feasible));
  say("preemption", record.preemption ?? null, decided.preemption);
  say("postFilterMessage", record.postFilterMessage, decided.postFilterMessage);
  if (record.feasible !== undefined) say("evaluated", record.evaluated, decided.evaluated);
  if (record.upstreamPick !== undefined) say("upstreamPick", record.upstreamPick, decided.upstreamPick);
  return found;
}
