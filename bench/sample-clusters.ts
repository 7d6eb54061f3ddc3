import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { randomKey, uniformInt } from "../src/base/random.ts";
import { Cluster } from "../src/cluster/cluster.ts";
import type { PodKind } from "../src/cluster/pod-kind.ts";
import type { NodeSpec, PodTemplate } from "../src/cluster/specs.ts";
import type { Taint } from "../src/kubernetes/taint.ts";
import { shippedProfile } from "../src/plugins/profiles.ts";
import type { Cycle } from "../src/scheduler/plugin.ts";
import { SchedulingCycle } from "../src/scheduler/scheduling-cycle.ts";
import type { Selection } from "../src/scheduler/selection.ts";
import { drawScenario } from "../src/workload/draw-scenario.ts";
import { listWorkload } from "../src/workload/list-workload.ts";
import { readOpenb } from "../src/workload/read-openb.ts";
import type { Workload } from "../src/workload/workload.ts";
import type { Size } from "./size.ts";

const NODES: Readonly<Record<Size, number>> = { small: 500, full: 5000 };

const smallPod: PodTemplate = {
  name: "small",
  object: podObject({ cpu: "100m", memory: "500Mi" }),
};

/** Fillers of unequal size, so that nodes differ in what is left. */
const fillers: readonly PodTemplate[] = ["250m", "900m", "1500m"].map((cpu, i) => ({
  name: `filler-${i}`,
  object: podObject({ cpu, memory: `${3 + 4 * i}Gi` }),
}));

const softTaint: Taint = { key: "slow", value: "", effect: "PreferNoSchedule" };

/** A cluster, the next pod, and the cycle in which plugins would see it. */
export interface SampleCluster {
  readonly cluster: Cluster;
  readonly pod: PodKind;
  /** The pod's row, which no pod of the cluster has. */
  readonly nextPod: number;
  readonly cycle: Cycle;
}

/** Equal nodes (4 cpu, 32Gi) with up to three pods each; one in four has a soft taint. The same cluster every time. */
export function uniformCluster(size: Size): SampleCluster {
  const cluster = new Cluster();
  const kinds = fillers.map((template) => cluster.kind(template));
  const pod = cluster.kind(smallPod);
  const key = randomKey(42, "fillers");
  let row = 0;
  for (let node = 0; node < NODES[size]; node++) {
    cluster.addNode(uniformNode(node));
    const count = uniformInt(key, node, 0, 4);
    for (let i = 0; i < count; i++) cluster.assume(row++, kinds[i], node, 0);
  }
  return { cluster, pod, nextPod: row, cycle: { pod, row, nodes: cluster.nodes, cluster } };
}

function uniformNode(node: number): NodeSpec {
  return {
    object: {
      kind: "Node",
      metadata: { name: `node-${String(node).padStart(5, "0")}` },
      spec: node % 4 === 3 ? { taints: [softTaint] } : {},
      status: { allocatable: { cpu: "4", memory: "32Gi", pods: "110" } },
    },
  };
}

function podObject(requests: Readonly<Record<string, string>>): PodTemplate["object"] {
  return {
    kind: "Pod",
    metadata: { namespace: "default" },
    spec: { containers: [{ name: "main", image: "main", resources: { requests } }] },
  };
}

/** The shipped GPU trace, made to fill its nodes; `small` has a sixth of the nodes and pods. */
export async function openbWorkload(size: Size): Promise<Workload> {
  const inputs = await Promise.all(
    ["openb_node_list_gpu_node.csv", "openb_pod_list_default.csv"].map(async (file) => {
      const path = fileURLToPath(new URL(`../workloads/openb/${file}`, import.meta.url));
      const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
      const kept = size === "full" ? lines : lines.filter((_, line) => line === 0 || line % 6 === 1);
      return { file, text: `${kept.join("\n")}\n` };
    }),
  );
  return listWorkload(readOpenb(inputs), { mode: "fill", percent: 130 });
}

/** The trace's nodes with the first half of its pods on them, as the default policy places them. */
export async function openbCluster(
  size: Size,
): Promise<{ readonly cluster: Cluster; readonly kinds: readonly PodKind[]; readonly nextPod: number }> {
  const scenario = drawScenario(await openbWorkload(size), 42);
  const cluster = new Cluster();
  const kindOf = scenario.templates.map((template) => cluster.kind(template));
  for (const node of scenario.nodes) cluster.addNode(node);
  const cycle = new SchedulingCycle({ cluster, profile: shippedProfile("default"), seed: 42 });
  const kinds = Array.from(scenario.pods.template, (template) => kindOf[template]);
  const half = kinds.length >> 1;
  for (let pod = 0; pod < half; pod++) {
    const { node, devices } = cycle.run(pod, kinds[pod], 1);
    if (node !== -1) cluster.assume(pod, kinds[pod], node, devices);
  }
  return { cluster, kinds: kinds.slice(half), nextPod: half };
}

/** Every node, in visiting order. */
export function everyNode(cluster: Cluster): Selection {
  const rows = cluster.nodes.order.slice();
  return { rows, length: rows.length };
}
