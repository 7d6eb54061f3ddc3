import type { PodObject } from "../../kubernetes/pod.ts";
import { podUid } from "./queued-pod.ts";

/** Which pods are expected on which node before they are bound there (upstream: nominator.go). */
export class Nominator {
  readonly #isWaiting: (pod: PodObject) => boolean;
  readonly #nodeOf = new Map<string, string>();
  readonly #pods = new Map<string, PodObject[]>();

  /** @param isWaiting whether the informer knows a pod of that name that is not bound yet; nobody else is nominated */
  constructor(isWaiting: (pod: PodObject) => boolean) {
    this.#isWaiting = isWaiting;
  }

  /** Node to the pods nominated to it, in the order of their nomination. */
  get byNode(): ReadonlyMap<string, readonly PodObject[]> {
    return this.#pods;
  }

  /** Nominates the pod, instead of any earlier nomination, to the node of its status or to `node`; an empty name is none. */
  add(pod: PodObject, node: string | undefined): void {
    this.delete(pod);
    const nominated = node ?? pod.status?.nominatedNodeName ?? "";
    if (nominated === "" || !this.#isWaiting(pod)) return;
    this.#nodeOf.set(podUid(pod), nominated);
    const pods = this.#pods.get(nominated);
    if (pods === undefined) this.#pods.set(nominated, [pod]);
    else pods.push(pod);
  }

  delete(pod: PodObject): void {
    const uid = podUid(pod);
    const node = this.#nodeOf.get(uid);
    if (node === undefined) return;
    this.#nodeOf.delete(uid);
    const rest = (this.#pods.get(node) ?? []).filter((other) => podUid(other) !== uid);
    if (rest.length === 0) this.#pods.delete(node);
    else this.#pods.set(node, rest);
  }

  /** A nomination that only the scheduler knows of, not the object, outlives an update that is about something else. */
  update(before: PodObject, after: PodObject): void {
    const unchanged = !before.status?.nominatedNodeName && !after.status?.nominatedNodeName;
    const kept = unchanged ? this.#nodeOf.get(podUid(before)) : undefined;
    this.delete(before);
    this.add(after, kept);
  }
}
