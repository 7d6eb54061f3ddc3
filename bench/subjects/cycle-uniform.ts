import { cycleRuns } from "../cycle-subject.ts";
import { uniformCluster } from "../sample-clusters.ts";
import type { Subject } from "../subject.ts";

export const cycleUniform: Subject = {
  name: "scheduling cycle, uniform nodes",
  unit: "pod",
  prepare(size) {
    const { cluster, pod, nextPod } = uniformCluster(size);
    const pods = Array.from({ length: size === "full" ? 500 : 50 }, () => pod);
    return cycleRuns(cluster, pods, nextPod);
  },
};
