import { type DeviceRequest, WHOLE_DEVICE } from "../cluster/device.ts";
import type { DeviceColumns } from "../cluster/device-columns.ts";
import { definePlugin } from "../scheduler/plugin.ts";
import { tightestDevices } from "./devices/tightest-devices.ts";

/**
 * Fills devices that are shared already, then free devices of nodes in use, then empty nodes (the GpuPacking of the
 * published GPU experiments, Weng et al., USENIX ATC '23). Pods without devices have no preference.
 */
export const gpuPacking = definePlugin({
  name: "GpuPacking",
  reads: "row",
  score({ pod, nodes }) {
    const request = pod.devices;
    if (request === undefined) {
      return ({ length }, scores) => {
        scores.fill(0, 0, length);
      };
    }
    const { devices } = nodes;
    return ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) scores[i] = packingScore(devices, rows[i], request);
    };
  },
  eventsToRegister: [],
});

function packingScore(devices: DeviceColumns, node: number, request: DeviceRequest): number {
  const { first, count, free, wholeFree } = devices;
  const whole = wholeFree[node];
  if (whole === count[node]) return Math.max(33 - whole, whole);

  const taken = tightestDevices(devices, node, request);
  let takenWhole = 0;
  let leftPercent = 0;
  for (let device = 0; device < count[node]; device++) {
    if (((taken >> device) & 1) === 0) continue;
    const room = free[first[node] + device];
    if (room === WHOLE_DEVICE) takenWhole++;
    leftPercent += Math.floor((room * 100) / WHOLE_DEVICE);
  }
  if (takenWhole > 0) return Math.max(50 - takenWhole, 33);
  return Math.max(100 - Math.floor(leftPercent / 10), 50);
}
