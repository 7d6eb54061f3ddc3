import { WHOLE_DEVICE } from "../cluster/device.ts";
import type { DeviceColumns } from "../cluster/device-columns.ts";
import { definePlugin } from "../scheduler/plugin.ts";

/**
 * Fills devices that are shared already, then free devices of nodes in use, then empty nodes (the GpuPacking of the
 * published GPU experiments, Weng et al., USENIX ATC '23). Pods without devices have no preference.
 */
export const gpuPacking = definePlugin({
  name: "GpuPacking",
  score({ pod, nodes }) {
    const request = pod.devices;
    if (request === undefined) {
      return ({ length }, scores) => {
        scores.fill(0, 0, length);
      };
    }
    const { devices } = nodes;
    return ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++)
        scores[i] = packingScore(devices, rows[i], request.count, request.milli);
    };
  },
  eventsToRegister: [],
});

function packingScore(
  { first, count, free }: DeviceColumns,
  node: number,
  wanted: number,
  milli: number,
): number {
  const start = first[node];
  const total = count[node];
  let whole = 0;
  for (let device = 0; device < total; device++) if (free[start + device] === WHOLE_DEVICE) whole++;
  if (whole === total) return Math.max(33 - whole, whole);

  // The devices that would be taken: those with the least room that suffices, the lowest index among equals.
  let taken = 0;
  let takenWhole = 0;
  let leftPercent = 0;
  for (let picked = 0; picked < wanted; picked++) {
    let best = -1;
    for (let device = 0; device < total; device++) {
      if ((taken >> device) & 1 || free[start + device] < milli) continue;
      if (best === -1 || free[start + device] < free[start + best]) best = device;
    }
    if (best === -1) break;
    taken |= 1 << best;
    const room = free[start + best];
    if (room === WHOLE_DEVICE) takenWhole++;
    leftPercent += Math.floor((room * 100) / WHOLE_DEVICE);
  }
  if (takenWhole > 0) return Math.max(50 - takenWhole, 33);
  return Math.max(100 - Math.floor(leftPercent / 10), 50);
}
