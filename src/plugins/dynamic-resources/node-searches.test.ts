import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type {
  DeviceAllocationResult,
  ResourceClaimObject,
  ResourceClaimSpec,
  ResourceSliceObject,
} from "../../kubernetes/device-object.ts";
import { changedList } from "../../kubernetes/list-lineage.ts";
import { NO_OBJECTS } from "../../kubernetes/no-objects.ts";
import { allocatedDevices } from "./allocated-devices.ts";
import { allocate, namedShares } from "./allocator.ts";
import { deviceInventory } from "./device-inventory.ts";
import { DeviceLedger } from "./device-ledger.ts";
import { NodeSearches } from "./node-searches.ts";

const classes = new Map([["any", { kind: "DeviceClass" as const, metadata: { name: "any" } }]]);
const node = { kind: "Node" as const, metadata: { name: "n" } };

/** Two pools: one of whole devices that draw on a counter, one of devices that may be shared. */
const resourceSlices: readonly ResourceSliceObject[] = [
  {
    kind: "ResourceSlice",
    spec: {
      driver: "d",
      pool: { name: "whole", generation: 1, resourceSliceCount: 1 },
      nodeName: "n",
      sharedCounters: [{ name: "set", counters: { memory: { value: "3" } } }],
      devices: ["a", "b", "c"].map((name, i) => ({
        name,
        consumesCounters: [{ counterSet: "set", counters: { memory: { value: i + 1 } } }],
      })),
    },
  },
  {
    kind: "ResourceSlice",
    spec: {
      driver: "d",
      pool: { name: "shared", generation: 1, resourceSliceCount: 1 },
      nodeName: "n",
      devices: [{ name: "s", allowMultipleAllocations: true, capacity: { bandwidth: { value: "4" } } }],
    },
  },
];

const specs: readonly ResourceClaimSpec[] = [1, 2].map((count) => ({
  devices: {
    requests: [{ name: "r", exactly: { deviceClassName: "any", allocationMode: "ExactCount", count } }],
  },
}));

function claim(name: string, results: readonly DeviceAllocationResult[]): ResourceClaimObject {
  return { kind: "ResourceClaim", metadata: { name }, status: { allocation: { devices: { results } } } };
}

const step = fc.record({ kind: fc.constantFrom("hold", "write", "free"), spec: fc.nat(1), place: fc.nat() });

describe("NodeSearches", () => {
  it("always finds what a search from scratch finds, however claims come and go", () => {
    const inventory = deviceInventory({ ...NO_OBJECTS, resourceSlices });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const inFlight = new DeviceLedger();
        const held: { readonly key: string; readonly results: readonly DeviceAllocationResult[] }[] = [];
        let resourceClaims: readonly ResourceClaimObject[] = [];
        for (const [i, { kind, spec, place }] of steps.entries()) {
          const wanted = [{ key: `c${i}`, label: `c${i}`, spec: specs[spec] }];
          const searches = NodeSearches.of(inventory, node);
          const found = searches.allocate(classes, allocatedDevices({ resourceClaims }, inFlight), wanted);
          const fresh = new DeviceLedger();
          for (const { results } of held) fresh.add(results);
          const allocated = allocatedDevices({ resourceClaims: [...resourceClaims] }, fresh);
          const { pools, labels } = searches;
          const expected = allocate({ classes, allocated, pools, labels, nodeName: "n" }, wanted);
          expect(found?.map((results) => namedShares(`c${i}`, results))).toEqual(expected);

          if (kind === "hold" && expected !== undefined) {
            held.push(expected[0]);
            inFlight.add(expected[0].results);
          } else if (kind === "write" && held.length > 0) {
            const { key, results } = held.shift()!;
            inFlight.remove(results);
            resourceClaims = changedList(resourceClaims, [{ before: undefined, after: claim(key, results) }]);
          } else if (kind === "free" && resourceClaims.length > 0) {
            const before = resourceClaims[place % resourceClaims.length];
            resourceClaims = changedList(resourceClaims, [{ before, after: undefined }]);
          }
        }
      }),
    );
  });
});
