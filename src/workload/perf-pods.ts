import type { StringRecord } from "../kubernetes/object-meta.ts";
import type { PodObject, PodSpec } from "../kubernetes/pod.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import { createdPodSpec } from "./created-pod.ts";
import { hasLabels } from "./perf-selector.ts";
import type { PerfTemplates, TemplateData } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import { boundVolume } from "./perf-volumes.ts";
import { PodTemplates } from "./pod-templates.ts";
import type { PodRange, Surroundings } from "./scenario.ts";
import type { PodNames } from "./workload.ts";

/** Pods of a `createPods` without template. Source: scheduler_perf, `MakePodSpec`. */
const amounts = { cpu: "100m", memory: "500Mi" };
const builtInPod: PodObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { generateName: "pod-" },
  spec: {
    containers: [
      {
        name: "pause",
        image: "registry.k8s.io/pause:3.10.2",
        ports: [{ containerPort: 80 }],
        resources: { limits: amounts, requests: amounts },
      },
    ],
  },
};

/** So many digits number the pods of a workload, so that the order of names is that of creation. */
const DIGITS = 6;

/** What one `createPods` makes. */
export interface PodsWanted {
  readonly namespace: string;
  readonly count: number;
  /** The built-in pod when absent. */
  readonly template: string | undefined;
  readonly data: TemplateData;
  /** So many pods in a row have one label `signature`; without it none has the label. */
  readonly batchSize: number | undefined;
  readonly volumes: { readonly volume: string | undefined; readonly claim: string } | undefined;
  /** Later barriers wait for them. */
  readonly waitedFor: boolean;
}

/** The objects that are created for pods. */
interface MadeObjects {
  readonly persistentVolumes: PersistentVolumeObject[];
  readonly persistentVolumeClaims: PersistentVolumeClaimObject[];
}

interface Created extends PodRange {
  readonly namespace: string;
  /** Names of a template that gives them, by row; undefined when they are made of a prefix and the row. */
  readonly names: ReadonlyMap<string, number> | undefined;
  readonly prefix: string;
  /** Pods of a template with finalizers stay when they are deleted. */
  readonly finalizers: boolean;
  awaited: boolean;
}

/** The pods of a workload: their templates, their names, and which of them a selector means. */
export class PerfPods {
  readonly #templates: PerfTemplates;
  readonly #podTemplates = new PodTemplates();
  readonly #rows: number[] = [];
  /** The template that updates gave a pod last. */
  readonly #updated = new Map<number, number>();
  readonly #created: Created[] = [];
  /** Namespaces in which claims were made from templates; the names of a second lot would be the same. */
  readonly #withVolumes = new Set<string>();

  constructor(templates: PerfTemplates) {
    this.#templates = templates;
  }

  get count(): number {
    return this.#rows.length;
  }

  get podTemplates(): PodTemplates {
    return this.#podTemplates;
  }

