import { assert } from "../base/assert.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import { ObjectCollector } from "../kubernetes/object-collector.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { Nominations, UNKNOWN_NODE } from "../scheduler/nominations.ts";
import { startOf, unplaced } from "./pod-place.ts";
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
  readonly nominations = new Nominations();
  /** Records followed so far. */
  #followed = 0;

  constructor({ objects, pods }: Pick<RecordedCase, "objects" | "pods">) {
    const collector = new ObjectCollector({ finishedPods: "keep" });
    for (const object of [...(objects ?? []), ...pods]) collector.add(object, undefined);
    const collected = collector.objects();
    this.cluster.objects = collected;
    for (const object of collected.nodes) this.cluster.addNode({ object });
    this.pods = collected.pods;
    this.#kinds = this.pods.map((object) => this.cluster.kind({ name: "", object: unplaced(object) }));
    this.pods.forEach((object, row) => {
      this.#rows.set(qualifiedName(object), row);
      const { spec, status } = object;
      if (spec?.nodeName) this.place(row, spec.nodeName, startOf(object));
      else this.#nominate(row, status?.nominatedNodeName);
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

  readonly name = (row: number): string => qualifiedName(this.pods[row]);

  /** @param start when the pod started, in seconds since 1970; infinite when it has not */
  place(row: number, nodeName: string, start: number): void {
    const node = this.cluster.nodes.rowOf(nodeName);
    // A pod of a node that nobody knows weighs on none.
    if (node === undefined) return;
    this.cluster.assume(row, this.#kinds[row], node, 0);
    this.cluster.start(row, start);
  }

  #nominate(row: number, nodeName: string | undefined): void {
    if (!nodeName) return;
    const node = this.cluster.nodes.rowOf(nodeName);
    // Batching proposes nothing to such a pod either.
    if (node === undefined) this.nominations.nominateInStatus(row, UNKNOWN_NODE);
    else this.nominations.nominate(row, this.#kinds[row], node);
  }

  /**
   * What the recording did after an attempt. The nominator keeps the nominations that pods came with until they are bound: new
   * ones, and clearings, change the pods' status only.
   */
  follow({ outcome, pod, node, preemption }: DecisionRecord): void {
    const row = this.row(pod);
    if (outcome === "bound" && node !== undefined) {
      this.place(row, node, FIRST_START + this.#followed);
      this.nominations.clear(row);
    }
    this.#followed++;
    if (!preemption) return;
    for (const victim of preemption.victims) this.cluster.release(this.row(victim));
    for (const other of preemption.clearedNominations ?? []) this.nominations.clearInStatus(this.row(other));
    const nominated = this.cluster.nodes.rowOf(preemption.nominatedNode);
    if (nominated !== undefined) this.nominations.nominateInStatus(row, nominated);
  }
}

/** When the first pod of a recording starts, in seconds since 1970: each record takes one second. */
const FIRST_START = Date.UTC(2030, 0, 1) / 1000;
