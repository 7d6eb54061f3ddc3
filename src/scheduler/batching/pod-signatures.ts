import type { PodKind } from "../../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import type { Plugin } from "../plugin.ts";
import type { Profile } from "../profile.ts";
import type { Sign } from "./sign.ts";

interface Signed {
  readonly deviceClasses: KubernetesObjects["deviceClasses"];
  readonly signature: string | undefined;
}

/**
 * What tells pods apart to a profile, as a text; pods with the same one are alike to all of its plugins, save for what the nodes
 * and the pods on them have come to meanwhile (upstream: SignPod in pkg/scheduler/framework/runtime/framework.go). The
 * pods are of one cluster, and asked about once per kind.
 */
export class PodSignatures {
  readonly #signs: readonly Sign[];
  /** By the kind's id. */
  readonly #known: (Signed | undefined)[] = [];

  private constructor(signs: readonly Sign[]) {
    this.#signs = signs;
  }

  /** Undefined when no pod can have one: a plugin that filters or scores cannot sign, or extenders have a say. */
  static of({ plugins, extenders = [] }: Pick<Profile, "plugins" | "extenders">): PodSignatures | undefined {
    if (extenders.length > 0) return undefined;
    const signs: Sign[] = [];
    for (const { plugin } of plugins) {
      if (!hasASay(plugin)) continue;
      if (plugin.sign === undefined) return undefined;
      signs.push(plugin.sign);
    }
    return new PodSignatures(signs);
  }

  /** Undefined when a plugin declines. */
  signatureOf(pod: PodKind, objects: Pick<KubernetesObjects, "deviceClasses">): string | undefined {
    const { deviceClasses } = objects;
    const known = this.#known[pod.id];
    if (known?.deviceClasses === deviceClasses) return known.signature;
    const signature = this.#sign(pod, objects);
    this.#known[pod.id] = { deviceClasses, signature };
    return signature;
  }

  #sign(pod: PodKind, objects: Pick<KubernetesObjects, "deviceClasses">): string | undefined {
    const fragments = new Map<string, unknown>([
      ["v1.Pod.Spec.SchedulerName", pod.spec.schedulerName || "default-scheduler"],
    ]);
    for (const sign of this.#signs) {
      const signed = sign(pod, objects);
      if (signed === "declines") return undefined;
      for (const [key, value] of Object.entries(signed)) fragments.set(key, value);
    }
    return JSON.stringify([...fragments]);
  }
}

/** Whether a plugin runs at PreFilter, Filter, PreScore or Score. */
function hasASay({ preFilter, filter, judge, score }: Plugin): boolean {
  return [preFilter, filter, judge, score].some((member) => member !== undefined);
}
