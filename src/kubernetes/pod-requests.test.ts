import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PodObject, PodSpec, PodStatus } from "./pod.ts";
import { nonZeroRequests, type PodRequestOptions, podRequests, scoringRequests } from "./pod-requests.ts";

const mebibyte = 2 ** 20;

function pod(spec: PodSpec, status: PodStatus = {}): PodObject {
  return { kind: "Pod", spec, status };
}

function asks(requests: Readonly<Record<string, string>>) {
  return { resources: { requests } };
}

function cpuOf(spec: PodSpec, options?: PodRequestOptions): number {
  return Number(podRequests(pod(spec), options).get("cpu") ?? 0n);
}

describe("podRequests", () => {
  it("adds exactly and rounds once", () => {
    expect(cpuOf({ containers: [asks({ cpu: "0.1m" }), asks({ cpu: "0.1m" })] })).toBe(1);
    const memory = pod({ containers: [asks({ memory: "500m" }), asks({ memory: "1500m" })] });
    expect(podRequests(memory).get("memory")).toBe(2n);
  });

  it("wraps beyond 2^63-1", () => {
    const huge = pod({
      containers: [asks({ memory: "6Ei" }), asks({ memory: "6Ei" }), asks({ memory: "1Ei" })],
    });
    expect(podRequests(huge).get("memory")).toBe(-3n * 2n ** 60n);
  });

  it("takes the neediest init container when it needs more than the containers", () => {
    const initContainers = [asks({ cpu: "2" }), asks({ cpu: "500m" })];
    expect(cpuOf({ containers: [asks({ cpu: "1" })], initContainers })).toBe(2000);
    expect(cpuOf({ containers: [asks({ cpu: "3" })], initContainers })).toBe(3000);
  });

  it("keeps sidecars running beside later init containers and beside the containers", () => {
    const sidecar = { ...asks({ cpu: "200m" }), restartPolicy: "Always" };
    expect(
      cpuOf({ containers: [asks({ cpu: "1" })], initContainers: [sidecar, asks({ cpu: "1100m" })] }),
    ).toBe(1300);
    expect(
      cpuOf({ containers: [asks({ cpu: "1" })], initContainers: [asks({ cpu: "1100m" }), sidecar] }),
    ).toBe(1200);
  });

  it("puts pod-level requests in place of the sum, even downwards, and adds the overhead last", () => {
    const spec = {
      containers: [asks({ cpu: "1", memory: "1Mi", "example.com/gpu": "1" })],
      resources: { requests: { cpu: "800m", "example.com/gpu": "7" } },
      overhead: { cpu: "50m" },
    };
    expect(cpuOf(spec)).toBe(850);
    expect(cpuOf(spec, { skipPodLevel: true })).toBe(1050);
    expect(podRequests(pod(spec)).get("example.com/gpu")).toBe(1n);
  });

  it("takes the greatest of three sums for a pod resized in place", () => {
    const spec = {
      containers: [
        { name: "a", ...asks({ cpu: "1" }) },
        { name: "b", ...asks({ cpu: "3" }) },
      ],
    };
    const containerStatuses = [
      { name: "a", allocatedResources: { cpu: "2" }, resources: { requests: { cpu: "5" } } },
      { name: "b", allocatedResources: { cpu: "1" }, resources: { requests: { cpu: "500m" } } },
    ];
    expect(podRequests(pod(spec, { containerStatuses })).get("cpu")).toBe(4000n);
    expect(podRequests(pod(spec, { containerStatuses }), { useStatus: true }).get("cpu")).toBe(5500n);
    const conditions = [{ type: "PodResizePending", status: "True", reason: "Infeasible" }];
    const smaller = [{ name: "a", allocatedResources: { cpu: "2" } }];
    const infeasible = pod(spec, { containerStatuses: smaller, conditions });
    expect(podRequests(infeasible, { useStatus: true }).get("cpu")).toBe(2000n);
  });

  it("reads the pod-level status of a pod resized as a whole", () => {
    const spec = { containers: [asks({ cpu: "1" })], resources: { requests: { cpu: "2" } } };
    const status = { resources: { requests: { cpu: "3" } }, allocatedResources: { cpu: "2500m" } };
    expect(podRequests(pod(spec, status), { useStatus: true }).get("cpu")).toBe(3000n);
    expect(podRequests(pod(spec, status)).get("cpu")).toBe(2000n);
  });

  it("always asks for at least each container's share, in any order of containers", () => {
    const milli = fc.nat({ max: 4000 });
    fc.assert(
      fc.property(
        fc.array(milli, { maxLength: 5 }),
        fc.array(milli, { maxLength: 5 }),
        (containers, inits) => {
          const container = (cpu: number) => asks({ cpu: `${cpu}m` });
          const initContainers = inits.map(container);
          const total = cpuOf({ containers: containers.map(container), initContainers });
          expect(total).toBe(
            Math.max(
              containers.reduce((sum, cpu) => sum + cpu, 0),
              ...inits,
            ),
          );
          expect(cpuOf({ containers: containers.toReversed().map(container), initContainers })).toBe(total);
        },
      ),
    );
  });
});

describe("nonZeroRequests and scoringRequests", () => {
  it("give 100m and 200 MiB to each container that names nothing; an explicit zero stays", () => {
    const spec = { containers: [{}, asks({ cpu: "0" })], initContainers: [{}] };
    const expected = new Map([
      ["cpu", 100n],
      ["memory", BigInt(400 * mebibyte)],
    ]);
    expect(nonZeroRequests(pod(spec))).toEqual(expected);
    expect(scoringRequests(pod(spec))).toEqual(expected);
  });

  it("offers a default beside pod-level requests only for what the pod lacks", () => {
    const spec = { containers: [asks({ memory: "1Mi" }), {}], resources: { requests: { cpu: "800m" } } };
    expect(nonZeroRequests(pod(spec))).toEqual(
      new Map([
        ["cpu", 800n],
        ["memory", BigInt(mebibyte)],
      ]),
    );
    expect(scoringRequests(pod(spec))).toEqual(
      new Map([
        ["cpu", 200n],
        ["memory", BigInt(201 * mebibyte)],
      ]),
    );
  });
});
