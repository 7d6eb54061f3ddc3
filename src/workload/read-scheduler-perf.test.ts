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
    expect([pods.nameOf(2), horizonUs]).toEqual(["namespace-1/pod-2", 1800e6]);
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
    expect(content.surroundings?.namespaces.map(({ metadata }) => metadata)).toEqual([
      { labels: { team: "devops" }, name: "init-0" },
      { labels: { team: "devops" }, name: "init-1" },
      { name: "namespace-4" },
    ]);
  });

  it("lets a barrier wait for the pods that were not waited for", async () => {
    const operations = `  - { opcode: createNodes, count: 1 }
  - { opcode: createPods, count: 2, skipWaitToCompletion: true }
  - { opcode: createPods, count: 3, skipWaitToCompletion: true }
  - { opcode: barrier, stageRequirement: Attempted }
  - { opcode: createPods, count: 1 }`;
    expect(
      (await contentOf(config(operations))).phases.map(({ endPod, completeWhen }) => [endPod, completeWhen]),
    ).toEqual([
      [5, "attempted"],
      [6, "scheduled"],
    ]);
  });

  it("keeps churn with the phase at which it starts", async () => {
    const operations = `  - { opcode: createNodes, count: 1 }
  - { opcode: createPods, count: 1 }
  - { opcode: churn, mode: recreate, number: 2, templatePaths: [pod.yaml, namespace.yaml] }
  - { opcode: createPods, count: 1 }`;
    expect((await contentOf(config(operations))).churn).toEqual([
      {
        fromPhase: 1,
        mode: "recreate",
        number: 2,
        intervalUs: 5e5,
        makes: [
          {
            kind: "pod",
            template: 1,
          },
          {
            kind: "other",
            what: "Namespace",
          },
        ],
      },
    ]);
  });

  it.each([
    ["  - { opcode: sleep, duration: 1s }", "opcode sleep"],
    ["  - { opcode: createPods, count: 1, steadyState: true, duration: 1s }", "createPods with steadyState"],
    [
      "  - { opcode: createPods, count: 1 }\n  - { opcode: createNodes, count: 1 }",
      "createNodes after createPods",
    ],
    [
      "  - { opcode: createNodes, count: 1, nodeAllocatableStrategy: {} }",
      "createNodes with nodeAllocatableStrategy",
    ],
    ["  - { opcode: createNodes, count: 1 }", "workload without createPods"],
  ])("names what is not supported yet: %s", async (operations, reason) => {
    const path = config(operations);
    expect(await listSchedulerPerf(path)).toEqual([{ name: "Case/w", labels: [], supported: false, reason }]);
    await expect(readSchedulerPerf(path, {})).rejects.toThrow(
      `${path}: Case/w: not supported yet: ${reason}`,
    );
  });

  it("names the feature gate that would change decisions", async () => {
    const path = config(
      "  - { opcode: createPods, count: 1 }",
      "\n    featureGates: { GenericWorkload: true }",
    );
    expect((await listSchedulerPerf(path))[0].reason).toBe("feature gate GenericWorkload=true");
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
      expect(supported).toHaveLength(113);
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
