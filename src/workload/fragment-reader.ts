import type { Problem } from "../base/errors.ts";
import { decodeNode } from "../kubernetes/decode-node.ts";
import { decodePod } from "../kubernetes/decode-pod.ts";
import { Decoding, formatPath } from "../kubernetes/decoder.ts";
import { nodeSelectorProblems } from "../kubernetes/node-selector.ts";
import type { ResourceAmounts } from "../kubernetes/object-meta.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { Taint } from "../kubernetes/taint.ts";
import type { WorkloadFile } from "./workload-schema.ts";
import type { YamlSource } from "./yaml-source.ts";

type Path = readonly (string | number)[];
type PodFile = NonNullable<WorkloadFile["podTemplates"]>[number];

/** Parts of a PodSpec that a template may also write beside `spec`. */
const besideSpec = [
  "nodeSelector",
  "affinity",
  "tolerations",
  "topologySpreadConstraints",
  "priority",
] as const;

/** Reads the Kubernetes parts of a workload file with the reader of Kubernetes objects, problems in the file's own words. */
export class FragmentReader {
  readonly #decoding = new Decoding();
  readonly #source: YamlSource;
  readonly #problems: Problem[];

  constructor(source: YamlSource, problems: Problem[]) {
    this.#source = source;
    this.#problems = problems;
  }

  taints(taints: readonly unknown[], path: Path): readonly Taint[] {
    const node = decodeNode({ kind: "Node", spec: { taints } }, this.#decoding);
    this.#report((inner) => [...path, ...inner.slice(2)]);
    return node?.spec?.taints ?? [];
  }

  /** The pod of a template with its fixed requests, in one container unless the template writes its own. */
  pod(template: PodFile, requests: ResourceAmounts, path: Path): PodObject {
    const { spec = {}, namespace = "default", labels } = template;
    const containers = spec["containers"] ?? [{ name: "main", resources: { requests } }];
    if (spec["containers"] !== undefined && template.requests !== undefined) {
      this.#problems.push({
        where: this.#source.whereOf([...path, "requests"]),
        what: `${formatPath([...path, "requests"])}: invalid requests: spec.containers writes them too; keep one of the two`,
      });
    }
    const beside: Record<string, unknown> = {};
    for (const field of besideSpec) {
      if (template[field] === undefined) continue;
      beside[field] = template[field];
      if (spec[field] === undefined) continue;
      this.#problems.push({
        where: this.#source.whereOf([...path, field]),
        what: `${formatPath([...path, field])}: invalid ${field}: spec writes it too; keep one of the two`,
      });
    }
    const raw = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace, ...(labels === undefined ? {} : { labels }) },
      spec: { ...spec, ...beside, containers },
    };
    const pod: PodObject = decodePod(raw, this.#decoding) ?? { kind: "Pod" };
    const placeOf = (inner: Path) => {
      const isBeside = inner[0] === "spec" && inner[1] !== undefined && inner[1] in beside;
      return [...path, ...(isBeside || inner[0] === "metadata" ? inner.slice(1) : inner)];
    };
    this.#report(placeOf);
    const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    const affinity = placeOf([
      "spec",
      "affinity",
      "nodeAffinity",
      "requiredDuringSchedulingIgnoredDuringExecution",
    ]);
    for (const what of nodeSelectorProblems(required ?? {})) {
      this.#problems.push({ where: this.#source.whereOf(affinity), what: `${formatPath(affinity)}.${what}` });
    }
    return pod;
  }

  #report(placeOf: (inner: Path) => Path): void {
    for (const { path: inner, what } of this.#decoding.takeProblems()) {
      const path = placeOf(inner);
      this.#problems.push({ where: this.#source.whereOf(path), what: `${formatPath(path)}: ${what}` });
    }
  }
}
