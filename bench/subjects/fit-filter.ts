import { nodeResourcesFit } from "../../src/plugins/node-resources-fit.ts";
import { filterRuns } from "../filter-subject.ts";
import { everyNode, uniformCluster } from "../sample-clusters.ts";
import type { Subject } from "../subject.ts";

export const fitFilter: Subject = {
  name: "NodeResourcesFit filter, uniform nodes",
  unit: "node",
  prepare(size) {
    const { cluster, cycle } = uniformCluster(size);
    return filterRuns(nodeResourcesFit(), cycle, everyNode(cluster));
  },
};