  /** Row by row, the template with which a pod is created. */
  get templateOf(): Int32Array {
    return Int32Array.from(this.#rows);
  }

  get names(): PodNames[] {
    return this.#created
      .filter(({ first, end }) => end > first)
      .map(({ end, namespace, prefix, names }) => ({
        end,
        namespace,
        prefix,
        digits: DIGITS,
        names: names === undefined ? undefined : [...names.keys()].join("\n"),
      }));
  }

  /** The pods of one operation, and the objects that are created for each. */
  create(wanted: PodsWanted): PodRange & { readonly objects: Partial<Surroundings> } {
    const { namespace, count, template: path, data } = wanted;
    const first = this.#rows.length;
    const made: MadeObjects = { persistentVolumes: [], persistentVolumeClaims: [] };
    if (wanted.volumes !== undefined) {
      if (this.#withVolumes.has(namespace))
        throw new Unsupported(`a second createPods with volumes in ${namespace}`);
      this.#withVolumes.add(namespace);
    }
    const names = new Map<string, number>();
    let prefix = "";
    let last: { readonly pod: PodObject; readonly batch: number; readonly id: number } | undefined;
    for (let i = 0; i < count; i++) {
      const row = first + i;
      const pod = this.#podOf(path, { ...data, Index: i, Count: count });
      const { metadata = {} } = pod;
      prefix = metadata.generateName ?? "pod-";
      if (metadata.name !== undefined) {
        if (names.has(metadata.name)) throw new Unsupported(`two pods ${metadata.name} of one operation`);
        names.set(metadata.name, row);
      }
      const name = metadata.name ?? `${prefix}${String(row).padStart(DIGITS, "0")}`;
      const batch =
        wanted.batchSize === undefined || path === undefined ? -1 : Math.trunc(i / wanted.batchSize);
      if (last?.pod !== pod || last.batch !== batch || wanted.volumes !== undefined) {
        last = { pod, batch, id: this.#intern(pod, batch, wanted, name, made) };
      }
      this.#rows.push(last.id);
    }
    const named = names.size > 0 ? names : undefined;
    if (named !== undefined && named.size < count)
      throw new Unsupported(`pods with and without names in ${path}`);
    this.#created.push({
      first,
      end: first + count,
      namespace,
      prefix,
      names: named,
      finalizers:
        path !== undefined &&
        /^\s*finalizers:/m.test(this.#templates.text(path, { ...data, Index: 0, Count: count })),
      awaited: wanted.waitedFor,
    });
    const kinds = (Object.entries(made) as [string, readonly unknown[]][]).filter(
      ([, list]) => list.length > 0,
    );
    return { first, end: first + count, objects: Object.fromEntries(kinds) };
  }

  /** The template of a pod that churn makes. */
  internForChurn(pod: PodObject, namespace: string): number {
    const { metadata = {}, spec = {} } = pod;
    const shown = metadata.generateName?.replace(/-$/, "") ?? metadata.name ?? "pod";
    return this.#podTemplates.intern(
      { namespace, labels: metadata.labels, spec: createdPodSpec(spec) },
      shown,
    );
  }

  /** The row of a pod whose template gives it a name; undefined when there is none. */
  rowOf(namespace: string, name: string): number | undefined {
    for (const created of this.#created) {
      const row = created.namespace === namespace ? created.names?.get(name) : undefined;
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** The template that a pod becomes of: of `spec` and `labels`, with what the API server keeps. */
  update(row: number, labels: StringRecord | undefined, specOf: (spec: PodSpec) => PodSpec): number {
    const before = this.#podTemplates.list[this.#updated.get(row) ?? this.#rows[row]];
    const { metadata = {}, spec = {}, status } = before.object;
    const parts = { namespace: metadata.namespace ?? "default", labels, spec: specOf(spec), status };
    const id = this.#podTemplates.intern(parts, before.name);
    this.#updated.set(row, id);
    return id;
  }

  labelsAt(row: number): StringRecord | undefined {
    return this.#podTemplates.list[this.#updated.get(row) ?? this.#rows[row]].object.metadata?.labels;
  }

  /** The pods there are in a namespace that have the labels; those that stay when they are deleted apart. */
  inNamespace(
    namespace: string,
    selector: StringRecord | undefined,
  ): { readonly going: readonly number[]; readonly staying: readonly number[] } {
    const going: number[] = [];
    const staying: number[] = [];
    for (const created of this.#created) {
      if (created.namespace !== namespace) continue;
      for (let row = created.first; row < created.end; row++) {
        if (hasLabels(this.labelsAt(row), selector)) (created.finalizers ? staying : going).push(row);
      }
    }
    return { going, staying };
  }

  /** A pod that is being deleted and stays. */
  terminating(row: number): number {
    const before = this.#podTemplates.list[this.#updated.get(row) ?? this.#rows[row]];
    const { metadata = {}, spec = {}, status } = before.object;
    const { namespace = "default", labels } = metadata;
    return this.#podTemplates.intern({ namespace, labels, spec, status, terminating: true }, before.name);
  }

  /**
   * The pods that a barrier waits for: those not waited for so far, of these namespaces (all when there is none) and with
   * these labels. `done`: no later barrier waits for them.
   */
  awaited(namespaces: readonly string[], selector: StringRecord | undefined, done: boolean): PodRange[] {
    const ranges: { first: number; end: number }[] = [];
    for (const created of this.#created) {
      if (!created.awaited || (namespaces.length > 0 && !namespaces.includes(created.namespace))) continue;
      for (let row = created.first; row < created.end; row++) {
        if (!hasLabels(this.labelsAt(row), selector)) continue;
        const last = ranges.at(-1);
        if (last?.end === row) last.end = row + 1;
        else ranges.push({ first: row, end: row + 1 });
      }
      if (done) created.awaited = false;
    }
    return ranges;
  }

  #podOf(path: string | undefined, data: TemplateData): PodObject {
    const [pod, ...others] = path === undefined ? [builtInPod] : this.#templates.render(path, data).pods;
    if (pod === undefined || others.length > 0)
      throw new Unsupported(`pod template ${path}, which is not one Pod`);
    return pod;
  }

  #intern(pod: PodObject, batch: number, wanted: PodsWanted, name: string, made: MadeObjects): number {
    const { namespace, volumes } = wanted;
    const { metadata = {} } = pod;
    const shown = metadata.generateName?.replace(/-$/, "") ?? metadata.name ?? "pod";
    const signature = batch === -1 ? {} : { signature: `signature-label-${batch}` };
    const labels =
      metadata.labels === undefined && batch === -1 ? undefined : { ...metadata.labels, ...signature };
    const spec = createdPodSpec(pod.spec ?? {});
    if (volumes === undefined) return this.#podTemplates.intern({ namespace, labels, spec }, shown);
    // Numbered within the operation.
    const { volume, claim } = boundVolume(volumes, made.persistentVolumes.length, namespace, this.#templates);
    made.persistentVolumes.push(volume);
    made.persistentVolumeClaims.push(claim);
    const claimName = claim.metadata!.name!;
    const claiming = { ...spec, volumes: [{ name: "vol", persistentVolumeClaim: { claimName } }] };
    return this.#podTemplates.add({ namespace, labels, spec: claiming }, shown, { name });
  }
}
