import type { Container } from "../kubernetes/container.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { formatQuantity, parseQuantity, type Quantity } from "../kubernetes/quantity.ts";
import { isPodLevelResource } from "../kubernetes/resource-name.ts";

/** A container and what it may ask for. */
interface Share {
  readonly container: Container;
  nano: bigint;
}

/**
 * The pod asking for no more of a resource than the limit: containers give way, the greediest first, then init containers; a
 * pod-level request becomes the limit. Overhead cannot give way. Amounts are kept in billionths.
 */
export function withRequest(pod: PodObject, resource: string, limit: Quantity): PodObject {
  const { spec = {} } = pod;
  const overhead = amountOf(spec.overhead, resource);
  const room = limit.nano > overhead ? limit.nano - overhead : 0n;
  // Equal containers may be one and the same object: amounts are kept by place.
  const share = (container: Container): Share => ({
    container,
    nano: amountOf(container.resources?.requests, resource),
  });
  const containers = (spec.containers ?? []).map(share);
  const initContainers = (spec.initContainers ?? []).map(share);
  const running = [...containers, ...initContainers.filter(isSidecar)];
  let excess = running.reduce((sum, { nano }) => sum + nano, 0n) - room;
  for (const greediest of [...running].sort((a, b) => (a.nano < b.nano ? 1 : -1))) {
    if (excess <= 0n) break;
    const less = greediest.nano < excess ? greediest.nano : excess;
    greediest.nano -= less;
    excess -= less;
  }
  let beside = 0n;
  for (const init of initContainers) {
    if (isSidecar(init)) beside += init.nano;
    else if (init.nano + beside > room) init.nano = room - beside;
  }
  const write = ({ container, nano }: Share): Container =>
    nano === amountOf(container.resources?.requests, resource)
      ? container
      : withAmount(container, resource, nano);
  return {
    ...pod,
    spec: {
      ...spec,
      ...(spec.containers && { containers: containers.map(write) }),
      ...(spec.initContainers && { initContainers: initContainers.map(write) }),
      ...(spec.resources?.requests?.[resource] !== undefined &&
        isPodLevelResource(resource) &&
        amountOf(spec.resources.requests, resource) > room && {
          resources: withAmount({ resources: spec.resources }, resource, room).resources,
        }),
    },
  };
}

function withAmount<T extends Pick<Container, "resources">>(holder: T, resource: string, nano: bigint): T {
  const { resources } = holder;
  const format = resource === "cpu" ? "DecimalSI" : "BinarySI";
  return {
    ...holder,
    resources: {
      ...resources,
      requests: { ...resources?.requests, [resource]: formatQuantity({ nano, format }) },
    },
  };
}

function amountOf(amounts: Readonly<Record<string, string | number>> | undefined, resource: string): bigint {
  const text = amounts?.[resource];
  return text === undefined ? 0n : parseQuantity(text).nano;
}

function isSidecar({ container }: Share): boolean {
  return container.restartPolicy === "Always";
}

/** An amount in the scheduler's units (millicores, bytes, pieces) as the API writes it. */
export function quantityText(resource: string, amount: number): string {
  const nano = BigInt(amount) * (resource === "cpu" ? 10n ** 6n : 10n ** 9n);
  return formatQuantity({
    nano,
    format: resource === "cpu" ? "DecimalSI" : isBytes(resource) ? "BinarySI" : "DecimalSI",
  });
}

function isBytes(resource: string): boolean {
  return resource === "memory" || resource === "ephemeral-storage" || resource.startsWith("hugepages-");
}

const MEBIBYTE = 2 ** 20;

/** The same for reading: bytes that are no whole number of a unit are rounded to mebibytes, and say so. */
export function roughText(resource: string, amount: number): string {
  const rough = isBytes(resource) && amount >= 16 * MEBIBYTE && amount % MEBIBYTE !== 0;
  return rough ? `about ${Math.round(amount / MEBIBYTE)}Mi` : quantityText(resource, amount);
}
