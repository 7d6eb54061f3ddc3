import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { drawScenario } from "./draw-scenario.ts";
import { isSelected } from "./perf-selection.ts";
import { listSchedulerPerf, readSchedulerPerf, schedulerPerfFiles } from "./read-scheduler-perf.ts";
import type { PhasesContent } from "./workload.ts";

const folder = mkdtempSync(join(tmpdir(), "stowage-perf-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, "node.yaml"),
  "apiVersion: v1\nkind: Node\nmetadata:\n  name: rack-{{DivideInt .Index 2}}-{{.Index}}\nstatus:\n  capacity: { pods: {{.pods}} }\n",
);
writeFileSync(
  join(folder, "pod.yaml"),
  "apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: light-\n  labels: { app: a }\n",
);
writeFileSync(
  join(folder, "namespace.yaml"),
  "apiVersion: v1\nkind: Namespace\nmetadata:\n  labels: { team: devops }\n",
);

writeFileSync(
  join(folder, "member.yaml"),
  "apiVersion: v1\nkind: Pod\nmetadata: { generateName: m- }\nspec: { schedulingGroup: { podGroupName: g } }\n",
);

const groupWith = (spec: string) =>
  `apiVersion: scheduling.k8s.io/v1beta1\nkind: PodGroup\nmetadata: { name: g{{.Index}} }\nspec: { ${spec} }\n`;
writeFileSync(join(folder, "group.yaml"), groupWith("schedulingPolicy: { gang: { minCount: {{.min}} } }"));
writeFileSync(join(folder, "first.yaml"), groupWith("priority: {{.min}}, schedulingPolicy: { basic: {} }"));
writeFileSync(
  join(folder, "whole.yaml"),
  groupWith("disruptionMode: { all: {} }, schedulingPolicy: { gang: { minCount: {{.min}} } }"),
);

let files = 0;
function config(operations: string, workload = ""): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(
    path,
    `- name: Case\n  workloadTemplate:\n${operations}\n  workloads:\n  - name: w${workload}\n`,
  );
  return path;
}

async function contentOf(path: string): Promise<PhasesContent> {
  const [workload] = await readSchedulerPerf(path, {});
  const { content } = workload;
  if (content.kind !== "phases") throw new Error(`read as ${content.kind}`);
  return content;
}

