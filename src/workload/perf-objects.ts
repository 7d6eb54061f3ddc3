import { parse } from "yaml";
import type { NamespaceObject } from "../kubernetes/cluster-object.ts";
import type { ResourceSliceObject } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { type DeviceTaintRule, withDeviceTaints } from "./device-taint-rule.ts";
import { entriesOf, type NamedObject, ObjectLists } from "./object-lists.ts";
import { Unsupported } from "./perf-unsupported.ts";
import type { Surroundings } from "./scenario.ts";

/** Objects of these kinds are not in a namespace. */
const clusterScoped: ReadonlySet<keyof Surroundings> = new Set([
  "namespaces",
  "priorityClasses",
  "persistentVolumes",
  "storageClasses",
  "csiNodes",
  "csiDrivers",
  "volumeAttachments",
  "deviceClasses",
  "resourceSlices",
]);

/** The objects beside pods and nodes that operations create. */
export class PerfObjects {
  readonly #atStart = new ObjectLists();
  readonly #namespaces = new Map<string, NamespaceObject>();
  readonly #taintRules: DeviceTaintRule[] = [];
  #slices = 0;
  #generated = 0;

  /** Creates a namespace unless it is there; a template gives it labels. */
  addNamespace(name: string, template?: NamespaceObject): void {
    if (template === undefined && this.#namespaces.has(name)) return;
    this.#namespaces.set(name, { kind: "Namespace", metadata: { ...template?.metadata, name } });
  }

  /** Keeps objects that are there from the start. */
  addAtStart(objects: Partial<Surroundings>): void {
    this.#atStart.addAll(objects);
  }

  /** All that is there from the start. */
  atStart(): Partial<Surroundings> {
    const { namespaces = [], ...others } = this.#atStart.surroundings();
    return { ...others, namespaces: [...this.#namespaces.values(), ...namespaces] };
  }

  /**
   * What an operation creates of a rendered template, as the API server would store it: in its namespace, under a name, and
   * devices with the taints of the rules there are. `into` gathers it.
   */
  take(rendered: KubernetesObjects, text: string, namespace: string | undefined, into: ObjectLists): void {
    const { pods: _pods, nodes: _nodes, others, finishedPods: _finished, ...lists } = rendered;
    for (const [kind, list] of entriesOf(lists)) {
      for (const object of list) {
        const stored = this.#stored(object, clusterScoped.has(kind) ? undefined : namespace);
        into.add(kind, kind === "resourceSlices" ? this.#slice(stored) : stored);
      }
    }
    if (others.some(({ kind }) => kind === "DeviceTaintRule")) this.#addTaintRule(text);
  }

  #stored(object: NamedObject, namespace: string | undefined): NamedObject {
    const { metadata = {} } = object;
    const name =
      metadata.name ?? `${metadata.generateName ?? ""}${String(this.#generated++).padStart(5, "0")}`;
    return {
      ...object,
      metadata: { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) },
    };
  }

  #slice(slice: NamedObject): NamedObject {
    this.#slices++;
    return this.#taintRules.reduce(withDeviceTaints, slice as ResourceSliceObject);
  }

  #addTaintRule(text: string): void {
    if (this.#slices > 0) throw new Unsupported("DeviceTaintRule after the devices that it taints");
    this.#taintRules.push(parse(text) as DeviceTaintRule);
  }
}
