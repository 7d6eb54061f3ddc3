import { AssertionError, assert } from "../base/assert.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { ChangeLog } from "./change-log.ts";
import { grow } from "./column.ts";
import type { NodeColumns } from "./node-columns.ts";
import { NodeState } from "./node-state.ts";
import { type HostPort, type PodKind, PodKinds } from "./pod-kind.ts";
import type { NodeSpec, PodTemplate } from "./specs.ts";
import { Supposition } from "./supposition.ts";

/**
 * One scheduler's view of the cluster: who is where, and what is left. All changes go through these methods, and each
 * one that touches a node leaves an entry in the change log. A node's row is its identity and is never used again.
 */
export class Cluster {
  readonly #nodes = new NodeState();
  readonly changes = new ChangeLog();
  /** Nodes on which a pod started: they are as they were, save to preemption. */
  readonly starts = new ChangeLog(1 << 13);
  /** API objects other than pods and nodes: services, claims, budgets. Replaced as a whole; what is derived is kept per object. */
  objects: KubernetesObjects = NO_OBJECTS;
  readonly #kinds: PodKinds;
  /** The kind's id; -1 for a pod that nobody heard of. */
  #podKind = new Int32Array(0);
  #podNode = new Int32Array(0);
  #podDevices = new Int32Array(0);
  /** The pod's place in its node's list. */
  #podSlot = new Int32Array(0);
  #podStarted = new Float64Array(0);
  #placed = 0;
  /** What is thought of now. */
  #supposed: Supposition | undefined;

  constructor() {
    this.#kinds = new PodKinds(this.#nodes.resources);
  }

  get nodes(): NodeColumns {
    return this.#nodes;
  }

  /** The kind of a template's pods; equal templates give one kind. */
  kind(template: PodTemplate): PodKind {
    const kind = this.#kinds.intern(template);
    this.#nodes.admitResources();
    return kind;
  }

  /** Every kind seen so far; a kind's id is its place. */
  get kinds(): readonly PodKind[] {
    return this.#kinds.list;
  }

  /** Pods assumed or bound. */
  get placedPods(): number {
    return this.#placed;
  }

  /** The row of the node on which a pod is assumed or bound; -1 when it is nowhere. */
  nodeOf(pod: number): number {
    return this.#podNode[pod] ?? -1;
  }

  kindOf(pod: number): PodKind {
    const kind = this.#kinds.list[this.#podKind[pod] ?? -1];
    if (kind === undefined) throw new AssertionError(`assert: pod ${pod} is unknown to the cluster`);
    return kind;
  }

  /** The set of devices that a placed pod holds, as bits. */
  devicesOf(pod: number): number {
    return this.#podDevices[pod];
  }

  /**
   * When a placed pod started (upstream: status.startTime), by the clock of whoever told it; infinite before that. Only
   * preemption reads it, to compare pods.
   */
  startTimeOf(pod: number): number {
    return this.#podStarted[pod];
  }

  /** The node began to run a placed pod. */
  start(pod: number, time: number): void {
    if (this.nodeOf(pod) === -1) throw new AssertionError(`assert: pod ${pod} started but not placed`);
    this.#podStarted[pod] = time;
    this.starts.append(this.#podNode[pod]);
  }

  /** Rows of the pods on a node. A pod that leaves is replaced by the last one, as in upstream's NodeInfo. */
  podsOn(node: number): readonly number[] {
    return this.#supposed?.node === node ? this.#supposed.pods : this.#nodes.pods.of(node);
  }

  /** Ports taken on a node. */
  portsOn(node: number): Iterable<HostPort> {
    return this.#nodes.ports[node]?.values() ?? [];
  }

  addNode(spec: NodeSpec): number {
    const row = this.#nodes.add(spec);
    this.changes.append(row);
    return row;
  }

  updateNode(row: number, spec: NodeSpec): void {
    this.#nodes.update(row, spec);
    this.changes.append(row);
  }

  /** The node must be empty: its pods are released first. */
  removeNode(row: number): void {
    assert(this.#nodes.pods.lengthOf(row) === 0, `node ${row} removed with pods on it`);
    this.#nodes.remove(row);
    this.changes.append(row);
  }

  /** The pod counts on the node from now on, before its binding is confirmed. */
  assume(pod: number, kind: PodKind, node: number, devices: number): void {
    if (this.nodeOf(pod) !== -1) throw new AssertionError(`assert: pod ${pod} assumed twice`);
    this.#admit(pod);
    this.#podKind[pod] = kind.id;
    this.#podNode[pod] = node;
    this.#podDevices[pod] = devices;
    this.#podStarted[pod] = Number.POSITIVE_INFINITY;
    this.#podSlot[pod] = this.#nodes.take(node, pod, kind, devices);
    this.#placed++;
    this.changes.append(node);
  }

  /** The binding failed or the pod is gone: what it took is free again. */
  release(pod: number): void {
    const node = this.nodeOf(pod);
    if (node === -1) throw new AssertionError(`assert: pod ${pod} released but not placed`);
    const moved = this.#nodes.giveBack(node, this.#podSlot[pod], this.kindOf(pod), this.devicesOf(pod));
    if (moved !== -1) this.#podSlot[moved] = this.#podSlot[pod]!;
    this.#podNode[pod] = -1;
    this.#podDevices[pod] = 0;
    this.#placed--;
    this.changes.append(node);
  }

  /**
   * Begins to think about a node: until `end`, pods come there and go in thought only. Nothing else may change meanwhile, and
   * what was counted before over all pods stays as it was.
   */
  suppose(node: number): Supposition {
    const supposition = new Supposition(this.#nodes, node, this.podsOn(node), {
      kindOf: (pod) => this.kindOf(pod),
      devicesOf: (pod) => this.#podDevices[pod] ?? 0,
      meet: (pod, kind) => {
        this.#admit(pod);
        if (this.#podKind[pod] === -1) this.#podKind[pod] = kind.id;
      },
      ended: () => {
        this.#supposed = undefined;
      },
    });
    this.#supposed = supposition;
    return supposition;
  }

  #admit(pod: number): void {
    if (pod < this.#podNode.length) return;
    this.#podKind = grow(this.#podKind, pod + 1, -1);
    this.#podNode = grow(this.#podNode, pod + 1, -1);
    this.#podDevices = grow(this.#podDevices, pod + 1);
    this.#podSlot = grow(this.#podSlot, pod + 1);
    this.#podStarted = grow(this.#podStarted, pod + 1, Number.POSITIVE_INFINITY);
  }
}
