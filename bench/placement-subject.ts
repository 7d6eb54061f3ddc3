import { shippedProfile } from "../src/plugins/profiles.ts";
import { SchedulingCycle } from "../src/scheduler/scheduling-cycle.ts";
import { type Family, familyCluster } from "./families.ts";
import type { Prepared } from "./subject.ts";

const ZONES = 3;

/**
 * A run places pods of one kind on empty nodes under the default policy, and releases them again. What the index knows of the kind is
 * kept from run to run.
 */
export function placementRuns(
  family: Family,
  { nodes, pods }: { readonly nodes: number; readonly pods: number },
  algorithm: "index" | "scan",
): Prepared {
  const {
    cluster,
    kinds: [kind],
  } = familyCluster(family, { nodes, domains: ZONES, kinds: 1 });
  const cycle = new SchedulingCycle({ cluster, profile: shippedProfile("default"), seed: 42, algorithm });
  const placed = new Int32Array(pods);
  return {
    units: pods,
    run() {
      cycle.nextStart = 0;
      for (let pod = 0; pod < pods; pod++) {
        const { node, devices } = cycle.run(pod, kind, 1);
        placed[pod] = node;
        if (node !== -1) cluster.assume(pod, kind, node, devices);
      }
      for (let pod = pods - 1; pod >= 0; pod--) if (placed[pod] !== -1) cluster.release(pod);
      return placed;
    },
  };
}