describe("a scheduler_perf file", () => {
  it("makes nodes, labels them in turn, and pods in phases", async () => {
    const path = config(
      `  - { opcode: createNodes, countParam: $n, labelNodePrepareStrategy: { labelKey: zone, labelValues: [a, b] } }
  - { opcode: createPods, count: 2 }
  - { opcode: createPods, count: 3, podTemplatePath: pod.yaml, namespace: own, collectMetrics: true }`,
      "\n    params: { n: 3 }",
    );
    const content = await contentOf(path);
    expect(
      content.nodes.map(({ object }) => [object.metadata?.name, object.metadata?.labels?.["zone"]]),
    ).toEqual([
      ["node-0-00000", "a"],
      ["node-0-00001", "b"],
      ["node-0-00002", "a"],
    ]);
    expect(content.nodes[0].object.status?.allocatable).toEqual({ pods: "110", cpu: "4", memory: "32Gi" });
    expect(content.phases).toEqual([
      { name: "namespace-1", firstPod: 0, endPod: 2, completeWhen: "scheduled", measured: false },
      { name: "own", firstPod: 2, endPod: 5, completeWhen: "scheduled", measured: true },
    ]);
    expect(content.templates.map(({ object }) => object.metadata)).toEqual([
      { namespace: "namespace-1" },
      { namespace: "own", labels: { app: "a" } },
    ]);
  });

  it("draws the same for every seed, pods at the client's rate", async () => {
    const [workload] = await readSchedulerPerf(
      config("  - { opcode: createNodes, count: 1 }\n  - { opcode: createPods, count: 3 }"),
      {},
    );
    const { pods, horizonUs } = drawScenario(workload, 1);
    expect([...pods.arrivalUs]).toEqual([0, 200, 400]);
    expect(drawScenario(workload, 2).pods.arrivalUs).toEqual(pods.arrivalUs);
    expect([pods.nameOf(2), horizonUs]).toEqual(["namespace-1/pod-000002", 1800e6]);
  });

  it("renders node templates with their index and parameters", async () => {
    const content = await contentOf(
      config(
        "  - { opcode: createNodes, count: 3, nodeTemplatePath: node.yaml, templateParams: { pods: $p|7 } }\n  - { opcode: createPods, count: 1 }",
      ),
    );
    expect(content.nodes.map(({ object }) => object.metadata?.name)).toEqual([
      "rack-0-0",
      "rack-0-1",
      "rack-1-2",
    ]);
    expect(content.nodes[0].object.status?.allocatable).toEqual({ pods: 7 });
  });

  it("unrolls sets of pods, counts their places, and keeps the labels of namespaces", async () => {
    const content = await contentOf(
      config(
        `  - { opcode: createNodes, count: 1 }
  - { opcode: createNamespaces, prefix: init, count: 2, namespaceTemplatePath: namespace.yaml }
  - { opcode: createPodSets, count: 2, namespacePrefix: init, createPodsOp: { opcode: createPods, count: 2 } }
  - { opcode: createPods, count: 1 }`,
      ),
    );
    expect(content.phases.map(({ name }) => name)).toEqual(["init-0", "init-1", "namespace-4"]);
    expect(content.surroundings?.namespaces?.map(({ metadata }) => metadata)).toEqual([
      { labels: { team: "devops" }, name: "init-0" },
      { labels: { team: "devops" }, name: "init-1" },
      { name: "namespace-4" },
    ]);
  });

  it("names the feature gate that would change decisions", async () => {
    const gates = (text: string) => `\n    featureGates: { ${text} }`;
    const reasonOf = async (pod: string, text: string) =>
      (await listSchedulerPerf(config(`  - { opcode: createPods, count: 1${pod} }`, gates(text))))[0].reason;
    expect(await reasonOf("", "DRAListTypeAttributes: true")).toBe(
      "feature gate DRAListTypeAttributes=true (alpha, off by default: attributes of devices with several values)",
    );
    expect(await reasonOf("", "PodLevelResources: false")).toBe("feature gate PodLevelResources=false");
    expect(await reasonOf(", podTemplatePath: member.yaml", "GenericWorkload: true")).toBeUndefined();
    expect(await reasonOf("", "GenericWorkload: true")).toBeUndefined();
    expect(await reasonOf("", "SchedulerAsyncAPICalls: true, PodLevelResources: true")).toBeUndefined();
  });

  it("makes groups of pods, and the scheduler places them as such", async () => {
    const groups = (template: string) =>
      config(
        `  - { opcode: createNodes, count: 1 }
  - { opcode: createPodGroups, count: 2, namespace: own, templatePath: ${template}, templateParams: { min: 3 } }
  - { opcode: createPods, count: 6, namespace: own, podTemplatePath: member.yaml }`,
        "\n    featureGates: { GenericWorkload: true }",
      );
    const [workload] = await readSchedulerPerf(groups("group.yaml"), {});
    expect(workload.scheduler?.featureGates).toEqual({ GenericWorkload: true });
    const { content } = workload;
    if (content.kind !== "phases") throw new Error(`read as ${content.kind}`);
    expect(content.surroundings?.podGroups).toEqual(
      ["g0", "g1"].map((name) => ({
        kind: "PodGroup",
        apiVersion: "scheduling.k8s.io/v1beta1",
        metadata: { name, namespace: "own" },
        spec: { schedulingPolicy: { gang: { minCount: 3 } } },
      })),
    );
    const reasonOf = async (template: string) => (await listSchedulerPerf(groups(template)))[0].reason;
    expect(await reasonOf("first.yaml")).toBe(
      "groups of pods that preempt others (feature gate GenericWorkload=true)",
    );
    expect(await reasonOf("whole.yaml")).toBe(
      "groups of pods that are preempted as a whole (feature gate GenericWorkload=true)",
    );
  });

  it("says with which scheduler upstream runs it", async () => {
    const [workload] = await readSchedulerPerf(
      config(
        "  - { opcode: createPods, count: 1 }",
        "\n    featureGates: { OpportunisticBatching: false, DRAAdminAccess: true }\n  schedulerConfigPath: ../sched.yaml",
      ),
      {},
    );
    expect(workload.scheduler).toEqual({
      configurationPath: join(folder, "../sched.yaml"),
      featureGates: { OpportunisticBatching: false },
    });
    expect(workload.notes.join("\n")).toContain(
      "Upstream runs it with the feature gate OpportunisticBatching=false.",
    );
  });

  it("leaves out workloads with wrong parameters beside others, and refuses them alone", async () => {
    const path = join(folder, "two.yaml");
    writeFileSync(
      path,
      `- name: Case
  workloadTemplate:
  - { opcode: createPods, countParam: $n }
  workloads:
  - { name: good, params: { n: 1 } }
  - { name: bad, params: {} }
`,
    );
    const workloads = await readSchedulerPerf(path, {});
    expect(workloads.map(({ name }) => name)).toEqual(["Case/good"]);
    expect(workloads[0].notes.join("\n")).toContain("Left out");
    await expect(readSchedulerPerf(path, { select: "Case/bad" })).rejects.toThrow("missing parameter: n");
  });

  it.each([
    [
      "  - { opcode: createPod, count: 1 }",
      "",
      '3:15: unknown opcode: "createPod", did you mean createPods?',
    ],
    [
      "  - { opcode: createPods, cuont: 1 }",
      "",
      '3:27: [0].workloadTemplate[0]: unknown field: "cuont", did you mean count?',
    ],
    [
      "  - { opcode: createPods, count: -1 }",
      "",
      "3:34: [0].workloadTemplate[0].count: invalid count: -1; write a whole number from 0",
    ],
    [
      "  - { opcode: churn, mode: recreate, templatePaths: [pod.yaml] }",
      "",
      "3:5: invalid number: 0; mode recreate needs a number of slots above 0",
    ],
    [
      "  - { opcode: createPods, countParam: $a }",
      "",
      "5:5: missing parameter: a; an operation of Case uses $a",
    ],
    [
      "  - { opcode: createPods, count: 1 }",
      "\n    params: { a: 1 }",
      "6:15: unused parameter: a; no operation of Case uses $a, leave it out",
    ],
  ])("is decoded strictly: %s%s", async (operations, workload, message) => {
    const path = config(operations, workload);
    await expect(readSchedulerPerf(path, {})).rejects.toThrow(`${path}:${message}`);
  });

  it("names a template that is not there", async () => {
    const path = config("  - { opcode: createPods, count: 1, podTemplatePath: gone.yaml }");
    await expect(readSchedulerPerf(path, {})).rejects.toThrow(`${join(folder, "gone.yaml")}: missing file`);
  });

  it("is selected by case and workload, where * crosses /, and by labels", () => {
    const labels = ["performance", "short"];
    const selected = (select?: string, label?: string) =>
      isSelected("Case/5k/10k_Pods", labels, { select, label });
    expect(
      [undefined, "Case", "Case/*", "C*/*10k*", "*/5k/10k_Pods"].map((select) => selected(select)),
    ).toEqual([true, true, true, true, true]);
    expect(["Cas", "Case/5k", "5k*", "Case.5k/10k_Pods"].map((select) => selected(select))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(
      ["performance", "+short,performance", "-short", "performance,-x"].map((label) =>
        selected(undefined, label),
      ),
    ).toEqual([true, true, false, true]);
  });
});

const upstream = resolve(import.meta.dirname, "../../../shared/upstream/scheduler_perf");

describe.skipIf(!existsSync(upstream))(
  "the files of Kubernetes v1.37 (needs ../shared/upstream/scheduler_perf)",
  () => {
    it("are all read, with a reason for what is not supported", async () => {
      const all = (await Promise.all((await schedulerPerfFiles(upstream)).map(listSchedulerPerf))).flat();
      expect(all).toHaveLength(267);
      const supported = all.filter((workload) => workload.supported);
      expect(supported).toHaveLength(229);
      expect(new Set(supported.map(({ name }) => name.split("/")[0]))).toContain("SchedulingPodAntiAffinity");
      expect(all.every(({ supported: ok, reason }) => ok || reason !== undefined)).toBe(true);
    });

    it("give the sizes that they name", async () => {
      const file = join(upstream, "misc/performance-config.yaml");
      const workloads = await readSchedulerPerf(file, {
        select: "SchedulingBasic/5000Nodes_*",
        label: "performance",
      });
      expect(workloads.map(({ name }) => name.split("/")[1])).toEqual([
        "5000Nodes_10000Pods",
        "5000Nodes_50000Pods",
        "5000Nodes_50000Pods_AsyncAPICallsEnabled",
        "5000Nodes_50000Pods_NodeDeclaredFeaturesDisabled",
      ]);
      expect(workloads[0].description).toBe(
        "scheduler_perf SchedulingBasic/5000Nodes_10000Pods: 11,000 pods, 10,000 of them measured, on 5,000 nodes.",
      );
      expect(readFileSync(file, "utf8")).toContain("SchedulingBasic");
    });

    it("read field names as Go does, in any case", async () => {
      const file = join(upstream, "topology_spreading/performance-config.yaml");
      const [workload] = await readSchedulerPerf(file, {
        select: "SchedulingWithNodeInclusionPolicy/5Nodes",
      });
      const { content } = workload;
      if (content.kind !== "phases") throw new Error(`read as ${content.kind}`);
      expect(content.templates[0].object.spec?.topologySpreadConstraints).toMatchObject([
        { nodeAffinityPolicy: "Honor", nodeTaintsPolicy: "Honor" },
      ]);
    });
  },
);
