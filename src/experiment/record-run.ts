import { recordDecision } from "../decisions/record-decision.ts";
import type { DecisionRecord } from "../decisions/recorded-case.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";

/** A record of one attempt in a run: when it was, what was derived plainly, and what the policy chose in the end. */
export interface RunDecision extends DecisionRecord {
  /** Simulated seconds since the start. */
  readonly at: number;
  /** The profile that decided: the policy's name, or the pod's scheduler name where several profiles are one scheduler. */
  readonly profile: string;
  /**
   * The node that the policy took, by its own tie rule; null when none would do. `node` is the first of the best, and
   * `upstreamPick` the one that kube-scheduler would take.
   */
  readonly chosen: string | null;
}

/** Watches a run, and hands over the record of each attempt once it is decided. */
export function recordRun(
  onDecision: (decision: RunDecision) => void,
): Required<Pick<SimulateOptions, "onAttempt" | "stopwatch">> {
  let recorded: Omit<RunDecision, "chosen"> | undefined;
  let nameOf: (node: number) => string;
  return {
    onAttempt({ pod, nowUs, ...attempt }) {
      const { cluster, profile, podName } = attempt;
      const record = recordDecision({ ...attempt, row: pod, name: podName(pod) });
      recorded = { at: nowUs / 1e6, profile: profile.name, ...record };
      nameOf = (node) => cluster.nodes.name(node);
    },
    stopwatch: {
      phaseBegins() {},
      start() {},
      stop() {},
      decided(_, node) {
        if (recorded === undefined) return;
        onDecision({ ...recorded, chosen: node === -1 ? null : nameOf(node) });
        recorded = undefined;
      },
    },
  };
}
