import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Container } from "../kubernetes/container.ts";
import type {
  DeviceConstraint,
  DeviceRequest,
  ExactDeviceRequest,
  ResourceClaimObject,
  ResourceSliceObject,
} from "../kubernetes/device-object.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { PodResourceClaim } from "../kubernetes/pod.ts";
import {
  arbitraryDeviceClass,
  arbitraryResourceSlices,
  arbitrarySelector,
  BACKED_RESOURCE,
  DEVICE_CLASSES,
} from "./arbitrary-devices-claims.ts";
import { nodeName, rarely, weighted } from "./arbitrary-parts.ts";
import { someOf } from "./arbitrary-storage-volumes.ts";
import { arbitraryLabelledNodes, type ClusterWithObjects } from "./arbitrary-volumes.ts";

/** The last is made from a template, so that no pod names it twice. */
const CLAIM_NAMES = ["k0", "k1", "k2", "k3", "k4"];
const NAMED_CLAIMS = CLAIM_NAMES.slice(0, 4);

const exactly = someOf<ExactDeviceRequest>({
  deviceClassName: weighted([8, "any"], [3, "gpu"], [2, "large"], [2, "twin"]),
  selectors: rarely(30, fc.array(arbitrarySelector, { minLength: 1, maxLength: 2 })),
  allocationMode: weighted<string | undefined>([4, undefined], [6, "ExactCount"], [2, "All"]),
  count: weighted<number | undefined>([2, undefined], [20, 1], [8, 2], [4, 3], [1, 33]),
  adminAccess: weighted<boolean | undefined>([12, undefined], [1, true]),
  tolerations: rarely(
    15,
    fc.constantFrom(
      [{ operator: "Exists" as const }],
      [{ key: "broken", operator: "Equal" as const, value: "yes" }],
    ),
  ),
  capacity: rarely(
    20,
    fc.constantFrom("1Gi", "4Gi", "9Gi", "30Gi").map((memory) => ({ requests: { memory } })),
  ),
});

const subrequests = fc
  .array(exactly, { minLength: 1, maxLength: 3 })
  .map((list) => list.map((one, i) => ({ name: `s${i}`, ...one })));

const requests: fc.Arbitrary<readonly DeviceRequest[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: exactly.map((one): DeviceRequest => ({ exactly: one })) },
      { weight: 2, arbitrary: subrequests.map((firstAvailable): DeviceRequest => ({ firstAvailable })) },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) => list.map((one, i) => ({ name: `r${i}`, ...one })));

const constraint: fc.Arbitrary<DeviceConstraint> = fc
  .record({
    named: weighted<readonly string[] | undefined>([3, undefined], [1, ["r0"]], [1, ["r0", "r1/s0"]]),
    attribute: fc.constantFrom("gpu.example.com/numa", "gpu.example.com/size", "vendor.example/model"),
    match: fc.boolean(),
  })
  .map(({ named, attribute, match }) => ({
    ...(named !== undefined && { requests: named }),
    ...(match ? { matchAttribute: attribute } : { distinctAttribute: attribute }),
  }));

interface DrawnClaim {
  readonly devices: NonNullable<NonNullable<ResourceClaimObject["spec"]>["devices"]>;
  readonly unknownClass: boolean;
  readonly heldDevice: number | undefined;
  readonly where: number | undefined;
  readonly deleting: boolean;
}

const claim: fc.Arbitrary<DrawnClaim> = fc.record({
  devices: fc.record({
    requests,
    constraints: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(constraint, { minLength: 1, maxLength: 2 }) },
    ),
  }),
  unknownClass: weighted([30, false], [1, true]),
  heldDevice: rarely(20, fc.nat({ max: 20 })),
  where: rarely(70, fc.nat({ max: 2 })),
  deleting: weighted([50, false], [1, true]),
});

