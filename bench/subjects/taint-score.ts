import { taintToleration } from "../../src/plugins/taint-toleration.ts";
import { everyNode, uniformCluster } from "../sample-clusters.ts";
import { scoreRuns } from "../score-subject.ts";
import type { Subject } from "../subject.ts";

export const taintScore: Subject = {
  name: "TaintToleration score and normalise, uniform nodes",
  unit: "node",
  prepare(size) {
    const { cluster, cycle } = uniformCluster(size);
    return scoreRuns(taintToleration(), cycle, everyNode(cluster));
  },
};
