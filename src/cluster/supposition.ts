import type { NodeState } from "./node-state.ts";
import type { HostPort, PodKind } from "./pod-kind.ts";

/** What is known of pods, also of one that is on no node yet. */
interface KnownPods {
  readonly kindOf: (pod: number) => PodKind;
  readonly devicesOf: (pod: number) => number;
  readonly meet: (pod: number, kind: PodKind) => void;
  readonly ended: () => void;
}

/**
 * Pods that come to one node and leave it in thought: the node's own columns, its pods and its ports show them, and after `end`
 * they are exactly as before. Counters of the whole cluster, the logs and the places of pods never learn of it.
 */
export class Supposition {
  readonly node: number;
  readonly #nodes: NodeState;
  readonly #known: KnownPods;
  readonly #before: readonly number[];
  /** Rows of the pods that are on the node in thought. */
  readonly pods: number[];
  readonly #ports: Map<string, HostPort> | undefined;
  readonly #requested: number[];
  readonly #nonZeroCpu: number;
  readonly #nonZeroMemory: number;
  readonly #podCount: number;
  /** Devices to give back at the end, and to take again: pods, each once per change. */
  readonly #deviceChanges: { readonly kind: PodKind; readonly devices: number; readonly sign: 1 | -1 }[] = [];

  constructor(nodes: NodeState, node: number, pods: readonly number[], known: KnownPods) {
    this.node = node;
    this.#nodes = nodes;
    this.#known = known;
    this.#before = pods;
    this.pods = [...pods];
    this.#ports = nodes.ports[node];
    nodes.ports[node] = this.#ports && new Map(this.#ports);
    this.#requested = nodes.requested.map((column) => column[node]);
    this.#nonZeroCpu = nodes.nonZeroCpu[node];
    this.#nonZeroMemory = nodes.nonZeroMemory[node];
    this.#podCount = nodes.podCount[node];
  }

  /** The pod comes; one that was there before takes its own devices again, any other none. */
  add(pod: number, kind: PodKind): void {
    this.#known.meet(pod, kind);
    this.#nodes.takePorts(this.node, kind);
    this.pods.push(pod);
    this.#weigh(pod, kind, 1);
  }

  /** @param kind the pod's, as it came; that by which the cluster knows it when absent */
  remove(pod: number, kind = this.#known.kindOf(pod)): void {
    const { pods } = this;
    const last = pods.pop()!;
    if (last !== pod) pods[pods.indexOf(pod)] = last;
    this.#nodes.freePorts(this.node, kind);
    this.#weigh(pod, kind, -1);
  }

  #weigh(pod: number, kind: PodKind, sign: 1 | -1): void {
    const devices = this.#before.includes(pod) ? this.#known.devicesOf(pod) : 0;
    this.#nodes.weigh(this.node, kind, devices, sign);
    if (devices !== 0) this.#deviceChanges.push({ kind, devices, sign });
  }

  end(): void {
    const { node } = this;
    const nodes = this.#nodes;
    for (const { kind, devices, sign } of this.#deviceChanges.reverse()) {
      nodes.weigh(node, kind, devices, sign === 1 ? -1 : 1);
    }
    this.#known.ended();
    nodes.ports[node] = this.#ports;
    for (const [resource, amount] of this.#requested.entries()) nodes.requested[resource][node] = amount;
    nodes.nonZeroCpu[node] = this.#nonZeroCpu;
    nodes.nonZeroMemory[node] = this.#nonZeroMemory;
    nodes.podCount[node] = this.#podCount;
  }
}
