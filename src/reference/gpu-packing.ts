import { WHOLE_DEVICE } from "../cluster/device.ts";
import { byLeastRoom } from "./device-share.ts";
import { freeDevices } from "./node-amounts.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";

export const referenceGpuPacking: ReferencePlugin = {
  score(pod, node) {
    if (pod.devices === undefined) return 0n;
    const free = freeDevices(node);
    const whole = free.filter((left) => left === WHOLE_DEVICE).length;
    if (whole === free.length) return BigInt(Math.max(33 - whole, whole));
    const taken = byLeastRoom(node, pod.devices)
      .slice(0, pod.devices.count)
      .map((device) => free[device]);
    const takenWhole = taken.filter((left) => left === WHOLE_DEVICE).length;
    if (takenWhole > 0) return BigInt(Math.max(50 - takenWhole, 33));
    const percent = taken.reduce((sum, left) => sum + Math.floor((left * 100) / WHOLE_DEVICE), 0);
    return BigInt(Math.max(100 - Math.floor(percent / 10), 50));
  },
};
