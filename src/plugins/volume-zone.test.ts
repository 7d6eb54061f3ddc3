import { expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { cycleFor, passesAlone } from "../testing/plugin-observations.ts";
import { volumeZone } from "./volume-zone.ts";

type Labels = Readonly<Record<string, string>>;
const [BETA, ZONE, REGION] = [
  "failure-domain.beta.kubernetes.io/zone",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
];
const template = {
  name: "p",
  object: { kind: "Pod", spec: { volumes: [{ persistentVolumeClaim: { claimName: "c" } }] } },
} as const;

/** A cluster of one node and one claim that is bound to a volume, each with labels. */
function clusterWith(volumeLabels: Labels, nodeLabels: Labels = {}): { cluster: Cluster; node: number } {
  const cluster = new Cluster();
  const node = cluster.addNode({ object: { kind: "Node", metadata: { name: "n", labels: nodeLabels } } });
  cluster.objects = {
    ...NO_OBJECTS,
    persistentVolumeClaims: [
      { kind: "PersistentVolumeClaim", metadata: { name: "c" }, spec: { volumeName: "v" } },
    ],
    persistentVolumes: [{ kind: "PersistentVolume", metadata: { name: "v", labels: volumeLabels } }],
  };
  return { cluster, node };
}

it.each<[Labels, Labels, boolean]>([
  [{ [ZONE]: "a" }, { [ZONE]: "a" }, true],
  [{ [ZONE]: "a__b" }, { [ZONE]: "b" }, true],
  [{ [ZONE]: "a" }, { [ZONE]: "b" }, false],
  [{ [ZONE]: "a" }, { [REGION]: "r" }, false],
  [{ [BETA]: "a" }, { [ZONE]: "a" }, true],
  [{ [ZONE]: "a" }, { [BETA]: "a" }, false],
  // A node without any of the labels stands in a cluster of one zone.
  [{ [ZONE]: "a" }, {}, true],
  [{ [ZONE]: "a", [REGION]: "r" }, { [ZONE]: "a", [REGION]: "s" }, false],
])("a volume with %j and a node with %j go together: %s", (volumeLabels, nodeLabels, fits) => {
  const { cluster, node } = clusterWith(volumeLabels, nodeLabels);
  expect(passesAlone(volumeZone, cycleFor(cluster, template), node)).toBe(fits);
});

it("ignores a label with an empty zone, so that there is nothing to do", () => {
  const { cluster } = clusterWith({ [ZONE]: "a__" });
  expect(volumeZone.filter?.(cycleFor(cluster, template))).toBeUndefined();
});

it.each([
  [{ volumeName: "gone" }, 'persistentvolume "gone" not found'],
  [{}, "PersistentVolumeClaim had no pv name and storageClass name"],
  [{ storageClassName: "gone" }, 'storageclass.storage.k8s.io "gone" not found'],
  [{ storageClassName: "bare" }, 'VolumeBindingMode not set for StorageClass "bare"'],
  [{ storageClassName: "now" }, "PersistentVolume had no name"],
  [{ storageClassName: "late" }, undefined],
])("says of a pod whose claim has %j: %s", (spec, reason) => {
  const { cluster } = clusterWith({});
  cluster.objects = {
    ...NO_OBJECTS,
    persistentVolumeClaims: [{ kind: "PersistentVolumeClaim", metadata: { name: "c" }, spec }],
    storageClasses: [
      { kind: "StorageClass", metadata: { name: "bare" } },
      { kind: "StorageClass", metadata: { name: "now" }, volumeBindingMode: "Immediate" },
      { kind: "StorageClass", metadata: { name: "late" }, volumeBindingMode: "WaitForFirstConsumer" },
    ],
  };
  const rejected = { code: "UnschedulableAndUnresolvable", reasons: [reason] };
  const expected = reason === undefined ? undefined : { rejected };
  expect(volumeZone.preFilter?.(cycleFor(cluster, template))).toEqual(expected);
});
