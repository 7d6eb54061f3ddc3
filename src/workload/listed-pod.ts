import type { OwnerReference, StringRecord } from "../kubernetes/object-meta.ts";
import type { PodSpec, PodStatus } from "../kubernetes/pod.ts";

/** A pod of a snapshot: listed, or made from its owner's template. */
export interface ListedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: StringRecord | undefined;
  /** With `nodeName` when it is bound. */
  readonly spec: PodSpec;
  /** What people know its kind by: its owner's name, or its own. */
  readonly shownAs: string;
  readonly uid?: string | undefined;
  readonly controller?: OwnerReference | undefined;
  /** What decisions read of it. */
  readonly status?: PodStatus | undefined;
  /** When its node began to run it, in seconds of Unix time; undefined when the node has not said so. */
  readonly startedAt?: number | undefined;
  /** Being deleted, on its node still. */
  readonly terminating?: boolean | undefined;
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
