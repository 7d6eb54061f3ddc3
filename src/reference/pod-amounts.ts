import { DEVICE_RESOURCE } from "../cluster/device.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Container } from "../kubernetes/container.ts";
import type { ResourceAmounts } from "../kubernetes/object-meta.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import { specOf } from "./reference-plugin.ts";

/** Billionths of a unit by resource name: amounts within a pod are added exactly and rounded once. */
type Exact = Map<string, bigint>;

/**
 * Which request of a pod is meant (kube-scheduler's podRequests with different options): what an incoming pod asks for,
 * what a pod on a node counts for (its status is read too, for pods that were resized in place), the same with
 * defaults for containers that ask for nothing, and what NodeResourcesFit scores an incoming pod by.
 */
export type AmountsUse = "requested" | "held" | "nonZeroHeld" | "fitScore";

type Defaults = readonly (readonly [string, bigint])[];

const DEFAULTS: Defaults = [
  ["cpu", 100_000_000n],
  ["memory", 209_715_200_000_000_000n],
];

/** Templates do not change, so what one asks for is computed once; everything else here is computed again and again. */
const known = new Map<AmountsUse, WeakMap<PodTemplate, ReadonlyMap<string, bigint>>>();

/**
 * What a pod asks for, in the scheduler's units: cpu in millicores, the rest in whole units, `gpu` in thousandths of a device.
 */
export function amountsOf(pod: PodTemplate, use: AmountsUse): ReadonlyMap<string, bigint> {
  let byPod = known.get(use);
  if (byPod === undefined) {
    byPod = new WeakMap();
    known.set(use, byPod);
  }
  let amounts = byPod.get(pod);
  if (amounts === undefined) {
    amounts = computeAmounts(pod, use);
    byPod.set(pod, amounts);
  }
  return amounts;
}

/** An amount as the scheduler counts it: rounded up to millicores or to whole units, wrapped to 64 bits. */
export function inSchedulerUnits(name: string, nano: bigint): bigint {
  const unit = name === "cpu" ? 1_000_000n : 1_000_000_000n;
  let value = nano / unit;
  if (nano % unit > 0n) value += 1n;
  if (nano % unit < 0n) value -= 1n;
  return BigInt.asIntN(64, value);
}

function computeAmounts(pod: PodTemplate, use: AmountsUse): Map<string, bigint> {
  const exact = exactRequests(pod, use);
  const amounts = new Map<string, bigint>();
  for (const [name, nano] of exact) amounts.set(name, inSchedulerUnits(name, nano));
  if (pod.devices !== undefined && use !== "nonZeroHeld") {
    amounts.set(DEVICE_RESOURCE, BigInt(pod.devices.count) * BigInt(pod.devices.milli));
  }
  return amounts;
}

function exactRequests(pod: PodTemplate, use: AmountsUse): Exact {
  const overhead = read(specOf(pod).overhead);
  if (use === "fitScore") return plus(aggregate(pod, askedFor, DEFAULTS), overhead);
  if (use === "requested")
    return plus(withPodLevel(aggregate(pod, askedFor, []), read(podLevelOf(pod))), overhead);
  let defaults: Defaults = [];
  if (use === "nonZeroHeld") {
    const plain = [...read(podLevelOf(pod)).keys()].some(isPodLevel) ? exactRequests(pod, "held") : new Map();
    defaults = DEFAULTS.filter(([name]) => !plain.has(name));
  }
  return plus(withPodLevel(heldAmounts(pod, defaults), heldPodLevel(pod)), overhead);
}

/** The greatest of what the spec says, what the node allocated and what is in effect, over whole pods. */
function heldAmounts(pod: PodTemplate, defaults: Defaults): Exact {
  const { status = {} } = pod.object;
  const infeasible = isInfeasible(pod);
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const statusOf = (container: Container) => statuses.find(({ name }) => name === container.name);
  const orSpec = (container: Container) => (infeasible ? undefined : askedFor(container));
  const allocatedTo = (container: Container) => statusOf(container)?.allocatedResources ?? orSpec(container);
  const inEffect = (container: Container) =>
    statusOf(container)?.resources?.requests ?? statusOf(container)?.allocatedResources ?? orSpec(container);
  let allocated = aggregate(pod, allocatedTo, defaults);
  let actual = aggregate(pod, inEffect, defaults);
  if (status.allocatedResources !== undefined && status.resources?.requests !== undefined) {
    allocated = read(status.allocatedResources);
    actual = read(status.resources.requests);
  }
  const held = elementwiseMax(actual, allocated);
  return infeasible ? held : elementwiseMax(aggregate(pod, askedFor, defaults), held);
}

function heldPodLevel(pod: PodTemplate): Exact {
  const { status = {} } = pod.object;
  const fromSpec = read(podLevelOf(pod));
  if (![...fromSpec.keys()].some(isPodLevel) || status.resources === undefined) return fromSpec;
  const fromStatus = elementwiseMax(read(status.resources.requests), read(status.allocatedResources));
  return isInfeasible(pod) ? fromStatus : elementwiseMax(fromSpec, fromStatus);
}

function isInfeasible(pod: PodTemplate): boolean {
  const pending = (pod.object.status?.conditions ?? []).find(({ type }) => type === "PodResizePending");
  return pending?.reason === "Infeasible";
}

/** Pod-level requests replace those of the containers, even when they are lower. */
function withPodLevel(requests: Exact, podLevel: Exact): Exact {
  const replaced = new Map(requests);
  for (const [name, nano] of podLevel) if (isPodLevel(name)) replaced.set(name, nano);
  return replaced;
}

function podLevelOf(pod: PodTemplate): ResourceAmounts | undefined {
  return specOf(pod).resources?.requests;
}

function askedFor(container: Container): ResourceAmounts | undefined {
  return container.resources?.requests;
}

function isPodLevel(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

function aggregate(
  pod: PodTemplate,
  get: (container: Container) => ResourceAmounts | undefined,
  defaults: Defaults,
): Exact {
  let total: Exact = new Map();
  let side: Exact = new Map();
  let greatest: Exact = new Map();
  const amountsFor = (container: Container): Exact => {
    const amounts = read(get(container));
    for (const [name, nano] of defaults) if (!amounts.has(name)) amounts.set(name, nano);
    return amounts;
  };
  for (const container of specOf(pod).containers ?? []) total = plus(total, amountsFor(container));
  for (const container of specOf(pod).initContainers ?? []) {
    let amounts = amountsFor(container);
    if (container.restartPolicy === "Always") {
      total = plus(total, amounts);
      side = plus(side, amounts);
      amounts = side;
    } else {
      amounts = plus(amounts, side);
    }
    greatest = elementwiseMax(greatest, amounts);
  }
  return elementwiseMax(total, greatest);
}

function read(amounts: ResourceAmounts | undefined): Exact {
  return new Map(Object.entries(amounts ?? {}).map(([name, amount]) => [name, parseQuantity(amount).nano]));
}

function plus(a: Exact, b: Exact): Exact {
  const sum = new Map(a);
  for (const [name, nano] of b) sum.set(name, (sum.get(name) ?? 0n) + nano);
  return sum;
}

function elementwiseMax(a: Exact, b: Exact): Exact {
  const greatest = new Map(a);
  for (const [name, nano] of b) {
    const before = greatest.get(name);
    if (before === undefined || nano > before) greatest.set(name, nano);
  }
  return greatest;
}
