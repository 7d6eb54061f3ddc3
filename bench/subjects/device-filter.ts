import { deviceShare } from "../../src/plugins/device-share.ts";
import { filterRuns } from "../filter-subject.ts";
import { everyNode, openbCluster } from "../sample-clusters.ts";
import type { Subject } from "../subject.ts";

export const deviceFilter: Subject = {
  name: "DeviceShare filter, openb",
  unit: "node",
  async prepare(size) {
    const { cluster, kinds, nextPod } = await openbCluster(size);
    const pod = kinds.find(({ devices }) => devices !== undefined);
    if (pod === undefined) throw new Error("openb has pods that ask for devices");
    return filterRuns(deviceShare, { pod, row: nextPod, nodes: cluster.nodes, cluster }, everyNode(cluster));
  },
};
