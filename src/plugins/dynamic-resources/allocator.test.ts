import { describe, expect, it } from "vitest";
import type {
  Device,
  DeviceAllocationResult,
  DeviceRequest,
  ResourceClaimSpec,
  ResourceSliceSpec,
} from "../../kubernetes/device-object.ts";
import { NO_OBJECTS } from "../../kubernetes/no-objects.ts";
import { type AllocatedDevices, allocatedDevices } from "./allocated-devices.ts";
import { allocate } from "./allocator.ts";
import { deviceInventory } from "./device-inventory.ts";
import { DeviceLedger } from "./device-ledger.ts";
import { poolsOf } from "./pools.ts";

const classes = new Map([["any", { kind: "DeviceClass" as const, metadata: { name: "any" } }]]);
const nobody = held([]);

function held(results: readonly DeviceAllocationResult[]): AllocatedDevices {
  const ledger = new DeviceLedger();
  ledger.add(results);
  return allocatedDevices(NO_OBJECTS, ledger);
}

function whole(...devices: readonly string[]): AllocatedDevices {
  return held(devices.map((device) => ({ driver: "d", pool: "p", device })));
}

/** The devices that each claim gets from one slice of a node, or undefined. */
function devicesFor(
  slice: Omit<ResourceSliceSpec, "driver" | "pool" | "nodeName">,
  claims: readonly NonNullable<ResourceClaimSpec["devices"]>[],
  allocated = nobody,
): readonly (readonly string[])[] | undefined {
  const spec = {
    driver: "d",
    pool: { name: "p", generation: 1, resourceSliceCount: 1 },
    nodeName: "n",
    ...slice,
  };
  const inventory = deviceInventory({ ...NO_OBJECTS, resourceSlices: [{ kind: "ResourceSlice", spec }] });
  const labels = new Map<string, string>();
  const view = { classes, allocated, pools: poolsOf(inventory, labels, "n"), labels, nodeName: "n" };
  const wanted = claims.map((devices, i) => ({
    key: `default/c${i}`,
    label: `default/c${i}`,
    spec: { devices },
  }));
  return allocate(view, wanted)?.map(({ results }) => results.map(({ device = "" }) => device));
}

function request(name: string, exactly: DeviceRequest["exactly"]): DeviceRequest {
  return { name, exactly: { deviceClassName: "any", allocationMode: "ExactCount", count: 1, ...exactly } };
}

const one = { requests: [request("r", {})] };
const plain: readonly Device[] = [{ name: "a" }, { name: "b" }, { name: "c" }];

