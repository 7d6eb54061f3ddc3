import { assert } from "../base/assert.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { ObjectCollector } from "../kubernetes/object-collector.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { DecisionRecord, RecordedCase } from "./recorded-case.ts";

/**
 * The cluster of a recorded case, moved on record by record as the recordings' rules have it: a pod that was bound stays
 * bound, victims of a preemption are gone.
 */
export class CaseCluster {
  readonly cluster = new Cluster();
  /** Pods in input order: those of the cluster, then those to be scheduled; a pod's row is its place. */
  readonly pods: readonly PodObject[];
  readonly #rows = new Map<string, number>();
  readonly #kinds: readonly PodKind[];

  constructor({ objects, pods }: Pick<RecordedCase, "objects" | "pods">) {
    const collector = new ObjectCollector({ finishedPods: "keep" });
    for (const object of [...(objects ?? []), ...pods]) collector.add(object, undefined);
    const collected = collector.objects();
    this.cluster.objects = collected;
    for (const object of collected.nodes) this.cluster.addNode({ object });
    this.pods = collected.pods;
    this.#kinds = this.pods.map((object) => this.cluster.kind({ name: "", object: unplaced(object) }));
    this.pods.forEach((object, row) => {
      this.#rows.set(podName(object), row);
      if (object.spec?.nodeName) this.place(row, object.spec.nodeName);
    });
  }

  /** The row of `namespace/name`. */
  row(name: string): number {
    const row = this.#rows.get(name);
    assert(row !== undefined, `no pod ${name} in the case`);
    return row;
  }

  kind(row: number): PodKind {
    return this.#kinds[row];
  }

  name(row: number): string {
    return podName(this.pods[row]);
  }

  place(row: number, nodeName: string): void {
    const node = this.cluster.nodes.rowOf(nodeName);
    // A pod of a node that nobody knows weighs on none.
    if (node !== undefined) this.cluster.assume(row, this.#kinds[row], node, 0);
  }

  /** What the recording did after an attempt. */
  follow(record: DecisionRecord): void {
    if (record.outcome === "bound" && record.node !== undefined)
      this.place(this.row(record.pod), record.node);
    for (const victim of record.preemption?.victims ?? []) this.cluster.release(this.row(victim));
  }
}

function podName({ metadata = {} }: PodObject): string {
  return `${metadata.namespace || "default"}/${metadata.name}`;
}

/** A pod without its place: pods of one kind stand on many nodes. */
function unplaced(pod: PodObject): PodObject {
  if (!pod.spec?.nodeName) return pod;
  const { nodeName: _nodeName, ...spec } = pod.spec;
  return { ...pod, spec };
}
