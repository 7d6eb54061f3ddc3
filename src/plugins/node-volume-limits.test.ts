import { expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import type { Volume } from "../kubernetes/volume.ts";
import type { Status } from "../scheduler/status.ts";
import { cycleFor } from "../testing/plugin-observations.ts";
import { nodeVolumeLimits } from "./node-volume-limits.ts";

const DRIVER = "csi.example.com";
const TOO_MANY = { code: "Unschedulable", reasons: ["node(s) exceed max volume count"] };

function pod(...volumes: Volume[]): PodTemplate {
  return { name: "p", object: { kind: "Pod", metadata: { name: "p" }, spec: { volumes } } };
}

function claimed(claimName: string): Volume {
  return { persistentVolumeClaim: { claimName } };
}

/** A claim that is bound to a volume of its name. */
function bound(name: string): [PersistentVolumeClaimObject, PersistentVolumeObject] {
  return [
    { kind: "PersistentVolumeClaim", metadata: { name }, spec: { volumeName: name } },
    { kind: "PersistentVolume", metadata: { name }, spec: { csi: { driver: DRIVER, volumeHandle: name } } },
  ];
}

const pairs = ["a", "b", "c"].map(bound);
const stored: Partial<KubernetesObjects> = {
  persistentVolumeClaims: pairs.map(([claim]) => claim),
  persistentVolumes: pairs.map(([, volume]) => volume),
};

/** What is said of a pod on a node with a limit (undefined: no CSINode) and one pod already. */
function verdict(options: {
  readonly limit?: number;
  readonly driver?: string;
  readonly there?: PodTemplate;
  readonly wanted: PodTemplate;
  readonly objects?: Partial<KubernetesObjects>;
}): Status | undefined {
  const { limit: count, driver: name = DRIVER, there, wanted, objects } = options;
  const cluster = new Cluster();
  const node = cluster.addNode({ object: { kind: "Node", metadata: { name: "n" } } });
  const csiNode = { kind: "CSINode", metadata: { name: "n" } } as const;
  const csiNodes =
    count === undefined ? [] : [{ ...csiNode, spec: { drivers: [{ name, allocatable: { count } }] } }];
  cluster.objects = { ...NO_OBJECTS, ...stored, csiNodes, ...objects };
  if (there !== undefined) cluster.assume(0, cluster.kind(there), node, 0);
  return nodeVolumeLimits.judge?.(cycleFor(cluster, wanted))?.(node);
}

it("counts a volume once that several pods of the node use", () => {
  const wanted = pod(claimed("a"), claimed("b"));
  expect(verdict({ limit: 2, there: pod(claimed("a")), wanted })).toBeUndefined();
  expect(verdict({ limit: 2, there: pod(claimed("c")), wanted })).toEqual(TOO_MANY);
  expect(verdict({ there: pod(claimed("c")), wanted })).toBeUndefined();
});

it("counts a volume twice that the node has by its VolumeAttachment alone", () => {
  const spec = { attacher: DRIVER, nodeName: "n", source: { persistentVolumeName: "a" } };
  const objects = { volumeAttachments: [{ kind: "VolumeAttachment", spec }] } as const;
  expect(verdict({ limit: 1, wanted: pod(claimed("a")), objects })).toEqual(TOO_MANY);
  expect(verdict({ limit: 2, wanted: pod(claimed("a")), objects })).toBeUndefined();
});

it("counts volumes of in-tree sources for the driver that stands for them", () => {
  const wanted = pod({ awsElasticBlockStore: { volumeID: "v" } });
  expect(verdict({ limit: 0, driver: "ebs.csi.aws.com", wanted })).toEqual(TOO_MANY);
  expect(verdict({ limit: 0, wanted })).toBeUndefined();
  expect(verdict({ limit: 0, wanted: pod({ iscsi: { iqn: "q" } }) })).toBeUndefined();
});

it("rejects a node without the driver when the driver says so", () => {
  const spec = { preventPodSchedulingIfMissing: true };
  const objects = { csiDrivers: [{ kind: "CSIDriver", metadata: { name: DRIVER }, spec }] } as const;
  const reasons = [`${DRIVER} CSI driver is not installed on the node`];
  expect(verdict({ wanted: pod(claimed("a")), objects })).toEqual({ code: "Unschedulable", reasons });
  expect(verdict({ limit: 1, wanted: pod(claimed("a")), objects })).toBeUndefined();
});

it("fails the cycle over a claim that was made for another pod", () => {
  const wanted = pod({ name: "v", ephemeral: {} });
  const claim = { kind: "PersistentVolumeClaim", metadata: { name: "p-v" } } as const;
  const text = "PVC default/p-v was not created for pod default/p (pod is not owner)";
  expect(() => verdict({ limit: 1, wanted, objects: { persistentVolumeClaims: [claim] } })).toThrow(text);
});
