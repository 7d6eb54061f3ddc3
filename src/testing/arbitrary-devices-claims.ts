import fc from "fast-check";
import type {
  Device,
  DeviceAttribute,
  DeviceCapacity,
  DeviceClassObject,
  DeviceSelector,
  ResourceSliceObject,
  ResourceSliceSpec,
} from "../kubernetes/device-object.ts";
import type { NodeSelector } from "../kubernetes/node-selector.ts";
import { nodeName, rarely, sparse, weighted, ZONE } from "./arbitrary-parts.ts";
import { someOf } from "./arbitrary-storage-volumes.ts";

/** Names of what claims ask for: few, so that they are there. */
const DEVICE_DRIVERS = ["gpu.example.com", "nic.example.com"];
export const DEVICE_CLASSES = ["any", "gpu", "large", "twin"];
export const BACKED_RESOURCE = "example.com/gpu";

/** One fails at run time for devices that lack what it reads. */
export const arbitrarySelector: fc.Arbitrary<DeviceSelector> = weighted(
  [4, 'device.driver == "gpu.example.com"'],
  [
    3,
    'has(device.attributes["gpu.example.com"].size) && device.attributes["gpu.example.com"].size == "large"',
  ],
  [3, 'device.capacity["gpu.example.com"].?memory.orValue(quantity("0")).compareTo(quantity("20Gi")) >= 0'],
  [3, 'device.attributes["gpu.example.com"].?numa.orValue(0) == 1'],
  [1, '!has(device.attributes["vendor.example"].model) || device.attributes["vendor.example"].model == "A"'],
  [
    1,
    'device.attributes["gpu.example.com"].?firmware.orValue(semver("0.1.0")).isGreaterThan(semver("1.0.0"))',
  ],
  [1, 'device.attributes["gpu.example.com"].size == "small"'],
).map((expression) => ({ cel: { expression } }));

export function arbitraryDeviceClass(name: string): fc.Arbitrary<DeviceClassObject> {
  return fc
    .record({
      selectors: fc.array(arbitrarySelector, { maxLength: name === "any" ? 0 : 1 }),
      backs: weighted([1, true], [2, false]),
      created: fc.constantFrom("2029-01-01T00:00:00Z", "2030-01-01T00:00:00Z", undefined),
    })
    .map(({ selectors, backs, created }) => ({
      kind: "DeviceClass",
      metadata: { name, ...(created !== undefined && { creationTimestamp: created }) },
      spec: { selectors, ...(backs && { extendedResourceName: BACKED_RESOURCE }) },
    }));
}

const requestPolicy = fc.constantFrom<DeviceCapacity["requestPolicy"]>(
  { default: "5Gi" },
  { default: "5Gi", validValues: ["5Gi", "10Gi"] },
  { default: "1Gi", validRange: { min: "2Gi", max: "16Gi", step: "3Gi" } },
  { validRange: { min: "4Gi" } },
);

const forNodes: fc.Arbitrary<Pick<ResourceSliceSpec, "nodeName" | "allNodes" | "nodeSelector">> = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 2 }).map((place) => ({ nodeName: nodeName(place) })) },
  { weight: 1, arbitrary: fc.constant({ allNodes: true }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<NodeSelector>(
        { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: ["a"] }] }] },
        {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n001"] }] }],
        },
      )
      .map((nodeSelector) => ({ nodeSelector })),
  },
);

const device = fc
  .record({
    attributes: sparse<Record<string, DeviceAttribute>>({
      size: weighted<DeviceAttribute | undefined>(
        [4, { string: "small" }],
        [4, { string: "large" }],
        [1, undefined],
      ),
      numa: weighted<DeviceAttribute | undefined>(
        [3, { int: 0 }],
        [3, { int: 1 }],
        [1, { string: "1" }],
        [1, undefined],
      ),
      firmware: weighted<DeviceAttribute | undefined>(
        [2, undefined],
        [1, { version: "1.2.0" }],
        [1, { version: "0.9.1" }],
      ),
      "vendor.example/model": weighted<DeviceAttribute | undefined>(
        [2, undefined],
        [1, { string: "A" }],
        [1, { string: "B" }],
      ),
    }),
    capacity: sparse<Record<string, DeviceCapacity>>({
      memory: rarely(
        80,
        someOf<DeviceCapacity>({
          value: fc.constantFrom("10Gi", "20Gi", "40Gi"),
          requestPolicy: rarely(30, requestPolicy),
        }),
      ),
    }),
    rest: someOf<Device>({
      taints: rarely(
        15,
        fc.constantFrom(
          [{ key: "broken", effect: "NoSchedule" as const }],
          [{ key: "broken", value: "yes", effect: "NoExecute" as const }],
          [{ key: "worn", effect: "PreferNoSchedule" as const }],
        ),
      ),
      allowMultipleAllocations: weighted<boolean | undefined>([5, undefined], [2, true], [1, false]),
      bindingConditions: rarely(5, fc.constant(["ready"])),
      consumesCounters: rarely(
        25,
        fc.constantFrom("1", "2").map((value) => [{ counterSet: "set", counters: { slots: { value } } }]),
      ),
    }),
    where: forNodes,
  })
  .map(({ rest, where, ...fields }) => ({ ...fields, ...rest, ...where }));

const slice = fc.record({
  driver: weighted([4, DEVICE_DRIVERS[0]], [1, DEVICE_DRIVERS[1]]),
  generation: weighted([12, 1], [1, 2]),
  where: forNodes,
  perDevice: weighted([10, false], [1, true]),
  missing: weighted([20, 0], [1, 1]),
  devices: fc.array(device, { maxLength: 4 }),
  twice: weighted([30, false], [1, true]),
  counters: weighted([10, true], [1, false]),
});

/** Slices whose pools are complete but for a few: one pool for each node, and one for the others. */
export const arbitraryResourceSlices: fc.Arbitrary<readonly ResourceSliceObject[]> = fc
  .array(slice, { minLength: 1, maxLength: 5 })
  .map((slices) => {
    const pools = slices.map(({ where, driver, generation }) =>
      JSON.stringify([driver, where.nodeName ?? "shared", generation]),
    );
    return slices.map(({ driver, generation, where, perDevice, missing, devices, twice, counters }, i) => {
      const named = devices.map((one, k) => ({ name: twice ? "same" : `d${i}-${k}`, ...one }));
      const firstOfPool = pools.indexOf(pools[i]) === i;
      return {
        kind: "ResourceSlice",
        metadata: { name: `slice-${(i * 7) % 5}` },
        spec: {
          driver,
          pool: {
            name: where.nodeName ?? "shared",
            generation,
            resourceSliceCount: pools.filter((pool) => pool === pools[i]).length + missing,
          },
          ...(perDevice && where.nodeName === undefined ? { perDeviceNodeSelection: true } : where),
          devices: named,
          ...(firstOfPool &&
            counters && { sharedCounters: [{ name: "set", counters: { slots: { value: "3" } } }] }),
        },
      };
    });
  });
