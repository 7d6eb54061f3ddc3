import type { Container } from "../../kubernetes/container.ts";
import type { DeviceClassObject, DeviceRequest } from "../../kubernetes/device-object.ts";
import type { PodSpec } from "../../kubernetes/pod.ts";
import { parseQuantity, wholeValue } from "../../kubernetes/quantity.ts";

const IMPLICIT_PREFIX = "deviceclass.resource.kubernetes.io/";

/** The class that backs an extended resource: by its own word the newest, then the first by name; or by the implicit name. */
export function classesByResource(classes: readonly DeviceClassObject[]): Map<string, string> {
  const byResource = new Map<string, string>();
  for (const { metadata } of classes) {
    if (metadata?.name !== undefined) byResource.set(`${IMPLICIT_PREFIX}${metadata.name}`, metadata.name);
  }
  const newestFirst = [...classes].sort((a, b) => created(b) - created(a) || (name(a) < name(b) ? -1 : 1));
  for (const deviceClass of newestFirst) {
    const resource = deviceClass.spec?.extendedResourceName;
    if (resource && !byResource.has(resource)) byResource.set(resource, name(deviceClass));
  }
  return byResource;
}

function created({ metadata }: DeviceClassObject): number {
  const time = Date.parse(metadata?.creationTimestamp ?? "");
  return Number.isNaN(time) ? 0 : time;
}

function name({ metadata }: DeviceClassObject): string {
  return metadata?.name ?? "";
}

interface ContainerRequest {
  readonly name: string;
  readonly deviceClassName: string;
  readonly count: number;
}

/**
 * The requests of the claim in memory that stands for extended resources: one per container and resource, called
 * `container-<i>-request-<j>` by the place of the container and of the resource among its sorted requests. An init
 * container that ends reuses what later containers get, and of such containers only the neediest counts.
 * Source: plugins/dynamicresources/extendeddynamicresources.go.
 */
export function extendedRequests(
  { initContainers = [], containers = [] }: PodSpec,
  resources: ReadonlyMap<string, string>,
): DeviceRequest[] {
  const all = [...initContainers, ...containers];
  const ends = (index: number) => index < initContainers.length && all[index].restartPolicy !== "Always";
  const requests: ContainerRequest[] = [];
  for (const [resource, deviceClassName] of resources) {
    const lasting = all.map((container, i) =>
      ends(i) ? undefined : requestOf(i, container, resource, deviceClassName, 0),
    );
    let neediest: ContainerRequest | undefined;
    for (const [i, container] of all.entries()) {
      if (!ends(i)) continue;
      const reused = lasting.slice(i).reduce((sum, request) => sum + (request?.count ?? 0), 0);
      const request = requestOf(i, container, resource, deviceClassName, reused);
      if (request !== undefined && request.count > (neediest?.count ?? 0)) neediest = request;
    }
    for (const request of [neediest, ...lasting]) if (request !== undefined) requests.push(request);
  }
  return requests
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name: requestName, deviceClassName, count }) => ({
      name: requestName,
      exactly: { deviceClassName, allocationMode: "ExactCount", count },
    }));
}

function requestOf(
  index: number,
  container: Container,
  resource: string,
  deviceClassName: string,
  reused: number,
): ContainerRequest | undefined {
  const requests = container.resources?.requests ?? {};
  const amount = requests[resource];
  const count = amount === undefined ? 0 : Number(wholeValue(parseQuantity(amount))) - reused;
  if (count <= 0) return undefined;
  const place = Object.keys(requests).sort().indexOf(resource);
  return { name: `container-${index}-request-${place}`, deviceClassName, count };
}
