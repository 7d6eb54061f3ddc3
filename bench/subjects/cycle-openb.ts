import { cycleRuns } from "../cycle-subject.ts";
import { openbCluster } from "../sample-clusters.ts";
import type { Subject } from "../subject.ts";

export const cycleOpenb: Subject = {
  name: "scheduling cycle, openb half full",
  unit: "pod",
  async prepare(size) {
    const { cluster, kinds, nextPod } = await openbCluster(size);
    return cycleRuns(cluster, kinds.slice(0, size === "full" ? 500 : 50), nextPod);
  },
};