/** A claim; one that holds a device got it for its first request. */
function claimObject(
  name: string,
  { devices, unknownClass, heldDevice, where, deleting }: DrawnClaim,
  slices: readonly ResourceSliceObject[],
): ResourceClaimObject {
  const metadata = { name, ...(deleting && { deletionTimestamp: "2030-01-01T00:00:00Z" }) };
  const asked = unknownClass
    ? { ...devices, requests: [{ name: "r0", exactly: { deviceClassName: "nowhere" } }] }
    : devices;
  const known = slices.flatMap(({ spec }) =>
    (spec?.devices ?? []).map(({ name: device = "", allowMultipleAllocations }) => ({
      driver: spec?.driver ?? "",
      pool: spec?.pool?.name ?? "",
      device,
      ...(allowMultipleAllocations === true && { shareID: "before", consumedCapacity: { memory: "5Gi" } }),
    })),
  );
  if (heldDevice === undefined || known.length === 0) {
    return { kind: "ResourceClaim", metadata, spec: { devices: asked } };
  }
  const [first] = devices.requests ?? [];
  const request = first?.firstAvailable === undefined ? "r0" : `r0/${first.firstAvailable.at(-1)?.name}`;
  const values = [nodeName(where ?? 0)];
  const selector = {
    nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values }] }],
  };
  const allocation = {
    devices: { results: [{ request, ...known[heldDevice % known.length] }] },
    ...(where !== undefined && { nodeSelector: selector }),
  };
  return { kind: "ResourceClaim", metadata, spec: { devices }, status: { allocation } };
}

const references: fc.Arbitrary<readonly PodResourceClaim[]> = fc
  .uniqueArray(fc.constantFrom<string>(...NAMED_CLAIMS, ...NAMED_CLAIMS, "missing", "made"), { maxLength: 2 })
  .map((names) =>
    names.map((name) =>
      name === "made" ? { name, resourceClaimTemplateName: "t" } : { name, resourceClaimName: name },
    ),
  );

const container: fc.Arbitrary<Container> = fc
  .record({
    amount: weighted<string | undefined>([8, undefined], [2, "1"], [1, "2"]),
    other: weighted<string | undefined>([12, undefined], [1, "1"]),
    keepsRunning: fc.boolean(),
  })
  .map(({ amount, other, keepsRunning }) => ({
    name: "c",
    resources: {
      requests: {
        cpu: "1",
        ...(amount !== undefined && { [BACKED_RESOURCE]: amount }),
        ...(other !== undefined && { "example.com/fpga": other }),
      },
    },
    ...(keepsRunning && { restartPolicy: "Always" as const }),
  }));

const pod = fc.record({
  references,
  containers: fc.array(container, { minLength: 1, maxLength: 2 }),
  initContainers: fc.array(container, { maxLength: 1 }),
  made: fc.constantFrom("k4", "k4", undefined, "nothing"),
});

/** Clusters in which devices decide where pods go. */
export const arbitraryClaimCluster: fc.Arbitrary<ClusterWithObjects> = fc
  .record({
    nodes: arbitraryLabelledNodes,
    offered: fc.tuple(
      ...[0, 1, 2, 3].map(() => weighted<string | undefined>([3, undefined], [1, "0"], [1, "2"])),
    ),
    classes: fc.tuple(...DEVICE_CLASSES.map(arbitraryDeviceClass)),
    slices: arbitraryResourceSlices,
    claims: fc.tuple(...CLAIM_NAMES.map(() => claim)),
    pods: fc.array(pod, { minLength: 1, maxLength: 3 }),
  })
  .map(({ nodes, offered, classes, slices, claims, pods }) => ({
    nodes: nodes.map(({ object }, i): NodeSpec => {
      const amount = offered[i];
      const allocatable = { cpu: "64", ...(amount !== undefined && { [BACKED_RESOURCE]: amount }) };
      return { object: { ...object, status: { allocatable } } };
    }),
    objects: {
      ...NO_OBJECTS,
      deviceClasses: classes,
      resourceSlices: slices,
      resourceClaims: claims.map((one, i) => claimObject(CLAIM_NAMES[i], one, slices)),
    },
    placed: [],
    pods: pods.map(({ references: resourceClaims, containers, initContainers, made }, i): PodTemplate => {
      const status = {
        name: "made",
        ...(made !== "nothing" && made !== undefined && { resourceClaimName: made }),
      };
      return {
        name: "p",
        object: {
          kind: "Pod",
          metadata: { name: `pod-${i}` },
          spec: { resourceClaims, containers, initContainers },
          ...(made !== undefined && { status: { resourceClaimStatuses: [status] } }),
        },
      };
    }),
  }));