describe("allocate", () => {
  it("takes the first devices that are free, in the order of the slice", () => {
    const allocated = whole("a");
    expect(devicesFor({ devices: plain }, [one, one], allocated)).toEqual([["b"], ["c"]]);
    expect(devicesFor({ devices: plain }, [one, one, one], allocated)).toBeUndefined();
  });

  it("goes back when a later request finds nothing", () => {
    const devices = [
      { name: "a", attributes: { numa: { int: 0 } } },
      { name: "b", attributes: { numa: { int: 1 } } },
      { name: "c", attributes: { numa: { int: 1 } } },
    ];
    const claim = { requests: [request("r", { count: 2 })], constraints: [{ matchAttribute: "d/numa" }] };
    expect(devicesFor({ devices }, [claim])).toEqual([["b", "c"]]);
    const spread = { requests: [request("r", { count: 2 })], constraints: [{ distinctAttribute: "d/numa" }] };
    expect(devicesFor({ devices }, [spread])).toEqual([["a", "b"]]);
  });

  it("lets admin access take devices in use, once per claim", () => {
    const allocated = whole("a", "b", "c");
    const claim = { requests: [request("r", { adminAccess: true, count: 2 })] };
    expect(devicesFor({ devices: plain }, [claim, claim], allocated)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("leaves tainted devices to those who tolerate them", () => {
    const devices: Device[] = [{ name: "a", taints: [{ key: "bad", effect: "NoSchedule" }] }, { name: "b" }];
    expect(devicesFor({ devices }, [one])).toEqual([["b"]]);
    const tolerant = { requests: [request("r", { tolerations: [{ key: "bad", operator: "Exists" }] })] };
    expect(devicesFor({ devices }, [tolerant])).toEqual([["a"]]);
  });

  it("draws on shared counters, also for devices in use", () => {
    const consumes = (value: string) => [{ counterSet: "gpu", counters: { memory: { value } } }];
    const slice = {
      sharedCounters: [{ name: "gpu", counters: { memory: { value: "40Gi" } } }],
      devices: [
        { name: "whole", consumesCounters: consumes("40Gi") },
        { name: "half-1", consumesCounters: consumes("20Gi") },
        { name: "half-2", consumesCounters: consumes("20Gi") },
      ],
    };
    expect(devicesFor(slice, [one])).toEqual([["whole"]]);
    expect(devicesFor(slice, [one, one])).toEqual([["half-1"], ["half-2"]]);
    const allocated = whole("half-1");
    expect(devicesFor(slice, [one], allocated)).toEqual([["half-2"]]);
  });

  it("shares a device until its capacity is consumed, by its policy", () => {
    const devices: Device[] = [
      {
        name: "a",
        allowMultipleAllocations: true,
        capacity: {
          bandwidth: {
            value: "10",
            requestPolicy: { default: "2", validRange: { min: "2", step: "2", max: "8" } },
          },
        },
      },
    ];
    const asks = (bandwidth: string) => ({
      requests: [request("r", { capacity: { requests: { bandwidth } } })],
    });
    expect(devicesFor({ devices }, [asks("3"), asks("5")])).toEqual([["a"], ["a"]]);
    expect(devicesFor({ devices }, [asks("3"), asks("7")])).toBeUndefined();
    expect(devicesFor({ devices }, [asks("9")])).toBeUndefined();
    const results = [
      { driver: "d", pool: "p", device: "a", shareID: "s", consumedCapacity: { bandwidth: "8" } },
    ];
    const allocated = held(results);
    expect(devicesFor({ devices }, [one], allocated)).toEqual([["a"]]);
    expect(devicesFor({ devices }, [asks("3")], allocated)).toBeUndefined();
  });

  it("takes the next alternative when the preferred one fails", () => {
    const preferred = (first: number) => ({
      requests: [
        {
          name: "r",
          firstAvailable: [
            { name: "many", deviceClassName: "any", count: first },
            { name: "few", deviceClassName: "any", count: 1 },
          ],
        },
      ],
    });
    expect(devicesFor({ devices: plain }, [preferred(2)])).toEqual([["a", "b"]]);
    expect(devicesFor({ devices: plain }, [preferred(4)])).toEqual([["a"]]);
    expect(devicesFor({ devices: plain }, [preferred(33)])).toEqual([["a"]]);
  });

  it("fails a request for all when one is in use, and says so when the claim wants too many", () => {
    const all = { requests: [request("r", { allocationMode: "All" })] };
    expect(devicesFor({ devices: plain }, [all])).toEqual([["a", "b", "c"]]);
    expect(devicesFor({ devices: plain }, [all], whole("b"))).toBeUndefined();
    expect(() => devicesFor({ devices: plain }, [{ requests: [request("r", { count: 33 })] }])).toThrow(
      "claim default/c0: number of requested devices 33 exceeds the claim limit of 32",
    );
  });

  it("never takes devices of a pool that is incomplete or invalid", () => {
    const pool = { name: "p", generation: 1, resourceSliceCount: 2 };
    const inventory = deviceInventory({
      ...NO_OBJECTS,
      resourceSlices: [{ kind: "ResourceSlice", spec: { driver: "d", pool, nodeName: "n", devices: plain } }],
    });
    expect(poolsOf(inventory, new Map(), "n")).toMatchObject([{ incomplete: true, invalid: false }]);
    expect(devicesFor({ devices: [{ name: "a" }, { name: "a" }] }, [one])).toBeUndefined();
  });
});
