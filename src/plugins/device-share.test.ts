import { describe, expect, it } from "vitest";
import type { DeviceRequest } from "../cluster/device.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, passesAlone } from "../testing/plugin-observations.ts";
import { deviceShare } from "./device-share.ts";

function pod(count: number, milli: number, ...models: string[]): PodTemplate {
  const devices: DeviceRequest = { count, milli, ...(models.length > 0 && { models }) };
  return { name: "p", object: { kind: "Pod" }, devices };
}

/** A node with four devices of which 500, 300, 0 and 1000 thousandths are free. */
function partlyTaken() {
  const drawn = drawCluster("node  devices\nn     4 A100\nnone");
  const { cluster, row } = drawn;
  cluster.assume(0, cluster.kind(pod(1, 500)), row("n"), 0b0001);
  cluster.assume(1, cluster.kind(pod(1, 700)), row("n"), 0b0010);
  cluster.assume(2, cluster.kind(pod(1, 1000)), row("n"), 0b0100);
  return drawn;
}

describe("DeviceShare", () => {
  it.each([
    [250, 0b0010],
    [300, 0b0010],
    [301, 0b0001],
    [600, 0b1000],
    [1000, 0b1000],
  ])("takes a share of %i from the device with the least room that suffices", (milli, expected) => {
    const { cluster, row } = partlyTaken();
    expect(deviceShare.takeDevices?.(cycleFor(cluster, pod(1, milli)), row("n"))).toBe(expected);
  });

  it("takes whole devices in order of index", () => {
    const { cluster, row } = partlyTaken();
    cluster.release(0);
    cluster.release(1);
    expect(deviceShare.takeDevices?.(cycleFor(cluster, pod(2, 1000)), row("n"))).toBe(0b0011);
  });

  it.each<[PodTemplate, string, boolean, string | undefined]>([
    [pod(1, 600), "n", true, undefined],
    [pod(2, 1000), "n", false, "Unschedulable"],
    [pod(5, 1000), "n", false, "UnschedulableAndUnresolvable"],
    [pod(1, 100, "T4"), "n", false, "UnschedulableAndUnresolvable"],
    [pod(1, 100, "T4", "A100"), "n", true, undefined],
    [pod(1, 100), "none", false, "UnschedulableAndUnresolvable"],
    [{ name: "p", object: { kind: "Pod" } }, "none", true, undefined],
  ])("lets %j onto node %s: %s", (template, node, passes, code) => {
    const { cluster, row } = partlyTaken();
    const cycle = cycleFor(cluster, template);
    expect(passesAlone(deviceShare, cycle, row(node))).toBe(passes);
    expect(deviceShare.judge?.(cycle)?.(row(node))?.code).toBe(code);
  });
});
