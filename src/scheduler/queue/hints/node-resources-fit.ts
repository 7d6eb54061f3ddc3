import type { NodeObject } from "../../../kubernetes/node.ts";
import type { PodObject } from "../../../kubernetes/pod.ts";
import { podRequests } from "../../../kubernetes/pod-requests.ts";
import { milliValue, parseQuantity, wholeValue } from "../../../kubernetes/quantity.ts";
import { type ObjectLookup, registrar } from "../event-registration.ts";
import type { EventObjects } from "../queue-event.ts";

const on = registrar("NodeResourcesFit");

type DeviceClass = EventObjects["resource.k8s.io/DeviceClass"];

export const nodeResourcesFitEvents = [
  // Any pod that leaves a node frees something; upstream does not look at what.
  on("AssignedPod", ["Delete"], (_pod, before) => isPlaced(before)),
  on("AssignedPod", ["UpdatePodScaleDown"], isAfterScaleDown),
  // Not even whether it is this pod's own update is looked at.
  on("TargetPod", ["UpdatePodScaleDown"]),
  on("Node", ["Add", "UpdateNodeAllocatable"], (pod, before, after, lookup) => {
    if (after === undefined || !fits(pod, after, lookup)) return false;
    return before === undefined || grew(pod, before, after, lookup);
  }),
  on("resource.k8s.io/DeviceClass", ["Add", "Update"], (pod, before, after) => {
    if (after === undefined) return false;
    const requests = podRequests(pod);
    const name = after.spec?.extendedResourceName;
    if (before === undefined) return requests.has(implicitName(after)) || (!!name && requests.has(name));
    return name !== before.spec?.extendedResourceName && !!name && requests.has(name);
  }),
];

function isPlaced(pod: PodObject | undefined): boolean {
  return !!pod?.spec?.nodeName || !!pod?.status?.nominatedNodeName;
}

function isAfterScaleDown(
  pod: PodObject,
  before: PodObject | undefined,
  after: PodObject | undefined,
): boolean {
  if (before === undefined || after === undefined) return false;
  if (!after.spec?.nodeName) return false;
  const [old, now] = [before, after].map((one) => podRequests(one, { useStatus: true }));
  for (const [name, amount] of podRequests(pod)) {
    if (amount > 0n && (old.get(name) ?? 0n) > (now.get(name) ?? 0n)) return true;
  }
  return false;
}

function implicitName(deviceClass: DeviceClass): string {
  return `deviceclass.resource.kubernetes.io/${deviceClass.metadata?.name}`;
}

function allocatable({ status = {} }: NodeObject, name: string): bigint {
  const text = status.allocatable?.[name];
  if (text === undefined) return 0n;
  const quantity = parseQuantity(text);
  return name === "cpu" ? milliValue(quantity) : wholeValue(quantity);
}

/** Devices of a class stand for the resource on a node that does not offer it itself. */
function isDelegated(name: string, node: NodeObject, lookup: ObjectLookup): boolean {
  if (!name.includes("/") || allocatable(node, name) > 0n) return false;
  for (const deviceClass of lookup.deviceClasses()) {
    if (deviceClass.spec?.extendedResourceName === name || implicitName(deviceClass) === name) return true;
  }
  return false;
}

/** Whether the pod fits the node when it is empty. */
function fits(pod: PodObject, node: NodeObject, lookup: ObjectLookup): boolean {
  if (allocatable(node, "pods") < 1n) return false;
  for (const [name, amount] of podRequests(pod)) {
    if (amount <= allocatable(node, name)) continue;
    if (!isDelegated(name, node, lookup)) return false;
  }
  return true;
}

function grew(pod: PodObject, before: NodeObject, after: NodeObject, lookup: ObjectLookup): boolean {
  if (allocatable(after, "pods") > allocatable(before, "pods")) return true;
  for (const [name, amount] of podRequests(pod)) {
    if (amount === 0n) continue;
    if (allocatable(after, name) > allocatable(before, name)) return true;
    if (isDelegated(name, after, lookup)) return true;
  }
  return false;
}
