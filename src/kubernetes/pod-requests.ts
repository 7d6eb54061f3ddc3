import type { Container } from "./container.ts";
import type { ResourceAmounts } from "./object-meta.ts";
import type { ContainerStatus, PodObject } from "./pod.ts";
import {
  addQuantity,
  compareQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  wholeValue,
} from "./quantity.ts";
import { isPodLevelResource } from "./resource-name.ts";

/**
 * Amounts by resource name in the scheduler's units: cpu in millicores, anything else in whole units, rounded up.
 * As int64 does, an amount beyond 2^63-1 wraps around.
 */
export type ResourceList = Map<string, bigint>;

export interface PodRequestOptions {
  /** Take what the node reports of a pod that was resized in place into account; off by default. */
  readonly useStatus?: boolean;
  /** Leave the pod-level requests of `spec.resources` out; off by default. */
  readonly skipPodLevel?: boolean;
  /** Resources for which a container that does not name them is taken to ask 100m and 200 MiB; none by default. */
  readonly defaults?: readonly DefaultedResource[];
}

export type DefaultedResource = "cpu" | "memory";

type Amounts = Map<string, Quantity>;
type ContainerAmounts = (container: Container) => ResourceAmounts | undefined;

const bothDefaults: readonly DefaultedResource[] = ["cpu", "memory"];
const defaultAmounts: Readonly<Record<DefaultedResource, Quantity>> = {
  cpu: parseQuantity("100m"),
  memory: parseQuantity("200Mi"),
};

/**
 * What a pod asks for: the sum of its containers and sidecars, or what its init containers need at most if that is
 * more; then pod-level requests in place of it; then the overhead. Amounts within the pod are added exactly and
 * rounded once. Throws QuantityError for an amount that is no quantity (decoded objects have none).
 * Source: component-helpers/resource/helpers.go.
 */
export function podRequests(pod: PodObject, options: PodRequestOptions = {}): ResourceList {
  const rounded: ResourceList = new Map();
  for (const [name, amount] of exactRequests(pod, options)) {
    rounded.set(name, BigInt.asIntN(64, name === "cpu" ? milliValue(amount) : wholeValue(amount)));
  }
  return rounded;
}

/**
 * What a pod adds to its node's NonZeroRequested: cpu and memory only, and containers that do not name one ask for
 * 100m and 200 MiB. With pod-level requests a default is offered only for what the pod's request lacks.
 * Source: pkg/scheduler/framework/types.go.
 */
export function nonZeroRequests(pod: PodObject): ResourceList {
  let defaults = bothDefaults;
  if (hasPodLevelRequests(pod)) {
    const plain = exactRequests(pod, { useStatus: true });
    defaults = bothDefaults.filter((name) => !plain.has(name));
  }
  const requests = podRequests(pod, { useStatus: true, defaults });
  return new Map(bothDefaults.map((name) => [name, requests.get(name) ?? 0n]));
}

/** What NodeResourcesFit scores an incoming pod by: no pod-level requests, defaults for every container. */
export function scoringRequests(pod: PodObject): ResourceList {
  return podRequests(pod, { skipPodLevel: true, defaults: bothDefaults });
}

function exactRequests(pod: PodObject, options: PodRequestOptions): Amounts {
  const { spec = {}, status = {} } = pod;
  const useStatus = options.useStatus === true;
  const infeasible = useStatus && isResizeInfeasible(pod);
  const fromSpec = aggregate(pod, (container) => container.resources?.requests, options.defaults);
  const requests = useStatus ? withStatus(pod, fromSpec, infeasible, options.defaults) : fromSpec;

  if (options.skipPodLevel !== true && hasPodLevelRequests(pod)) {
    let podLevel = parseAmounts(spec.resources?.requests);
    if (useStatus && status.resources !== undefined) {
      if (infeasible) podLevel = new Map();
      raiseTo(podLevel, parseAmounts(status.resources.requests));
      raiseTo(podLevel, parseAmounts(status.allocatedResources));
    }
    for (const [name, amount] of podLevel) if (isPodLevelResource(name)) requests.set(name, amount);
  }
  addTo(requests, parseAmounts(spec.overhead));
  return requests;
}

/** The greatest of three sums over the whole pod: asked for, allocated by the node, and in effect. */
function withStatus(
  pod: PodObject,
  fromSpec: Amounts,
  infeasible: boolean,
  defaults: readonly DefaultedResource[] | undefined,
): Amounts {
  const { status = {} } = pod;
  let allocated: Amounts;
  let actual: Amounts;
  if (status.allocatedResources !== undefined && status.resources?.requests !== undefined) {
    allocated = parseAmounts(status.allocatedResources);
    actual = parseAmounts(status.resources.requests);
  } else {
    const statuses = statusByName(pod);
    const otherwise: ContainerAmounts = (container) =>
      infeasible ? undefined : container.resources?.requests;
    const allocatedTo: ContainerAmounts = (container) =>
      statuses.get(container.name)?.allocatedResources ?? otherwise(container);
    allocated = aggregate(pod, allocatedTo, defaults);
    actual = aggregate(
      pod,
      (container) => statuses.get(container.name)?.resources?.requests ?? allocatedTo(container),
      defaults,
    );
  }
  const greatest: Amounts = infeasible ? new Map() : new Map(fromSpec);
  raiseTo(greatest, actual);
  raiseTo(greatest, allocated);
  return greatest;
}

function statusByName({ status = {} }: PodObject): Map<string | undefined, ContainerStatus> {
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return new Map(statuses.map((container) => [container.name, container]));
}

/** Containers and sidecars together, or the neediest moment of initialisation, whichever is more. */
function aggregate(
  { spec = {} }: PodObject,
  amountsOf: ContainerAmounts,
  defaults: readonly DefaultedResource[] = [],
): Amounts {
  const read = (container: Container): Amounts => {
    const amounts = parseAmounts(amountsOf(container));
    for (const name of defaults) if (!amounts.has(name)) amounts.set(name, defaultAmounts[name]);
    return amounts;
  };
  const total: Amounts = new Map();
  for (const container of spec.containers ?? []) addTo(total, read(container));

  const sidecars: Amounts = new Map();
  const neediest: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const amounts = read(container);
    if (container.restartPolicy === "Always") {
      addTo(total, amounts);
      addTo(sidecars, amounts);
      raiseTo(neediest, sidecars);
    } else {
      addTo(amounts, sidecars);
      raiseTo(neediest, amounts);
    }
  }
  raiseTo(total, neediest);
  return total;
}

function hasPodLevelRequests({ spec = {} }: PodObject): boolean {
  return Object.keys(spec.resources?.requests ?? {}).some(isPodLevelResource);
}

/** The first pending-resize condition decides. */
function isResizeInfeasible({ status = {} }: PodObject): boolean {
  return status.conditions?.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";
}

function parseAmounts(amounts: ResourceAmounts = {}): Amounts {
  return new Map(Object.entries(amounts).map(([name, amount]) => [name, parseQuantity(amount)]));
}

function addTo(sum: Amounts, more: Amounts): void {
  for (const [name, amount] of more) {
    const before = sum.get(name);
    sum.set(name, before === undefined ? amount : addQuantity(before, amount));
  }
}

function raiseTo(greatest: Amounts, other: Amounts): void {
  for (const [name, amount] of other) {
    const before = greatest.get(name);
    if (before === undefined || compareQuantity(amount, before) > 0) greatest.set(name, amount);
  }
}
