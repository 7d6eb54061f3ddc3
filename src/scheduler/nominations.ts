import { ChangeLog } from "../cluster/change-log.ts";
import { EPHEMERAL_STORAGE } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";

const NOBODY: readonly number[] = [];

/** The row of a node that nobody knows, though a pod's status names it. */
export const UNKNOWN_NODE = -2;

/**
 * Which pods are expected on which node before they are bound there. A nomination has two copies, as upstream: the pod's own
 * status, which says what node is tried first, and the scheduler's nominator, which says who must be thought of beside others
 * (pkg/scheduler/backend/queue/nominator.go). They go together, save for owners that move one of them alone.
 */
export class Nominations {
  /** Nodes on which other pods are expected than before. */
  readonly changes = new ChangeLog(1 << 13);
  readonly #kinds: PodKind[] = [];
  /** By row of a pod: the node of its status, and the node at which the nominator has it. */
  readonly #own = new Map<number, number>();
  readonly #expected = new Map<number, number>();
  /** By row of a node: rows of pods in the order of their nomination. */
  readonly #byNode = new Map<number, number[]>();

  /** How many of the pods that are expected matter to more than what is left on their node. */
  farReaching = 0;

  /** Whether no pod is nominated in any way. */
  get silent(): boolean {
    return this.#expected.size === 0 && this.#own.size === 0;
  }

  /** Whether no pod is expected anywhere. */
  get empty(): boolean {
    return this.#expected.size === 0;
  }

  /** The row of the node that a pod's own status names; -1 when it names none, UNKNOWN_NODE when nobody knows that node. */
  nodeOf(pod: number): number {
    return this.#own.get(pod) ?? -1;
  }

  /** The row of the node on which the nominator expects a pod; -1 when there is none. */
  expectedOn(pod: number): number {
    return this.#expected.get(pod) ?? -1;
  }

  /** Rows of the pods expected on a node, in the order of their nomination. */
  on(node: number): readonly number[] {
    return this.#byNode.get(node) ?? NOBODY;
  }

  /** Rows of the nodes on which pods are expected. */
  nodes(): Iterable<number> {
    return this.#byNode.keys();
  }

  /** The kind of a pod that was nominated. */
  kindOf(pod: number): PodKind {
    return this.#kinds[pod];
  }

  /** Nominates a pod to a node, instead of any earlier nomination. */
  nominate(pod: number, kind: PodKind, node: number): void {
    this.nominateInStatus(pod, node);
    this.#forget(pod);
    this.#kinds[pod] = kind;
    this.#expected.set(pod, node);
    const pods = this.#byNode.get(node);
    if (pods === undefined) this.#byNode.set(node, [pod]);
    else pods.push(pod);
    if (reachesFar(kind)) this.farReaching++;
    this.changes.append(node);
  }

  /** The pod is nominated to no node any more: it was placed, or deleted, or its nomination was cleared. */
  clear(pod: number): void {
    this.clearInStatus(pod);
    this.#forget(pod);
  }

  /** The pod's status alone; the nominator does not hear of it. */
  nominateInStatus(pod: number, node: number): void {
    this.#own.set(pod, node);
  }

  /** The pod's status alone; the nominator does not hear of it. */
  clearInStatus(pod: number): void {
    this.#own.delete(pod);
  }

  #forget(pod: number): void {
    const node = this.#expected.get(pod);
    if (node === undefined) return;
    this.#expected.delete(pod);
    if (reachesFar(this.#kinds[pod])) this.farReaching--;
    this.changes.append(node);
    const rest = this.on(node).filter((other) => other !== pod);
    if (rest.length === 0) this.#byNode.delete(node);
    else this.#byNode.set(node, rest);
  }
}

/** Pods with relations to others, volumes, claims or devices: what they mean on a node is not in the node's own columns. */
function reachesFar({ spec, devices, demand }: PodKind): boolean {
  return (
    spec.affinity?.podAffinity !== undefined ||
    spec.affinity?.podAntiAffinity !== undefined ||
    (spec.volumes ?? []).length > 0 ||
    (spec.resourceClaims ?? []).length > 0 ||
    devices !== undefined ||
    demand.resources.some((resource) => resource > EPHEMERAL_STORAGE)
  );
}
