import type { PodTemplate } from "../cluster/specs.ts";
import type { Container } from "../kubernetes/container.ts";
import type { ResourceAmounts } from "../kubernetes/object-meta.ts";
import { isExtendedResource } from "../kubernetes/resource-name.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";

/** NodeResourcesFit whose filter looks at a pod as if it did not ask for some extended resources; its score is what it was. */
export function ignoringResources(
  fit: ReferencePlugin,
  names: readonly string[],
  groups: readonly string[],
): ReferencePlugin {
  if (names.length + groups.length === 0) return fit;
  const isIgnored = (name: string): boolean =>
    isExtendedResource(name) && (names.includes(name) || groups.includes(name.split("/")[0]));
  return { ...fit, filter: (pod, node, cluster) => fit.filter?.(asking(pod, isIgnored), node, cluster) };
}

/** The pod without its requests for ignored resources. */
function asking(pod: PodTemplate, isIgnored: (name: string) => boolean): PodTemplate {
  const spec = specOf(pod);
  const kept = (requests: ResourceAmounts = {}): ResourceAmounts =>
    Object.fromEntries(Object.entries(requests).filter(([name]) => !isIgnored(name)));
  const without = (container: Container): Container => ({
    ...container,
    resources: { ...container.resources, requests: kept(container.resources?.requests) },
  });
  return {
    ...pod,
    object: {
      ...pod.object,
      spec: {
        ...spec,
        containers: (spec.containers ?? []).map(without),
        initContainers: (spec.initContainers ?? []).map(without),
        overhead: kept(spec.overhead),
      },
    },
  };
}
