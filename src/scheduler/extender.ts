import type { PodKind } from "../cluster/pod-kind.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";

/**
 * A program outside of the scheduler that is asked after its plugins: it may drop feasible nodes, add to their totals, drop or
 * change preemption's candidates, and bind (upstream: pkg/scheduler/framework/interface.go, Extender). A member that is
 * absent is a verb that it does not have. Each may throw ExtenderError.
 */
export interface Extender {
  /** Its address. */
  readonly name: string;
  /** Its failures are passed over; otherwise they fail the attempt. */
  readonly ignorable: boolean;
  readonly isInterested: (pod: PodKind) => boolean;
  readonly filter?: (pod: PodObject, nodes: readonly NodeObject[]) => ExtenderVerdict;
  readonly prioritize?: (pod: PodObject, nodes: readonly NodeObject[]) => ExtenderScores;
  readonly preempt?: (pod: PodObject, candidates: ExtenderCandidates) => ExtenderCandidates;
  readonly bind?: (pod: PodObject, node: string) => void;
}

/** Upstream's name for all extenders together, where what rejected a pod is named. */
export const EXTENDERS = "Extender";

/** What is left of the nodes, in the extender's order, and why others are not. */
export interface ExtenderVerdict {
  readonly nodes: readonly string[];
  /** Node to reason: preemption may help there. */
  readonly failed: Readonly<Record<string, string>>;
  /** Node to reason: preemption would not help. It goes before `failed`. */
  readonly failedAndUnresolvable: Readonly<Record<string, string>>;
}

/** Points by node, 0 to 10 by convention, and what one of them weighs beside the plugins' totals. */
export interface ExtenderScores {
  readonly points: ReadonlyMap<string, number>;
  readonly weight: number;
}

/** Preemption's candidates: by node, who would have to go there. */
export type ExtenderCandidates = ReadonlyMap<string, ExtenderVictims>;

export interface ExtenderVictims {
  readonly pods: readonly PodObject[];
  readonly pdbViolations: number;
}

/** An extender did not answer, or not as it should. */
export class ExtenderError extends Error {
  override readonly name = "ExtenderError";
}
