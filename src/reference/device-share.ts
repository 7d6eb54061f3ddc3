import type { DeviceRequest } from "../cluster/device.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { freeDevices } from "./node-amounts.ts";
import type { ReferenceNode, ReferencePlugin } from "./reference-plugin.ts";

export const referenceDeviceShare: ReferencePlugin = {
  filter(pod, node) {
    const { devices: request } = pod;
    if (request === undefined) return undefined;
    if (node.devices === undefined || node.devices.count < request.count)
      return unresolvable("Insufficient gpu");
    if (request.models !== undefined && !request.models.includes(node.devices.model)) {
      return unresolvable("node(s) didn't have the requested device model");
    }
    if (byLeastRoom(node, request).length < request.count) return unschedulable("Insufficient gpu");
    return undefined;
  },
  takeDevices(pod, node) {
    if (pod.devices === undefined) return [];
    return byLeastRoom(node, pod.devices).slice(0, pod.devices.count);
  },
};

/** Devices with enough room, the one with the least of it first, the lower index among equals. */
export function byLeastRoom(node: ReferenceNode, request: DeviceRequest): number[] {
  const free = freeDevices(node);
  const fitting = [...free.keys()].filter((device) => free[device] >= request.milli);
  return fitting.sort((a, b) => free[a] - free[b] || a - b);
}
