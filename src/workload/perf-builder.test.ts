import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { drawScenario } from "./draw-scenario.ts";
import { listSchedulerPerf, readSchedulerPerf } from "./read-scheduler-perf.ts";
import type { PhasesContent } from "./workload.ts";

const folder = mkdtempSync(join(tmpdir(), "stowage-operations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const templates = {
  "node.yaml":
    "apiVersion: v1\nkind: Node\nmetadata: { name: 'n-{{.Index}}' }\nstatus: { capacity: { cpu: '1' } }\n",
  "node-update.yaml":
    "apiVersion: v1\nkind: Node\nmetadata: { name: 'n-{{.Index}}', labels: { a: b } }\nstatus: { capacity: { cpu: '4' } }\n",
  "pod.yaml":
    "apiVersion: v1\nkind: Pod\nmetadata: { name: 'p-{{.Index}}', labels: { type: unsched } }\nspec:\n  schedulingGates: [{ name: hold }]\n  containers: [{ name: c, resources: { requests: { cpu: 1 } } }]\n",
  "pod-update.yaml":
    "apiVersion: v1\nkind: Pod\nmetadata: { name: 'p-{{.Index}}' }\nspec:\n  containers: [{ name: c, resources: { requests: { cpu: 1 } } }]\n",
  "pod-resize.yaml":
    "apiVersion: v1\nkind: Pod\nmetadata: { name: 'p-{{.Index}}' }\nspec:\n  containers: [{ name: c, resources: { requests: { cpu: 100m } } }]\n",
  "light.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { generateName: light-, labels: { app: a } }\n",
  "kept.yaml":
    "apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: kept-\n  finalizers: [test.k8s.io/finalizer]\n",
  "pv.yaml":
    "apiVersion: v1\nkind: PersistentVolume\nspec:\n  csi: { driver: ebs.csi.aws.com }\n  capacity: { storage: 1Gi }\n",
  "pvc.yaml":
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { annotations: { pv.kubernetes.io/bind-completed: "true" } }\n',
  "service.yaml":
    "apiVersion: v1\nkind: Service\nmetadata: { generateName: s- }\nspec: { selector: { app: a } }\n",
  "claim.yaml": "apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\nmetadata: { name: 'c-{{.Index}}' }\n",
  "slice.yaml":
    "apiVersion: resource.k8s.io/v1\nkind: ResourceSlice\nmetadata: { name: 's-{{.Index}}' }\nspec:\n  driver: d\n  nodeName: n-{{.Index}}\n  devices:{{range 2}}\n  - name: dev-{{.}}{{end}}\n",
  "taint.yaml":
    "apiVersion: resource.k8s.io/v1\nkind: DeviceTaintRule\nmetadata: { name: t }\nspec:\n  deviceSelector: { device: dev-1 }\n  taint: { key: k, effect: NoSchedule }\n",
};
for (const [name, text] of Object.entries(templates)) writeFileSync(join(folder, name), text);

let files = 0;
function config(...operations: string[]): string {
  const path = join(folder, `config-${files++}.yaml`);
  const list = operations.map((operation) => `  - { ${operation} }`).join("\n");
  writeFileSync(path, `- name: Case\n  workloadTemplate:\n${list}\n  workloads:\n  - name: w\n`);
  return path;
}

async function contentOf(...operations: string[]): Promise<PhasesContent> {
  const [workload] = await readSchedulerPerf(config(...operations), {});
  const { content } = workload;
  if (content.kind !== "phases") throw new Error(`read as ${content.kind}`);
  return content;
}

describe("the operations of a scheduler_perf workload", () => {
  it("let a barrier wait for the pods that were not waited for, by namespace and labels", async () => {
    const { phases } = await contentOf(
      "opcode: createPods, count: 2, skipWaitToCompletion: true, namespace: a",
      "opcode: createPods, count: 3, skipWaitToCompletion: true, namespace: b, podTemplatePath: light.yaml",
      "opcode: barrier, stageRequirement: Attempted",
      "opcode: createPods, count: 1, namespace: c",
      "opcode: barrier, namespaces: [a]",
      "opcode: barrier, labelSelector: { app: a }",
      "opcode: barrier",
    );
    expect(
      phases.map(({ name, endPod, completeWhen, awaits }) => [name, endPod, completeWhen, awaits]),
    ).toEqual([
      ["a", 2, "created", undefined],
      ["b", 5, "created", undefined],
      ["barrier", 5, "attempted", [{ first: 0, end: 5 }]],
      ["c", 6, "scheduled", undefined],
      ["barrier", 6, "scheduled", [{ first: 0, end: 2 }]],
      ["barrier", 6, "scheduled", [{ first: 2, end: 5 }]],
    ]);
  });

  it("let nodes and objects join with the phase that comes next, and have the first ones there from the start", async () => {
    const path = config(
      "opcode: createNodes, count: 1",
      "opcode: createAny, templatePath: service.yaml, namespace: web",
      "opcode: createPods, count: 1",
      "opcode: createNodes, count: 2, nodeTemplatePath: node.yaml",
      "opcode: createAny, templatePath: claim.yaml, namespace: web, count: 2",
      "opcode: allocResourceClaims, namespace: web",
      "opcode: sleep, duration: 1m0.5s",
    );
    const [workload] = await readSchedulerPerf(path, {});
    const { phases, surroundings, nodeTimes, nodes } = drawScenario(workload, 1);
    expect([...nodeTimes.joinUs]).toEqual([0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(nodes.map(({ object }) => object.metadata?.labels?.["kubernetes.io/hostname"])).toEqual([
      "node-0-00000",
      "n-0",
      "n-1",
    ]);
    expect(surroundings?.services).toMatchObject([{ metadata: { name: "s-00000", namespace: "web" } }]);
    expect(phases[0].operations).toBeUndefined();
    expect(phases[1]).toMatchObject({ firstPod: 1, endPod: 1, completeWhen: "created" });
    expect(phases[1].operations).toMatchObject([
      { kind: "addNodes", first: 1, end: 3 },
      { kind: "addObjects", objects: { resourceClaims: [{ metadata: { name: "c-0" } }, {}] } },
      { kind: "allocateClaims", namespace: "web" },
      { kind: "sleep", forUs: 60.5e6 },
    ]);
  });

  it("update nodes and pods by name, and keep what a resize does not change", async () => {
    const { phases, templates: made } = await contentOf(
      "opcode: createNodes, count: 2, nodeTemplatePath: node.yaml",
      "opcode: createPods, count: 2, podTemplatePath: pod.yaml, namespace: x, skipWaitToCompletion: true",
      "opcode: updateAny, templatePath: node-update.yaml, count: 2, updatePerSecond: 100",
      "opcode: updateAny, templatePath: pod-update.yaml, count: 1, namespace: x",
      "opcode: updateAny, templatePath: pod-resize.yaml, count: 2, namespace: x, subresources: [resize]",
    );
    const [nodes, pods, resizes] = phases[1].operations!;
    expect(nodes).toMatchObject({ kind: "updateNodes", everyUs: 10_000 });
    expect(
      nodes.kind === "updateNodes" && nodes.updates.map(({ node, spec }) => [node, spec.object]),
    ).toMatchObject([
      [0, { metadata: { labels: { a: "b" } }, status: { allocatable: { cpu: "4" } } }],
      [1, {}],
    ]);
    const updated = (operation: typeof pods) =>
      operation.kind === "updatePods" ? operation.updates.map(({ template }) => made[template].object) : [];
    expect(updated(pods)[0].spec).not.toHaveProperty("schedulingGates");
    expect(updated(pods)[0].metadata).toEqual({ namespace: "x" });
    expect(updated(resizes)).toMatchObject([
      { metadata: { namespace: "x" }, spec: { containers: [{ resources: { requests: { cpu: "100m" } } }] } },
      { metadata: { labels: { type: "unsched" } }, spec: { schedulingGates: [{ name: "hold" }] } },
    ]);
  });

  it("delete pods by labels, and let those with finalizers stay as such that are being deleted", async () => {
    const { phases, templates: made } = await contentOf(
      "opcode: createPods, count: 1, namespace: x",
      "opcode: createPods, count: 2, namespace: x, podTemplatePath: light.yaml",
      "opcode: createPods, count: 1, namespace: x, podTemplatePath: kept.yaml",
      "opcode: deletePods, namespace: x, labelSelector: { app: a }",
      "opcode: deletePods, namespace: x, deletePodsPerSecond: 50, skipWaitToCompletion: true",
    );
    const [first, second, third] = phases[3].operations!;
    expect(first).toEqual({ kind: "deletePods", pods: [1, 2], everyUs: 0, waits: true });
    expect(second).toEqual({ kind: "deletePods", pods: [0, 1, 2], everyUs: 20_000, waits: false });
    expect(third).toMatchObject({ kind: "updatePods", everyUs: 20_000, waits: false, updates: [{ pod: 3 }] });
    expect(made.at(-1)!.object.metadata).toHaveProperty("deletionTimestamp");
  });

  it("give each pod a volume and a claim bound to each other", async () => {
    const {
      phases,
      templates: made,
      podNames,
    } = await contentOf(
      "opcode: createNodes, count: 1, nodeAllocatableStrategy: { nodeAllocatable: { x/y: '39' }, csiNodeAllocatable: { ebs.csi.aws.com: { count: 39 } }, migratedPlugins: [kubernetes.io/aws-ebs] }",
      "opcode: createPods, count: 2, namespace: x, persistentVolumeTemplatePath: pv.yaml, persistentVolumeClaimTemplatePath: pvc.yaml",
    );
    const [operation] = phases[0].operations!;
    expect(operation.kind === "addObjects" && operation.objects.persistentVolumes?.[1]).toMatchObject({
      metadata: { name: "x-vol-1" },
      spec: { claimRef: { namespace: "x", name: "pvc-1" }, csi: { volumeHandle: "x-vol-1" } },
      status: { phase: "Bound" },
    });
    expect(operation.kind === "addObjects" && operation.objects.persistentVolumeClaims?.[1]).toMatchObject({
      metadata: { name: "pvc-1", namespace: "x", annotations: { "pv.kubernetes.io/bind-completed": "true" } },
      spec: { volumeName: "x-vol-1" },
    });
    expect(made.map(({ object }) => object.spec?.volumes?.[0].persistentVolumeClaim?.claimName)).toEqual([
      "pvc-0",
      "pvc-1",
    ]);
    expect(podNames).toHaveLength(1);
  });

  it("make a CSINode for each node whose volumes are counted", async () => {
    const { nodes, surroundings } = await contentOf(
      "opcode: createNodes, count: 1, nodeAllocatableStrategy: { nodeAllocatable: { x/y: '39' }, csiNodeAllocatable: { ebs.csi.aws.com: { count: 39 } }, migratedPlugins: [kubernetes.io/aws-ebs] }",
      "opcode: createPods, count: 1",
    );
    expect(nodes[0].object.status?.allocatable).toMatchObject({ cpu: "4", "x/y": "39" });
    expect(surroundings?.csiNodes).toEqual([
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "CSINode",
        metadata: {
          name: "node-0-00000",
          annotations: { "storage.alpha.kubernetes.io/migrated-plugins": "kubernetes.io/aws-ebs" },
        },
        spec: { drivers: [{ name: "ebs.csi.aws.com", allocatable: { count: 39 } }] },
      },
    ]);
  });

  it("taint devices by the rules that were there before them", async () => {
    const { surroundings } = await contentOf(
      "opcode: createAny, templatePath: taint.yaml",
      "opcode: createAny, templatePath: slice.yaml, count: 3",
      "opcode: createPods, count: 1",
    );
    const taints = [{ key: "k", effect: "NoSchedule" }];
    expect(surroundings?.resourceSlices?.map(({ spec }) => [spec?.nodeName, spec?.devices])).toEqual(
      [0, 1, 2].map((i) => [`n-${i}`, [{ name: "dev-0" }, { name: "dev-1", taints }]]),
    );
  });

  it("measure the pods of the namespaces and labels between start and stop of metrics", async () => {
    const { phases } = await contentOf(
      "opcode: createPods, count: 1, namespace: a",
      "opcode: startCollectingMetrics, namespaces: [a], labelSelector: { app: a }",
      "opcode: createPods, count: 1, namespace: a",
      "opcode: createPods, count: 1, namespace: a, podTemplatePath: light.yaml, skipWaitToCompletion: true",
      "opcode: createPods, count: 1, namespace: b, podTemplatePath: light.yaml",
      "opcode: barrier",
      "opcode: sleep, duration: 1s",
      "opcode: stopCollectingMetrics",
      "opcode: startCollectingProfile, type: CPU, filePath: x",
      "opcode: createPods, count: 1, namespace: a, podTemplatePath: light.yaml",
      "opcode: stopCollectingProfile, type: CPU",
    );
    expect(phases.map(({ name, measured, timed }) => [name, measured, timed])).toEqual([
      ["a", false, undefined],
      // The pods are others than those that are meant; the scheduler's work is measured all the same.
      ["a", false, true],
      ["a", true, undefined],
      ["b", false, true],
      ["barrier", true, undefined],
      ["operations", true, undefined],
      ["a", false, undefined],
    ]);
  });

  it("keep a steady state, and the signature of pods where equal ones may share results", async () => {
    const steady = await contentOf("opcode: createPods, count: 2, steadyState: true, duration: 10s");
    expect(steady.phases).toMatchObject([{ endPod: 2, steadyForUs: 10e6 }]);
    const { templates: made } = await contentOf(
      "opcode: createPods, count: 5, podTemplatePath: light.yaml, signatureBatchSize: 2",
    );
    expect(made.map(({ object }) => object.metadata?.labels?.["signature"])).toEqual(
      [0, 1, 2].map((i) => `signature-label-${i}`),
    );
  });

  it("keep churn with the phase at which it starts, with objects that decisions read", async () => {
    const { churn } = await contentOf(
      "opcode: createPods, count: 1",
      "opcode: churn, mode: recreate, number: 2, templatePaths: [light.yaml, service.yaml]",
      "opcode: createPods, count: 1",
    );
    expect(churn).toMatchObject([
      {
        fromPhase: 1,
        mode: "recreate",
        number: 2,
        intervalUs: 5e5,
        makes: [
          { kind: "pod", template: 1 },
          {
            kind: "other",
            what: "Service",
            objects: { services: [{ metadata: { namespace: "namespace-1" } }] },
          },
        ],
      },
    ]);
  });

  it.each([
    [
      ["opcode: createPods, count: 1, steadyState: true"],
      "steadyState without a duration, which upstream refuses",
    ],
    [
      [
        "opcode: createNodes, count: 1, nodeTemplatePath: node.yaml",
        "opcode: createNodes, count: 1, nodeTemplatePath: node.yaml",
      ],
      "two nodes n-0",
    ],
    [["opcode: createAny, templatePath: light.yaml"], "createAny of pods"],
    [["opcode: updateAny, templatePath: node-update.yaml"], "update of node n-0, which no operation makes"],
    [
      ["opcode: updateAny, templatePath: service.yaml"],
      "updateAny of service.yaml, which is not one Node or Pod",
    ],
    [
      ["opcode: churn, mode: create, templatePaths: [node.yaml]"],
      "churn template node.yaml with Go template actions",
    ],
    [
      ["opcode: createAny, templatePath: slice.yaml", "opcode: createAny, templatePath: taint.yaml"],
      "DeviceTaintRule after the devices that it taints",
    ],
  ])("name what cannot be done: %s", async (operations, reason) => {
    const path = config(...operations);
    expect(await listSchedulerPerf(path)).toEqual([{ name: "Case/w", labels: [], supported: false, reason }]);
    await expect(readSchedulerPerf(path, {})).rejects.toThrow(`${path}: Case/w: not supported: ${reason}`);
  });
});
