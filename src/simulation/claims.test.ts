import { describe, expect, it } from "vitest";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { ResourceClaimObject, ResourceSliceObject } from "../kubernetes/device-object.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import { dynamicResources } from "../plugins/dynamic-resources.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { volumeBinding } from "../plugins/volume-binding.ts";
import { defineProfile } from "../scheduler/profile.ts";
import type { Trace } from "../trace/trace.ts";
import type { PhaseOperation, Surroundings } from "../workload/scenario.ts";
import { simulate } from "./simulate.ts";

const S = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

const added = ["DynamicResources", "VolumeBinding"];
const profile = defineProfile({
  ...shippedProfile("default"),
  plugins: [
    ...shippedProfile("default").plugins.filter(({ plugin }) => !added.includes(plugin.name)),
    { plugin: volumeBinding() },
    { plugin: dynamicResources() },
  ],
});

function node(name: string): NodeSpec {
  const status = { allocatable: { cpu: "4", memory: "8Gi", pods: "10" } };
  return { object: { kind: "Node", metadata: { name, labels: { host: name } }, status } };
}

function pod(spec: PodSpec): PodTemplate {
  return { name: "t", object: { kind: "Pod", metadata: { namespace: "default" }, spec } };
}

/** Template, arrival and run time, in seconds. */
type Arrival = readonly [PodTemplate, number, number];

function run(
  pods: readonly Arrival[],
  surroundings: Partial<Surroundings>,
  operations: PhaseOperation[] = [],
): Trace {
  const nodes = [node("a"), node("b")];
  const never = () => new Float64Array(2).fill(NEVER);
  return simulate({
    scenario: {
      nodes,
      nodeTimes: { joinUs: new Float64Array(2), cordonUs: never(), uncordonUs: never(), lostUs: never() },
      templates: pods.map(([template]) => template),
      pods: {
        count: pods.length,
        template: Int32Array.from(pods, (_, row) => row),
        arrivalUs: Float64Array.from(pods, ([, at]) => at * S),
        runUs: Float64Array.from(pods, ([, , runs]) => runs * S),
        boundTo: new Int32Array(pods.length).fill(-1),
        nameOf: (row) => `default/pod-${row}`,
      },
      phases: [
        {
          name: "all",
          firstPod: 0,
          endPod: pods.length,
          completeWhen: "created",
          measured: true,
          operations,
        },
      ],
      churn: [],
      horizonUs: 1000 * S,
      surroundings,
    },
    profile,
    seed: 1,
    costs: { attemptUs: 1000, nodeUs: 0, bindUs: 2000, startUs: 3000, nodeLossUs: 10 * S },
    names: { workload: "test", as: "", version: "0" },
  });
}

/** One device on a node. */
function slice(name: string): ResourceSliceObject {
  const pool = { name, generation: 1, resourceSliceCount: 1 };
  return {
    kind: "ResourceSlice",
    metadata: { name },
    spec: { driver: "gpu.example.com", pool, nodeName: name, devices: [{ name: "gpu-0" }] },
  };
}

const request = { devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu" } }] } };
const devices: Partial<Surroundings> = {
  deviceClasses: [{ kind: "DeviceClass", metadata: { name: "gpu" } }],
  resourceSlices: [slice("a"), slice("b")],
  resourceClaimTemplates: [
    {
      kind: "ResourceClaimTemplate",
      metadata: { name: "one-gpu", namespace: "default" },
      spec: { spec: request },
    },
  ],
};
const ownGpu = pod({ resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "one-gpu" }] });

function claim(name: string): ResourceClaimObject {
  return { kind: "ResourceClaim", metadata: { name, namespace: "default" }, spec: request };
}

function uses(name: string): PodTemplate {
  return pod({ resourceClaims: [{ name: "gpu", resourceClaimName: name }] });
}

