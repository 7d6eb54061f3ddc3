import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { ProfilePlugin } from "../profile.ts";
import { readsOf } from "../reads-of.ts";

/**
 * What pods have in common that are alike to all plugins that read rows, as a text: Deployments often differ in labels alone.
 * Undefined when some plugin cannot tell.
 */
export function rowKey(
  plugins: readonly ProfilePlugin[],
  pod: PodKind,
  objects: Pick<KubernetesObjects, "deviceClasses">,
): string | undefined {
  const parts: unknown[] = [pod.priority];
  for (let place = 0; place < plugins.length; place++) {
    const { plugin } = plugins[place];
    const reads = readsOf(plugin, pod);
    if (reads === "nothing" || reads === "cluster") continue;
    const signed = plugin.sign?.(pod, objects);
    if (signed === undefined || signed === "declines") return undefined;
    // Two plugins whose fragments have one name read the same.
    parts.push(place);
    for (const name in signed) if (!parts.includes(name)) parts.push(name, signed[name]);
  }
  return JSON.stringify(parts);
}
