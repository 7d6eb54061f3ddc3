import { assert } from "../base/assert.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { Nominations } from "../scheduler/nominations.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { startOf, unplaced } from "./pod-place.ts";

/**
 * A cluster made from objects, which follows when they change: only what is another object than before is touched, so that
 * many small changes can be tried in turn. Nodes may change and pods may come, go and change; no node comes or goes.
 */
export class ExplainedCluster {
  readonly cluster = new Cluster();
  /** Of pods that stand nowhere, as their status has them. */
  readonly nominations = new Nominations();
  #objects: KubernetesObjects;
  readonly #rows = new Map<string, number>();
  readonly #kinds: PodKind[] = [];
  readonly #names: string[] = [];

  constructor(objects: KubernetesObjects) {
    this.#objects = objects;
    this.cluster.objects = objects;
    for (const object of objects.nodes) this.cluster.addNode({ object });
    for (const pod of objects.pods) this.#enter(pod);
  }

  get objects(): KubernetesObjects {
    return this.#objects;
  }

  /** The row of `namespace/name`, in the order in which pods were first seen. */
  rowOf(pod: string): number {
    const row = this.#rows.get(pod);
    assert(row !== undefined, `no pod ${pod} among the objects`);
    return row;
  }

  /** The name of a pod by its row. */
  readonly nameOf = (row: number): string => this.#names[row];

  kindOf(row: number): PodKind {
    return this.#kinds[row];
  }

  /** What plugins may look at while the pod is scheduled; good until the objects change. */
  cycleOf(pod: string): Cycle {
    const row = this.rowOf(pod);
    return { pod: this.#kinds[row], row, nodes: this.cluster.nodes, cluster: this.cluster };
  }

  moveTo(objects: KubernetesObjects): void {
    const before = this.#objects;
    if (before === objects) return;
    this.#objects = objects;
    this.#movePods(before.pods, objects.pods);
    assert(before.nodes.length === objects.nodes.length, "a node came or went");
    objects.nodes.forEach((object, i) => {
      if (object === before.nodes[i]) return;
      const row = this.cluster.nodes.rowOf(object.metadata?.name ?? "");
      assert(row !== undefined, `node ${object.metadata?.name} is new`);
      this.cluster.updateNode(row, { object });
    });
    // What is derived from the other objects is kept per object: a new one only when something in it is new.
    if (!sameSurroundings(this.cluster.objects, objects)) this.cluster.objects = objects;
  }

  #movePods(before: readonly PodObject[], after: readonly PodObject[]): void {
    if (before === after) return;
    // Most of both lists is the same: only what lies between the first and the last difference is looked at closely.
    const shorter = Math.min(before.length, after.length);
    let first = 0;
    while (first < shorter && before[first] === after[first]) first++;
    let last = 0;
    while (last < shorter - first && before[before.length - 1 - last] === after[after.length - 1 - last])
      last++;
    const old = before.slice(first, before.length - last);
    const next = after.slice(first, after.length - last);
    const kept = new Set(next);
    for (const pod of old) if (!kept.has(pod)) this.#leave(pod);
    const known = new Set(old);
    for (const pod of next) if (!known.has(pod)) this.#enter(pod);
  }

  #enter(pod: PodObject): void {
    const name = qualifiedName(pod);
    const row = this.#rows.get(name) ?? this.#rows.size;
    this.#rows.set(name, row);
    this.#names[row] = name;
    const { spec, status } = pod;
    const kind = this.cluster.kind({ name: "", object: unplaced(pod) });
    this.#kinds[row] = kind;
    const node = this.cluster.nodes.rowOf(spec?.nodeName || status?.nominatedNodeName || "");
    // A pod of a node that nobody knows weighs on none.
    if (node === undefined) return;
    if (!spec?.nodeName) {
      this.nominations.nominate(row, kind, node);
      return;
    }
    this.cluster.assume(row, kind, node, 0);
    this.cluster.start(row, startOf(pod));
  }

  #leave(pod: PodObject): void {
    const row = this.rowOf(qualifiedName(pod));
    if (this.cluster.nodeOf(row) !== -1) this.cluster.release(row);
    this.nominations.clear(row);
  }
}

function sameSurroundings(a: KubernetesObjects, b: KubernetesObjects): boolean {
  const lists = Object.keys(b) as (keyof KubernetesObjects)[];
  return lists.every((list) => list === "pods" || list === "nodes" || a[list] === b[list]);
}