describe("resource claims in a run", () => {
  it("are made for each pod from its template, and free their devices when it ends", () => {
    const { pods } = run(
      [
        [ownGpu, 0, 20],
        [ownGpu, 1, 500],
        [ownGpu, 2, 500],
      ],
      devices,
    );
    expect(Array.from(pods.node.slice(0, 2)).sort((a, b) => a - b)).toEqual([0, 1]);
    expect(pods.node[2]).toBe(pods.node[0]);
    expect(pods.scheduledUs[2]).toBe(pods.finishedUs[0] + 1000);
  });

  it("are shared by pods on one node, and given back when the last of them is gone", () => {
    const { pods } = run(
      [
        [uses("shared"), 0, 10],
        [uses("shared"), 1, 20],
        [ownGpu, 2, 500],
        [ownGpu, 3, 500],
      ],
      { ...devices, resourceClaims: [claim("shared")] },
    );
    expect(pods.node[1]).toBe(pods.node[0]);
    expect(pods.scheduledUs[3]).toBe(pods.finishedUs[1] + 1000);
  });

  it.each(["default", ""])(
    "can be allocated outside of the scheduler (namespace %j, empty: all), which then has no device left",
    (namespace) => {
      const { pods } = run(
        [[ownGpu, 0, 10]],
        { ...devices, resourceClaims: [claim("first"), claim("second"), claim("third")] },
        [{ kind: "allocateClaims", namespace }],
      );
      expect(pods.node[0]).toBe(-1);
    },
  );

  it("are not made for a pod that has them already", () => {
    const { object, ...rest } = ownGpu;
    const status = { resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "mine" }] };
    const metadata = { ...object.metadata, name: "owner", uid: "uid-owner" };
    const controller = { apiVersion: "v1", kind: "Pod", name: "owner", uid: "uid-owner", controller: true };
    const mine = claim("mine");
    const { pods } = run(
      [
        [{ ...rest, object: { ...object, metadata, status } }, 1, 10],
        [uses("mine"), 0, 500],
      ],
      {
        ...devices,
        resourceClaims: [{ ...mine, metadata: { ...mine.metadata, ownerReferences: [controller] } }],
      },
    );
    // One claim, one device, one node.
    expect(pods.node[0]).toBe(pods.node[1]);
  });

  it("keep a pod out of the queue while they are missing", () => {
    const { pods } = run([[uses("late"), 0, 10]], devices);
    expect([pods.attempts[0], pods.node[0]]).toEqual([0, -1]);
  });
});

describe("volume claims in a run", () => {
  const volumeOn = (name: string, host: string): PersistentVolumeObject => {
    const matchExpressions = [{ key: "host", operator: "In" as const, values: [host] }];
    const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions }] } };
    return {
      kind: "PersistentVolume",
      metadata: { name },
      spec: { capacity: { storage: "10" }, storageClassName: "local", nodeAffinity },
      status: { phase: "Available" },
    };
  };
  const volumeClaim = (name: string): PersistentVolumeClaimObject => ({
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { resources: { requests: { storage: "10" } }, storageClassName: "local" },
  });
  const storageClass = {
    kind: "StorageClass",
    metadata: { name: "local" },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  } as const;
  const withVolume = (claimName: string): PodTemplate =>
    pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName } }] });

  it("take a volume each, and stay bound to it when their pod is gone", () => {
    const { pods } = run(
      [
        [withVolume("one"), 0, 5],
        [withVolume("two"), 1, 5],
        [withVolume("one"), 20, 5],
        [withVolume("three"), 21, 5],
      ],
      {
        storageClasses: [storageClass],
        persistentVolumes: [volumeOn("v-a", "a"), volumeOn("v-b", "b")],
        persistentVolumeClaims: ["one", "two", "three"].map(volumeClaim),
      },
    );
    expect([pods.node[0], pods.node[1]].sort((a, b) => a - b)).toEqual([0, 1]);
    expect(pods.node[2]).toBe(pods.node[0]);
    expect(pods.node[3]).toBe(-1);
  });
});
