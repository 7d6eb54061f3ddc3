/**
 * Why a plugin turned a node, or a pod, down. Upstream's codes that reject (pkg/scheduler/framework/interface.go):
 * `Unschedulable` may change when pods leave (preemption looks at such nodes), `UnschedulableAndUnresolvable` may not.
 */
export interface Status {
  readonly code: "Unschedulable" | "UnschedulableAndUnresolvable";
  readonly reasons: readonly string[];
}

export function unschedulable(...reasons: string[]): Status {
  return { code: "Unschedulable", reasons };
}

export function unresolvable(...reasons: string[]): Status {
  return { code: "UnschedulableAndUnresolvable", reasons };
}
