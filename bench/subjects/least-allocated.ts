import { nodeResourcesFit } from "../../src/plugins/node-resources-fit.ts";
import { everyNode, uniformCluster } from "../sample-clusters.ts";
import { scoreRuns } from "../score-subject.ts";
import type { Subject } from "../subject.ts";

export const leastAllocated: Subject = {
  name: "LeastAllocated score, uniform nodes",
  unit: "node",
  prepare(size) {
    const { cluster, cycle } = uniformCluster(size);
    return scoreRuns(nodeResourcesFit(), cycle, everyNode(cluster));
  },
};
