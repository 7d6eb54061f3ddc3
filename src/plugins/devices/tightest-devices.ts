import type { DeviceRequest } from "../../cluster/device.ts";
import type { DeviceColumns } from "../../cluster/device-columns.ts";

/**
 * The devices of a node that the published GPU experiments would take (Weng et al., USENIX ATC '23), as bits: those with the
 * least room that suffices, the lowest index among equals. The node must have enough of them.
 */
export function tightestDevices(
  { first, count, free }: DeviceColumns,
  node: number,
  request: DeviceRequest,
): number {
  const start = first[node];
  let taken = 0;
  for (let picked = 0; picked < request.count; picked++) {
    let best = -1;
    for (let device = 0; device < count[node]; device++) {
      if ((taken >> device) & 1 || free[start + device] < request.milli) continue;
      if (best === -1 || free[start + device] < free[start + best]) best = device;
    }
    taken |= 1 << best;
  }
  return taken;
}
