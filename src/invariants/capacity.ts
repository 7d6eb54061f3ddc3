import { WHOLE_DEVICE } from "../cluster/device.ts";
import type { Trace } from "../trace/trace.ts";
import { type Invariant, seconds } from "./invariant.ts";

/** Pods that take room on a node, and when they leave it. Pods of a snapshot may exceed it: they are only counted. */
export const capacityNeverExceeded: Invariant = {
  name: "capacityNeverExceeded",
  promise:
    "what the pods of a node ask for never exceeds what it has, in any resource, when a pod is placed there",
  violation(trace) {
    const held = trace.nodes.allocatable.map((column) => new Float64Array(column.length));
    return walk(trace, (pod, node, sign) => {
      const { requests } = trace.templates[trace.pods.template[pod]];
      for (let r = 0; r < requests.length; r++) {
        const request = requests[r];
        if (request === 0) continue;
        const column = held[r];
        column[node] += sign * request;
        // A resource that the scheduler does not know by name is not checked by anybody.
        if (sign < 0 || trace.pods.initial[pod] === 1) continue;
        const has = trace.nodes.allocatable[r][node];
        const { name, byDevices = false } = trace.resources[r];
        // Devices that stand in for what the node has none of are not in the trace.
        if (byDevices && has === 0) continue;
        if (column[node] > has && isChecked(name)) {
          return `pod ${pod} on node ${trace.nodes.names[node]}: ${column[node]} ${name} of ${has}`;
        }
      }
      return undefined;
    });
  },
};

export const devicesNeverOversubscribed: Invariant = {
  name: "devicesNeverOversubscribed",
  promise:
    "the shares of one device never exceed the device, and a pod holds as many devices as it asked for",
  violation(trace) {
    const held = new Map<number, number>();
    return walk(trace, (pod, node, sign) => {
      const request = trace.templates[trace.pods.template[pod]].devices;
      if (request === undefined || trace.pods.initial[pod] === 1) return undefined;
      const bits = trace.pods.devices[pod];
      let count = 0;
      for (let device = 0; device < 31; device++) {
        if (((bits >> device) & 1) === 0) continue;
        count++;
        const key = node * 32 + device;
        const share = (held.get(key) ?? 0) + sign * request.milli;
        held.set(key, share);
        if (share > WHOLE_DEVICE || device >= trace.nodes.deviceCount[node]) {
          return `pod ${pod} on device ${device} of node ${trace.nodes.names[node]}: ${share} of ${WHOLE_DEVICE}`;
        }
      }
      return count === request.count ? undefined : `pod ${pod} holds ${count} devices of ${request.count}`;
    });
  },
};

function isChecked(resource: string): boolean {
  return ["cpu", "memory", "ephemeral-storage", "gpu"].includes(resource) || resource.includes("/");
}

/** Calls back for every pod that takes (1) or leaves (-1) its node, in order of time; leaving comes first. */
function walk(
  trace: Trace,
  visit: (pod: number, node: number, sign: 1 | -1) => string | undefined,
): string | undefined {
  const { pods } = trace;
  const rows: number[] = [];
  for (let pod = 0; pod < pods.count; pod++) if (pods.node[pod] >= 0) rows.push(pod);
  const arriving = rows.sort((a, b) => takenAt(a) - takenAt(b));
  const leaving = arriving
    .filter((pod) => leftAt(pod) < Number.POSITIVE_INFINITY)
    .sort((a, b) => leftAt(a) - leftAt(b));
  let left = 0;
  for (const pod of arriving) {
    while (left < leaving.length && leftAt(leaving[left]) <= takenAt(pod)) {
      visit(leaving[left], pods.node[leaving[left]], -1);
      left++;
    }
    const wrong = visit(pod, pods.node[pod], 1);
    if (wrong !== undefined) return `${wrong}, at ${seconds(takenAt(pod))}`;
  }
  return undefined;

  function takenAt(pod: number): number {
    return pods.scheduledUs[pod];
  }
  function leftAt(pod: number): number {
    const { [pod]: finished } = pods.finishedUs;
    const { [pod]: deleted } = pods.deletedUs;
    return Number.isNaN(finished) ? (Number.isNaN(deleted) ? Number.POSITIVE_INFINITY : deleted) : finished;
  }
}
