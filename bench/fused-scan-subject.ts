import { InvariantViolation } from "../src/base/errors.ts";
import { shippedProfile } from "../src/plugins/profiles.ts";
import { FusedScan } from "../src/scheduler/fused-scan/fused-scan.ts";
import type { Kernel } from "../src/scheduler/fused-scan/kernel.ts";
import { emptyOutcome, forgetOutcome } from "../src/scheduler/outcome.ts";
import { numFeasibleNodesToFind } from "../src/scheduler/sampling.ts";
import { families, familyCluster } from "./families.ts";
import type { Size } from "./size.ts";
import type { Prepared } from "./subject.ts";

/** A run places pods that are all different by one pass over the nodes each, and releases them again. */
export function fusedScanRuns(size: Size, kernelOf?: (rows: number) => Kernel): Prepared {
  const nodes = size === "full" ? 5000 : 500;
  const pods = size === "full" ? 500 : 20;
  const { cluster, kinds } = familyCluster(families.basic, {
    nodes,
    domains: 3,
    kinds: pods,
    requests: "own",
  });
  const profile = shippedProfile("default");
  const scan = new FusedScan(cluster, profile, 42, kernelOf);
  const wanted = numFeasibleNodesToFind(profile.percentageOfNodesToScore, nodes);
  const outcome = emptyOutcome();
  const placed = new Int32Array(pods);
  return {
    units: pods,
    run() {
      let start = 0;
      for (let row = 0; row < pods; row++) {
        forgetOutcome(outcome);
        const cycle = { pod: kinds[row], row, nodes: cluster.nodes, cluster };
        const window = scan.decide({ cycle, start, wanted, attempt: 1, outcome });
        if (window === undefined)
          throw new InvariantViolation(`the fused scan does not decide about pod ${row}`);
        start = (start + window.looked) % nodes;
        placed[row] = outcome.node;
        cluster.assume(row, kinds[row], outcome.node, 0);
      }
      for (let row = pods - 1; row >= 0; row--) cluster.release(row);
      return placed;
    },
  };
}
