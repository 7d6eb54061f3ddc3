import type { PodTemplate } from "../cluster/specs.ts";
import type { Container } from "../kubernetes/container.ts";
import type { DeviceRequest } from "../kubernetes/device-object.ts";
import { isDeviceBackedResource } from "../kubernetes/resource-name.ts";
import { allocatableOf } from "./node-amounts.ts";
import { amountsOf } from "./pod-amounts.ts";
import { type ReferenceCluster, type ReferenceNode, specOf } from "./reference-plugin.ts";
import { bytes, nanoOf } from "./storage-amounts.ts";

/** Names of resources that a pod asks for and that devices may back. */
export function extendedResources(pod: PodTemplate): string[] {
  return [...amountsOf(pod, "requested")]
    .filter(([name, amount]) => amount !== 0n && isDeviceBackedResource(name))
    .map(([name]) => name);
}

/** The class whose devices stand for a resource: the newest that says so, of equals the first by name. */
export function classBehind(resource: string, { objects }: ReferenceCluster): string | undefined {
  const implicit = objects.deviceClasses.find(
    ({ metadata }) => `deviceclass.resource.kubernetes.io/${metadata?.name}` === resource,
  );
  if (implicit !== undefined) return implicit.metadata?.name;
  const since = (time: string | undefined): number => (time === undefined ? 0 : Date.parse(time));
  return objects.deviceClasses
    .filter(({ spec }) => spec?.extendedResourceName === resource)
    .map(({ metadata }) => ({ name: metadata?.name ?? "", created: since(metadata?.creationTimestamp) }))
    .sort((a, b) => b.created - a.created || (a.name < b.name ? -1 : 1))
    .at(0)?.name;
}

/**
 * The requests for devices that stand for a pod's extended resources on a node that does not offer these itself, by name;
 * undefined when neither devices nor the node give one.
 */
export function extendedRequests(
  pod: PodTemplate,
  node: ReferenceNode,
  cluster: ReferenceCluster,
): DeviceRequest[] | undefined {
  const requests: DeviceRequest[] = [];
  for (const resource of extendedResources(pod)) {
    const deviceClass = classBehind(resource, cluster);
    const offered = node.object.status?.allocatable?.[resource] !== undefined;
    if (deviceClass === undefined || allocatableOf(node, resource) !== 0n) {
      if (!offered) return undefined;
      continue;
    }
    requests.push(...requestsFor(pod, resource, deviceClass));
  }
  return requests.sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
}

/**
 * One request per container, `container-<i>-request-<j>`. Init containers that end use again what later containers get; the
 * one that needs most beyond that has a request (upstream: plugins/dynamicresources/extendeddynamicresources.go).
 */
function requestsFor(pod: PodTemplate, resource: string, deviceClassName: string): DeviceRequest[] {
  const { initContainers = [], containers = [] } = specOf(pod);
  const all = [...initContainers, ...containers];
  const ends = all.map((container, i) => i < initContainers.length && container.restartPolicy !== "Always");
  const counts = all.map((container) => amount(container, resource));
  const missing = all.map((_, i) => {
    if (!ends[i]) return counts[i];
    return counts[i] - counts.reduce((sum, count, j) => (j > i && !ends[j] ? sum + count : sum), 0);
  });
  const most = Math.max(...missing.filter((_, i) => ends[i]));
  const neediest = missing.findIndex((count, i) => ends[i] && count === most);
  return all.flatMap((container, i) => {
    if (missing[i] <= 0 || (ends[i] && i !== neediest)) return [];
    const place = Object.keys(container.resources?.requests ?? {})
      .sort()
      .indexOf(resource);
    const exactly = { deviceClassName, allocationMode: "ExactCount", count: missing[i] };
    return [{ name: `container-${i}-request-${place}`, exactly }];
  });
}

function amount(container: Container, resource: string): number {
  return Number(bytes(nanoOf(container.resources?.requests?.[resource] ?? 0)));
}
