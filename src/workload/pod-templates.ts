import type { PodTemplate } from "../cluster/specs.ts";
import type { StringRecord } from "../kubernetes/object-meta.ts";
import type { PodSpec } from "../kubernetes/pod.ts";

/**
 * Labels by which controllers tell a workload's pods apart. Each pod has its own value, so that keeping them would give
 * each pod a template of its own; they are kept where a pod's own terms name them.
 */
const ownLabels = [
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/job-completion-index",
];

/** The distinct pods of a list, interned by what scheduling reads: namespace, labels and spec, without name and node. */
export class PodTemplates {
  readonly list: PodTemplate[] = [];
  readonly #ids = new Map<string, number>();
  readonly #keptLabels: ReadonlySet<string>;

  constructor(keptLabels: ReadonlySet<string> = new Set()) {
    this.#keptLabels = keptLabels;
  }

  /** The number of the template; `name` is for people and is that of the first pod that has it. */
  intern(namespace: string, labels: StringRecord | undefined, spec: PodSpec, name: string): number {
    const kept = this.#withoutOwnLabels(labels);
    const { nodeName: _, ...rest } = spec;
    const key = JSON.stringify([namespace, kept, rest]);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.list.length;
    this.#ids.set(key, id);
    this.list.push({
      name,
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { namespace, ...(kept === undefined ? {} : { labels: kept }) },
        spec: rest,
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
