import { nodeResourcesBalancedAllocation } from "../../src/plugins/node-resources-balanced-allocation.ts";
import { everyNode, uniformCluster } from "../sample-clusters.ts";
import { scoreRuns } from "../score-subject.ts";
import type { Subject } from "../subject.ts";

export const balancedAllocation: Subject = {
  name: "NodeResourcesBalancedAllocation score, uniform nodes",
  unit: "node",
  prepare(size) {
    const { cluster, cycle } = uniformCluster(size);
    return scoreRuns(nodeResourcesBalancedAllocation(), cycle, everyNode(cluster));
  },
};
