import { expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type {
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  StorageClassObject,
} from "../kubernetes/storage-object.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { cycleFor, rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { reserveVolumes, volumeBinding } from "./volume-binding.ts";

function claim(name: string, storage: string, storageClassName = "static"): PersistentVolumeClaimObject {
  const spec = { resources: { requests: { storage } }, storageClassName };
  return { kind: "PersistentVolumeClaim", metadata: { name }, spec };
}

/** A volume that is free, for any node or for one. */
function volume(
  name: string,
  storage: string,
  { node, storageClassName = "static" }: { node?: string; storageClassName?: string } = {},
): PersistentVolumeObject {
  const matchExpressions = [{ key: "host", operator: "In" as const, values: [node ?? ""] }];
  const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions }] } };
  const spec = { capacity: { storage }, storageClassName, ...(node !== undefined && { nodeAffinity }) };
  return { kind: "PersistentVolume", metadata: { name }, spec, status: { phase: "Available" } };
}

function storageClass(name: string, provisioner: string): StorageClassObject {
  return { kind: "StorageClass", metadata: { name }, provisioner, volumeBindingMode: "WaitForFirstConsumer" };
}

const storageClasses = [
  storageClass("static", "kubernetes.io/no-provisioner"),
  storageClass("other", "kubernetes.io/no-provisioner"),
  storageClass("dynamic", "csi.example.com"),
];

/** The cycle of a pod with these claims on nodes 0 and 1, which are labelled `host: n0` and `host: n1`. */
function cycleWith(objects: Partial<KubernetesObjects>): Cycle {
  const cluster = new Cluster();
  for (const name of ["n0", "n1"]) {
    cluster.addNode({ object: { kind: "Node", metadata: { name, labels: { host: name } } } });
  }
  cluster.objects = { ...NO_OBJECTS, storageClasses, ...objects };
  const volumes = (objects.persistentVolumeClaims ?? []).map(({ metadata }) => ({
    persistentVolumeClaim: { claimName: metadata?.name ?? "" },
  }));
  return cycleFor(cluster, { name: "p", object: { kind: "Pod", spec: { volumes } } });
}

it.each([
  [[["static", "10", "100"]], 90],
  [
    [
      ["static", "10", "100"],
      ["other", "60", "100"],
    ],
    65,
  ],
  [[["static", "1", "3"]], 67],
  [[["static", "1Ti", "1Ti"]], 0],
])("scores claims of %j (class, request, capacity) with %i", (sizes, score) => {
  const persistentVolumeClaims = sizes.map(([name, request], i) => claim(`c${i}`, request, name));
  const persistentVolumes = sizes.map(([storageClassName, , capacity], i) =>
    volume(`v${i}`, capacity, { storageClassName: storageClassName }),
  );
  const cycle = cycleWith({ persistentVolumeClaims, persistentVolumes });
  expect(scoresOf(volumeBinding(), cycle, [0])?.raw).toEqual([score]);
});

it("scores along the points of its shape", () => {
  const shape = [
    { utilization: 20, score: 0 },
    { utilization: 60, score: 10 },
  ];
  const cycle = cycleWith({
    persistentVolumeClaims: [claim("c", "30")],
    persistentVolumes: [volume("v", "100")],
  });
  expect(scoresOf(volumeBinding({ shape }), cycle, [0])?.raw).toEqual([25]);
});

it("scores every node 0 and filters none for a pod without claims", () => {
  const cycle = cycleWith({});
  expect(scoresOf(volumeBinding(), cycle, [0, 1])?.raw).toEqual([0, 0]);
  expect(volumeBinding().filter?.(cycle)).toBeUndefined();
});

it("gives the smallest claim the smallest volume, and promises both", () => {
  const cycle = cycleWith({
    persistentVolumeClaims: [claim("big", "5Gi"), claim("small", "1Gi")],
    persistentVolumes: [
      volume("v9", "9Gi"),
      volume("v6", "6Gi", { node: "n0" }),
      volume("v2", "2Gi", { node: "n0" }),
    ],
  });
  expect(rowsThatPass(volumeBinding(), cycle, [0, 1])).toEqual([0]);
  const promised = reserveVolumes(cycle, 0).persistentVolumes.map(({ spec }) => spec?.claimRef?.name);
  expect(promised).toEqual([undefined, "big", "small"]);
});

it("promises a volume to one claim, so that another finds none", () => {
  const persistentVolumes = [volume("v", "1Gi")];
  const cycle = cycleWith({ persistentVolumeClaims: [claim("first", "1Gi")], persistentVolumes });
  const { persistentVolumes: promised } = reserveVolumes(cycle, 1);
  const again = cycleWith({ persistentVolumeClaims: [claim("first", "1Gi")], persistentVolumes: promised });
  expect(rowsThatPass(volumeBinding(), again, [0, 1])).toEqual([0, 1]);
  const second = cycleWith({ persistentVolumeClaims: [claim("second", "1Gi")], persistentVolumes: promised });
  expect(volumeBinding().judge?.(second)?.(0)).toEqual({
    code: "UnschedulableAndUnresolvable",
    reasons: ["node(s) didn't find available persistent volumes to bind"],
  });
});

it("has a volume made on the chosen node and on no other", () => {
  const cycle = cycleWith({ persistentVolumeClaims: [claim("c", "1Gi", "dynamic")] });
  expect(rowsThatPass(volumeBinding(), cycle, [0, 1])).toEqual([0, 1]);
  const promised = cycleWith(reserveVolumes(cycle, 1));
  expect(rowsThatPass(volumeBinding(), promised, [0, 1])).toEqual([1]);
});

it("promises nothing when all claims are bound", () => {
  const annotations = { "pv.kubernetes.io/bind-completed": "yes" };
  const pending = claim("c", "1Gi");
  const cycle = cycleWith({
    persistentVolumeClaims: [
      { ...pending, metadata: { name: "c", annotations }, spec: { ...pending.spec, volumeName: "v" } },
    ],
    persistentVolumes: [volume("v", "1Gi", { node: "n1" })],
  });
  expect(rowsThatPass(volumeBinding(), cycle, [0, 1])).toEqual([1]);
  expect(reserveVolumes(cycle, 1)).toBe(cycle.cluster.objects);
});

it("fails the cycle over a class that does not say when to bind", () => {
  const bare: StorageClassObject = { kind: "StorageClass", metadata: { name: "static" } };
  const cycle = cycleWith({ persistentVolumeClaims: [claim("c", "1Gi")], storageClasses: [bare] });
  const text =
    'running PreFilter plugin "VolumeBinding": VolumeBindingMode not set for StorageClass "static"';
  expect(() => volumeBinding().preFilter?.(cycle)).toThrow(text);
});
