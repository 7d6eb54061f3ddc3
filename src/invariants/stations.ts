import type { Trace } from "../trace/trace.ts";
import { type Invariant, seconds } from "./invariant.ts";

const STATIONS = [
  "createdUs",
  "firstAttemptUs",
  "scheduledUs",
  "boundUs",
  "startedUs",
  "finishedUs",
] as const;

export const stationsInOrder: Invariant = {
  name: "stationsInOrder",
  promise:
    "a pod is created, attempted, scheduled, bound, started and finished in this order, and has a node from its binding on",
  violation({ pods }) {
    for (let pod = 0; pod < pods.count; pod++) {
      let last = 0;
      for (const station of STATIONS) {
        const at = pods[station][pod];
        if (Number.isNaN(at)) continue;
        if (at < last) return `pod ${pod}: ${station} at ${seconds(at)}, before ${seconds(last)}`;
        last = at;
      }
      const bound = !Number.isNaN(pods.boundUs[pod]);
      if (bound !== pods.node[pod] >= 0)
        return `pod ${pod}: ${bound ? "bound to no node" : "on a node but never bound"}`;
    }
    return undefined;
  },
};

export const onlyPresentNodes: Invariant = {
  name: "onlyPresentNodes",
  promise: "no pod is placed on a node that has not joined or is lost already",
  violation(trace: Trace) {
    const { pods, nodes } = trace;
    for (let pod = 0; pod < pods.count; pod++) {
      const node = pods.node[pod];
      if (node < 0 || pods.initial[pod] === 1) continue;
      // The decision falls when the attempt begins; the node may be lost while the attempt goes on.
      const decided = pods.attempts[pod] === 1 ? pods.firstAttemptUs[pod] : pods.createdUs[pod];
      if (decided < nodes.joinedUs[node] && pods.scheduledUs[pod] < nodes.joinedUs[node]) {
        return `pod ${pod} on node ${nodes.names[node]} before it joined, at ${seconds(pods.scheduledUs[pod])}`;
      }
      if (decided > nodes.lostUs[node]) {
        return `pod ${pod} on node ${nodes.names[node]} after it was lost, at ${seconds(decided)}`;
      }
    }
    return undefined;
  },
};
