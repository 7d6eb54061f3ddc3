import type { Cluster } from "../src/cluster/cluster.ts";
import type { PodKind } from "../src/cluster/pod-kind.ts";
import { shippedProfile } from "../src/plugins/profiles.ts";
import { SchedulingCycle } from "../src/scheduler/scheduling-cycle.ts";
import type { Prepared } from "./subject.ts";

/** A run schedules the pods under the default policy, as rows from `firstPod`, and releases them again. */
export function cycleRuns(cluster: Cluster, pods: readonly PodKind[], firstPod: number): Prepared {
  const nodes = new Int32Array(pods.length);
  return {
    units: pods.length,
    run() {
      // A fresh one, because the place where the next search starts is part of its state.
      const cycle = new SchedulingCycle({ cluster, profile: shippedProfile("default"), seed: 42 });
      for (let i = 0; i < pods.length; i++) {
        const { node, devices } = cycle.run(firstPod + i, pods[i], 1);
        nodes[i] = node;
        if (node !== -1) cluster.assume(firstPod + i, pods[i], node, devices);
      }
      for (let i = pods.length - 1; i >= 0; i--) if (nodes[i] !== -1) cluster.release(firstPod + i);
      return nodes;
    },
  };
}
