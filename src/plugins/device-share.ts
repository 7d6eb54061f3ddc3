import { type DeviceRequest, WHOLE_DEVICE } from "../cluster/device.ts";
import type { DeviceColumns } from "../cluster/device-columns.ts";
import { type Cycle, definePlugin } from "../scheduler/plugin.ts";
import { rememberedPerKind } from "../scheduler/remembered.ts";
import { type Filter, keepWhere } from "../scheduler/selection.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { tightestDevices } from "./devices/tightest-devices.ts";

const WRONG_MODEL = unresolvable("node(s) didn't have the requested device model");
const TOO_FEW = unresolvable("Insufficient gpu");
const TAKEN = unschedulable("Insufficient gpu");

/** 1 for each model, by id, that the pod may use; undefined when any will do. */
const allowedModels = rememberedPerKind(({ pod, nodes }: Cycle) => {
  const wanted = pod.devices?.models;
  return (
    wanted && Uint8Array.from(nodes.devices.models.values(), (model) => (wanted.includes(model) ? 1 : 0))
  );
});

/**
 * Room on devices: the pod needs `count` devices of an allowed model with `milli` thousandths free on each. Whole devices
 * are taken in order of index; a share goes to the device with the least room that still has enough, the lowest index
 * among equals (the rule of the published GPU experiments, Weng et al., USENIX ATC '23).
 */
export const deviceShare = definePlugin({
  name: "DeviceShare",
  reads: "row",
  filter(cycle) {
    const request = cycle.pod.devices;
    if (request === undefined) return undefined;
    const { devices } = cycle.nodes;
    const models = allowedModels(cycle);
    const { model } = devices;
    const room = hasRoom(devices, request);
    if (models === undefined) return room;
    const allowed = keepWhere((node) => models[model[node]] === 1);
    return (candidates) => {
      allowed(candidates);
      room(candidates);
    };
  },
  judge(cycle) {
    const request = cycle.pod.devices;
    if (request === undefined) return undefined;
    const { devices } = cycle.nodes;
    const models = allowedModels(cycle);
    return (node) => {
      if (devices.count[node] < request.count) return TOO_FEW;
      if (models !== undefined && models[devices.model[node]] !== 1) return WRONG_MODEL;
      return countFitting(devices, node, request.milli) >= request.count ? undefined : TAKEN;
    };
  },
  takeDevices({ pod, nodes }, node) {
    return pod.devices === undefined ? 0 : tightestDevices(nodes.devices, node, pod.devices);
  },
  // Upstream knows no such devices; which ones are left is not told by the pod.
  sign: ({ devices }) => (devices === undefined ? {} : "declines"),
  eventsToRegister: ["AssignedPodDelete", "NodeAdd", "NodeUpdate"],
});

/** Whole devices are counted, and a share needs one device with enough left; several shares are never asked for at once. */
function hasRoom({ wholeFree, mostFree }: DeviceColumns, { count, milli }: DeviceRequest): Filter {
  const [column, least] = milli === WHOLE_DEVICE ? [wholeFree, count] : [mostFree, milli];
  return (candidates) => {
    const { rows, length } = candidates;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      if (column[node] >= least) rows[kept++] = node;
    }
    candidates.length = kept;
  };
}

function countFitting({ first, count, free }: DeviceColumns, node: number, milli: number): number {
  const start = first[node];
  let fitting = 0;
  for (let device = count[node] - 1; device >= 0; device--) if (free[start + device] >= milli) fitting++;
  return fitting;
}
