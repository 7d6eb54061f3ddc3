import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import type { ReadList } from "./list-workload.ts";
import { readSnapshot } from "./read-snapshot.ts";

const folder = mkdtempSync(join(tmpdir(), "stowage-snapshot-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** Reads objects as the items of one list, as kubectl writes them. */
function read(...items: readonly object[]): Promise<ReadList> {
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return readSnapshot([path]);
}

const node = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { disk: name === "n1" ? "ssd" : "hdd" } },
  status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } },
  ...more,
});
const spec = { containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] };
const pod = (name: string, more: { metadata?: object; spec?: object; status?: object } = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "web", ...more.metadata },
  spec: { ...spec, ...more.spec },
  status: { phase: "Pending", ...more.status },
});
const owner = (kind: string, name: string, ownerSpec: object) => ({
  apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
  kind,
  metadata: { name, namespace: "web" },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec },
    ...ownerSpec,
  },
});
const claim = (name: string, claimSpec: object) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "web" },
  spec: claimSpec,
});
const namesOf = ({ pods }: ReadList) => pods.names.split("\n");

describe("a snapshot", () => {
  it("keeps bound pods on their nodes and orders pending ones by creation", async () => {
    const list = await read(
      node("n1"),
      node("n2"),
      pod("late", { metadata: { creationTimestamp: "2030-01-01T00:00:09Z" } }),
      pod("early", { metadata: { creationTimestamp: "2030-01-01T00:00:01Z" } }),
      pod("running", { spec: { nodeName: "n2" }, status: { phase: "Running" } }),
    );
    expect(namesOf(list)).toEqual(["web/running", "web/early", "web/late"]);
    expect([...list.pods.boundTo]).toEqual([1, -1, -1]);
    expect(list.templates).toHaveLength(1);
    expect(list.templates[0].object.spec).not.toHaveProperty("nodeName");
  });

  it("knows when its pods were started, counted from the last start", async () => {
    const running = (name: string, startTime?: string) =>
      pod(name, { spec: { nodeName: "n1" }, status: startTime === undefined ? {} : { startTime } });
    const list = await read(
      node("n1"),
      running("old", "2030-01-01T00:00:00Z"),
      running("new", "2030-01-01T01:00:00Z"),
      running("starting"),
    );
    expect([...list.pods.startedUs!]).toEqual([-3600e6, 0, Number.POSITIVE_INFINITY]);
    expect((await read(node("n1"), running("silent"))).pods.startedUs).toBeUndefined();
  });

  it("leaves out what the scheduler does not see, and says so", async () => {
    const list = await read(
      node("n1"),
      pod("done", { status: { phase: "Succeeded" }, spec: { nodeName: "n1" } }),
      pod("elsewhere", { spec: { nodeName: "n9" } }),
      pod("leaving", { metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" } }),
      pod("other", { spec: { schedulerName: "volcano" } }),
    );
    expect(namesOf(list)).toEqual(["web/other"]);
    const notes = list.notes.join("\n");
    expect(notes).toContain("1 finished pod left out");
    expect(notes).toContain("1 pod on nodes that the snapshot does not contain left out");
    expect(notes).toContain("1 pending pod being deleted left out");
    expect(notes).toContain("name another scheduler (volcano)");
  });

  it("makes the pods of owners whose pods are not listed", async () => {
    const list = await read(
      node("n1"),
      node("n2", { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }),
      owner("Deployment", "front", { replicas: 2 }),
      owner("StatefulSet", "db", { replicas: 2 }),
      owner("Job", "sum", { parallelism: 5, completions: 3 }),
      owner("DaemonSet", "agent", {}),
      { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "nightly", namespace: "web" }, spec: {} },
    );
    expect(namesOf(list)).toEqual([
      "web/front-00000",
      "web/front-00001",
      "web/db-0",
      "web/db-1",
      "web/sum-00000",
      "web/sum-00001",
      "web/sum-00002",
      "web/agent-n1",
    ]);
    expect(list.templates.at(-1)!.object.spec?.affinity?.nodeAffinity).toEqual({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] }],
      },
    });
    expect(list.notes.join("\n")).toContain("8 pods made from 4 owners whose pods are not listed");
    expect(list.notes.join("\n")).toContain("CronJob web/nightly not expanded");
  });

  it("does not make pods of an owner twice", async () => {
    const replicaSet = owner("ReplicaSet", "front-abc", { replicas: 2 });
    const ownedBy = (kind: string, name: string) => [{ apiVersion: "apps/v1", kind, name, controller: true }];
    const owned = {
      ...replicaSet,
      metadata: { ...replicaSet.metadata, ownerReferences: ownedBy("Deployment", "front") },
    };
    expect(namesOf(await read(node("n1"), owner("Deployment", "front", { replicas: 2 }), owned))).toEqual([
      "web/front-abc-00000",
      "web/front-abc-00001",
    ]);
    const listed = pod("front-abc-x", {
      metadata: { labels: { app: "front" }, ownerReferences: ownedBy("ReplicaSet", "front-abc") },
    });
    expect(namesOf(await read(node("n1"), owner("Deployment", "front", { replicas: 2 }), listed))).toEqual([
      "web/front-abc-x",
    ]);
  });

  it("shares a template among the pods of a StatefulSet unless a term names their own labels", async () => {
    const own = (i: number) => ({ app: "db", "statefulset.kubernetes.io/pod-name": `db-${i}` });
    const three = [0, 1, 2].map((i) => pod(`db-${i}`, { metadata: { labels: own(i) } }));
    expect((await read(node("n1"), ...three)).templates).toHaveLength(1);
    const term = {
      topologyKey: "z",
      labelSelector: { matchLabels: { "statefulset.kubernetes.io/pod-name": "db-0" } },
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    expect((await read(node("n1"), ...three, pod("p", { spec: { affinity } }))).templates).toHaveLength(4);
  });

  it("does as admission does for manifests: priorities, requests from limits, allocatable from capacity", async () => {
    const list = await read(
      node("n1", { status: { capacity: { cpu: "8" } } }),
      {
        apiVersion: "scheduling.k8s.io/v1",
        kind: "PriorityClass",
        metadata: { name: "high" },
        value: 7,
        preemptionPolicy: "Never",
      },
      pod("a", {
        spec: { priorityClassName: "high", containers: [{ resources: { limits: { cpu: "2" } } }] },
      }),
      pod("b", { spec: { priorityClassName: "gone" } }),
      pod("c", { spec: { priorityClassName: "system-node-critical" } }),
    );
    expect(list.nodes[0].object.status?.allocatable).toEqual({ cpu: "8" });
    expect(list.templates[0].object.spec).toMatchObject({
      priority: 7,
      preemptionPolicy: "Never",
      containers: [{ resources: { requests: { cpu: "2" } } }],
    });
    expect(list.templates[2].object.spec?.priority).toBe(2_000_001_000);
    expect(list.notes.join("\n")).toContain(
      "PriorityClass gone is not in the snapshot: 1 pod that name it have priority 0",
    );
  });

  it("says what pods refer to that the snapshot lacks", async () => {
    const mounts = (claimName: string) => ({
      volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
    });
    const list = await read(
      node("n1"),
      pod("a", { spec: mounts("gone") }),
      pod("b", { spec: mounts("lost") }),
      pod("c", { spec: mounts("unbound") }),
      pod("d", { spec: { resourceClaims: [{ name: "r", resourceClaimName: "gone" }] } }),
      claim("lost", { volumeName: "pv-gone" }),
      claim("unbound", { storageClassName: "fast" }),
    );
    const notes = list.notes.join("\n");
    expect(notes).toContain("1 pod mount a PersistentVolumeClaim that is not in the snapshot");
    expect(notes).toContain("1 claim are bound to a PersistentVolume that is not in the snapshot");
    expect(notes).toContain("1 unbound claim name a StorageClass that is not in the snapshot");
    expect(notes).toContain("No CSINode is in the snapshot");
    expect(notes).toContain("1 pod have a ResourceClaim that is not in the snapshot");
    expect(notes).toContain("No ResourceSlice is in the snapshot");
    expect(notes).toContain("No Service is in the snapshot");
  });

  it("keeps all that decisions read beside pods and nodes, and says nothing of what is there", async () => {
    const list = await read(
      node("n1"),
      pod("a", { spec: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] } }),
      pod("d", { spec: { resourceClaims: [{ name: "r", resourceClaimName: "rc" }] } }),
      claim("c", { volumeName: "pv" }),
      { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "pv" } },
      { apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name: "n1" } },
      { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "fast" } },
      { apiVersion: "resource.k8s.io/v1", kind: "ResourceClaim", metadata: { name: "rc", namespace: "web" } },
      { apiVersion: "resource.k8s.io/v1", kind: "ResourceSlice", metadata: { name: "s" } },
      { apiVersion: "v1", kind: "Service", metadata: { name: "svc", namespace: "web" } },
      { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "pdb", namespace: "web" } },
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "web", labels: { team: "a" } } },
      owner("ReplicaSet", "idle", { replicas: 0 }),
    );
    const kinds = Object.entries(list.surroundings!).filter(([, objects]) => objects.length > 0);
    expect(kinds.map(([kind]) => kind).sort()).toEqual([
      "csiNodes",
      "namespaces",
      "owners",
      "persistentVolumeClaims",
      "persistentVolumes",
      "podDisruptionBudgets",
      "resourceClaims",
      "resourceSlices",
      "services",
      "storageClasses",
    ]);
    expect(list.notes).toEqual([]);
  });

  it("keeps what scheduling reads of a pod beside its spec: controller, amounts, claims of its own", async () => {
    const ownerReferences = [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "rs", uid: "u1", controller: true },
    ];
    const resourceClaimStatuses = [{ name: "r", resourceClaimName: "a-r-x1" }];
    const list = await read(
      node("n1"),
      pod("a", {
        metadata: { ownerReferences, uid: "u2" },
        spec: { nodeName: "n1", resourceClaims: [{ name: "r", resourceClaimTemplateName: "t" }] },
        status: { resourceClaimStatuses, conditions: [{ type: "Ready", status: "True" }] },
      }),
      pod("b", {
        metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" },
        spec: { nodeName: "n1" },
        status: { containerStatuses: [{ name: "c", resources: { requests: { cpu: "2" } } }] },
      }),
    );
    expect(list.templates.map(({ object: { metadata, status } }) => ({ metadata, status }))).toEqual([
      {
        metadata: {
          name: "a",
          uid: "u2",
          namespace: "web",
          ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "rs", controller: true }],
        },
        status: { resourceClaimStatuses },
      },
      {
        metadata: { namespace: "web", deletionTimestamp: "1970-01-01T00:00:00Z" },
        status: { containerStatuses: [{ name: "c", resources: { requests: { cpu: "2" } } }] },
      },
    ]);
  });

  it("needs nodes and pods, and distinct names", async () => {
    await expect(read(pod("a"))).rejects.toThrow("missing nodes");
    await expect(read(node("n1"))).rejects.toThrow("missing pods");
    await expect(read(node("n1"), node("n1"), pod("a"), pod("a"))).rejects.toThrow(
      new UserError([
        {
          where: join(folder, `${files - 1}.json`),
          what: 'invalid node: "n1" is there twice; leave one out',
        },
        {
          where: join(folder, `${files - 1}.json`),
          what: 'invalid pod: "web/a" is there twice; leave one out',
        },
      ]).message,
    );
  });
});
