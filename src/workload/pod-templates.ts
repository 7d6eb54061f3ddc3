import type { PodTemplate } from "../cluster/specs.ts";
import type { OwnerReference, StringRecord } from "../kubernetes/object-meta.ts";
import type { PodSpec, PodStatus } from "../kubernetes/pod.ts";

/**
 * Labels by which controllers tell a workload's pods apart. Each pod has its own value, so that keeping them would give
 * each pod a template of its own; they are kept where a pod's own terms name them.
 */
const ownLabels = [
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/job-completion-index",
];

/** What scheduling reads of a pod; its name and its node are not among it. */
export interface TemplateParts {
  readonly namespace: string;
  readonly labels: StringRecord | undefined;
  /** `nodeName` is left out. */
  readonly spec: PodSpec;
  /** The controller, whose selector default spreading may count by. */
  readonly controller?: OwnerReference | undefined;
  readonly status?: PodStatus | undefined;
  /** Being deleted already. */
  readonly terminating?: boolean | undefined;
}

/** Who a pod is that is like no other. */
export interface PodIdentity {
  readonly name: string;
  readonly uid?: string | undefined;
}

/** When pods are deleted does not matter to scheduling, only that they are. */
const DELETED = "1970-01-01T00:00:00Z";

/** The distinct pods of a list, interned by what scheduling reads. */
export class PodTemplates {
  readonly list: PodTemplate[] = [];
  readonly #ids = new Map<string, number>();
  readonly #keptLabels: ReadonlySet<string>;

  constructor(keptLabels: ReadonlySet<string> = new Set()) {
    this.#keptLabels = keptLabels;
  }

  /** The number of the template; `name` is for people and is that of the first pod that has it. */
  intern(parts: TemplateParts, name: string): number {
    const kept = { ...parts, labels: this.#withoutOwnLabels(parts.labels) };
    const { namespace, labels, spec, controller, status, terminating } = kept;
    const { nodeName: _, ...rest } = spec;
    const key = JSON.stringify([namespace, labels, rest, controller, status, terminating]);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#push(kept, name, undefined);
    this.#ids.set(key, id);
    return id;
  }

  /** A template of one pod alone. */
  add(parts: TemplateParts, name: string, pod: PodIdentity): number {
    return this.#push(parts, name, pod);
  }

  #push(parts: TemplateParts, name: string, pod: PodIdentity | undefined): number {
    const { namespace, labels, controller, status, terminating } = parts;
    const { nodeName: _, ...spec } = parts.spec;
    const id = this.list.length;
    this.list.push({
      name,
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          ...(pod === undefined ? {} : { name: pod.name }),
          ...(pod?.uid === undefined ? {} : { uid: pod.uid }),
          namespace,
          ...(labels === undefined ? {} : { labels }),
          ...(controller === undefined ? {} : { ownerReferences: [controller] }),
          ...(terminating === true ? { deletionTimestamp: DELETED } : {}),
        },
        spec,
        ...(status === undefined ? {} : { status }),
      },
    });
    return id;
  }

  #withoutOwnLabels(labels: StringRecord | undefined): StringRecord | undefined {
    if (labels === undefined) return undefined;
    const dropped = ownLabels.filter((key) => key in labels && !this.#keptLabels.has(key));
    if (dropped.length === 0) return labels;
    return Object.fromEntries(Object.entries(labels).filter(([key]) => !dropped.includes(key)));
  }
}

/** The labels of `ownLabels` that some pod's affinity or spreading reads. */
export function readOwnLabels(specs: Iterable<PodSpec>): Set<string> {
  const read = new Set<string>();
  const seen = new Set<unknown>();
  for (const { affinity, topologySpreadConstraints } of specs) {
    for (const part of [affinity, topologySpreadConstraints]) {
      // Equal parts are one object when they come from one reader.
      if (part === undefined || seen.has(part)) continue;
      seen.add(part);
      const text = JSON.stringify(part);
      for (const key of ownLabels) if (text.includes(JSON.stringify(key))) read.add(key);
    }
  }
  return read;
}
