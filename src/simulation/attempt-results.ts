import type { PostFilterOutcome } from "../scheduler/post-filter.ts";
import type { WaitingPod } from "./pod-table.ts";
import type { WaitingEntity } from "./waiting-group.ts";

/** What follows from an attempt; the wiring gives the loop the other actors' ways. */
export interface AttemptResults {
  attempted(pod: number): void;
  scheduled(pod: number): void;
  /** No node will do; PostFilter may have said what would make room. */
  failed(pod: WaitingPod, outcome: PostFilterOutcome | undefined): void;
  /** It was to be bound, and an extender that binds refused. */
  bindingFailed(pod: number): void;
  /** Permit refused a pod, which has come back to the queue as `key`: others may have its place on the node. */
  refused(pod: number, node: number, key: WaitingEntity["key"]): void;
  /** Whether the pod was deleted while its attempt went on. */
  isDeleted(pod: number): boolean;
}
