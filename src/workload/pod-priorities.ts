import type { PriorityClassObject } from "../kubernetes/cluster-object.ts";
import { type PodSpec, preemptionPolicies } from "../kubernetes/pod.ts";
import { counted } from "./listed-pod.ts";

/** Built into every cluster. Source: pkg/apis/scheduling/types.go. */
const systemClasses: ReadonlyMap<string, number> = new Map([
  ["system-node-critical", 2_000_001_000],
  ["system-cluster-critical", 2_000_000_000],
]);

/** Gives pods of manifests the priority that admission would; those of a running cluster have theirs. */
export class PodPriorities {
  readonly #classes: ReadonlyMap<string, PriorityClassObject>;
  readonly #default: PriorityClassObject | undefined;
  readonly #missing = new Map<string, number>();

  constructor(classes: readonly PriorityClassObject[]) {
    this.#classes = new Map(classes.map((found) => [found.metadata?.name ?? "", found]));
    this.#default = classes.find(({ globalDefault }) => globalDefault === true);
  }

  resolve(spec: PodSpec): PodSpec {
    if (spec.priority !== undefined) return spec;
    const { priorityClassName: name = "" } = spec;
    const found = name === "" ? this.#default : this.#classes.get(name);
    const priority = found?.value ?? systemClasses.get(name);
    if (priority === undefined) {
      if (name !== "") this.#missing.set(name, (this.#missing.get(name) ?? 0) + 1);
      return spec;
    }
    const policy = preemptionPolicies.find((known) => known === found?.preemptionPolicy);
    const preemptionPolicy = spec.preemptionPolicy ?? policy;
    return { ...spec, priority, ...(preemptionPolicy === undefined ? {} : { preemptionPolicy }) };
  }

  /** Classes that pods name and the snapshot does not contain. */
  notes(): readonly string[] {
    return [...this.#missing].map(
      ([name, pods]) =>
        `PriorityClass ${name} is not in the snapshot: ${counted(pods, "pod")} that name it have priority 0.`,
    );
  }
}
