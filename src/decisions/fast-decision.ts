import { InvariantViolation } from "../base/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { Profile } from "../scheduler/profile.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import type { Difference } from "./compare-records.ts";
import { cycleError } from "./record-decision.ts";
import type { DecisionRecord } from "./recorded-case.ts";

/** What the scheduler itself decided in one attempt. */
export interface Decided {
  /** By tie rule `first`, and by rule `upstream`; undefined when no node would do. */
  readonly node: string | undefined;
  readonly upstreamPick: string | undefined;
  /** In the order found. */
  readonly feasible: readonly string[];
  readonly evaluated: number;
  readonly error?: string;
}

/** The fast scheduling cycle under both tie rules: the same searches, two choices. */
export class FastDecisions {
  readonly #cluster: Cluster;
  readonly #first: SchedulingCycle;
  readonly #upstream: SchedulingCycle;

  constructor(cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    this.#first = new SchedulingCycle({ cluster, profile: { ...profile, tieBreak: "first" }, seed: 0 });
    this.#upstream = new SchedulingCycle({ cluster, profile: { ...profile, tieBreak: "upstream" }, seed: 0 });
  }

  /** Where the next search starts, a place in node order. */
  get nextStart(): number {
    return this.#first.nextStart;
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
    const node = run(this.#first);
    const upstreamPick = run(this.#upstream);
    if (error !== undefined)
      return { node: undefined, upstreamPick: undefined, feasible: [], evaluated: 0, error };
    const { feasible, outcome } = this.#first;
    const names = Array.from(feasible.rows.subarray(0, feasible.length), (row) => nodes.name(row));
    return { node, upstreamPick, feasible: names, evaluated: outcome.evaluated };
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
  if (record.feasible !== undefined) say("evaluated", record.evaluated, decided.evaluated);
  if (record.upstreamPick !== undefined) say("upstreamPick", record.upstreamPick, decided.upstreamPick);
  return found;
}
