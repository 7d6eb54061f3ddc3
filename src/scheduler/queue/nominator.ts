import type { QueuePod } from "./queued-pod.ts";

/** Which pods are expected on which node before they are bound there (upstream: nominator.go). */
export class Nominator<Pod extends QueuePod> {
  readonly #isWaiting: (pod: Pod) => boolean;
  readonly #nodeOf = new Map<Pod["uid"], string>();
  readonly #pods = new Map<string, Pod[]>();

  /** @param isWaiting whether the informer knows a pod of that name that is not bound yet; nobody else is nominated */
  constructor(isWaiting: (pod: Pod) => boolean) {
    this.#isWaiting = isWaiting;
  }

  /** Node to the pods nominated to it, in the order of their nomination. */
  get byNode(): ReadonlyMap<string, readonly Pod[]> {
    return this.#pods;
  }

  /** Nominates the pod, instead of any earlier nomination, to the node of its status or to `node`; an empty name is none. */
  add(pod: Pod, node: string | undefined): void {
    this.delete(pod);
    const nominated = node ?? pod.nominatedNode;
    if (nominated === "" || !this.#isWaiting(pod)) return;
    this.#nodeOf.set(pod.uid, nominated);
    const pods = this.#pods.get(nominated);
    if (pods === undefined) this.#pods.set(nominated, [pod]);
    else pods.push(pod);
  }

  delete(pod: Pod): void {
    const node = this.#nodeOf.get(pod.uid);
    if (node === undefined) return;
    this.#nodeOf.delete(pod.uid);
    const rest = (this.#pods.get(node) ?? []).filter((other) => other.uid !== pod.uid);
    if (rest.length === 0) this.#pods.delete(node);
    else this.#pods.set(node, rest);
  }

  /** A nomination that only the scheduler knows of, not the object, outlives an update that is about something else. */
  update(before: Pod, after: Pod): void {
    const unchanged = before.nominatedNode === "" && after.nominatedNode === "";
    const kept = unchanged ? this.#nodeOf.get(before.uid) : undefined;
    this.delete(before);
    this.add(after, kept);
  }
}
