import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { profilesOf } from "./profiles-of.ts";
import { readConfiguration } from "./read-configuration.ts";

const script = new URL("../plugins/extender/testdata/extender.py", import.meta.url).pathname;
const python = spawnSync("python3", ["--version"]).status === 0;
if (!python) console.warn("tests of configured extenders skipped: no python3; install it to run them");

describe.skipIf(!python)("extenders of a KubeSchedulerConfiguration", () => {
  let server: ChildProcess & {
    readonly stdin: NodeJS.WritableStream;
    readonly stdout: NodeJS.ReadableStream;
  };
  let url = "";

  beforeAll(async () => {
    server = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
    const [port] = (await once(createInterface(server.stdout), "line")) as [string];
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(() => {
    server.stdin.end();
  });

  /** Where a pod goes among nodes with labels, under a configuration with these extenders. */
  function schedule(extenders: string, requests: Readonly<Record<string, string>> = { cpu: "100m" }) {
    const text = `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nextenders:\n${extenders}`;
    const [profile] = profilesOf(readConfiguration(text, "scheduler.yaml"));
    const cluster = new Cluster();
    const labels = [
      { disk: "hdd", points: "10" },
      { disk: "ssd", points: "1" },
      { disk: "ssd", points: "9" },
      { disk: "gone", points: "10" },
    ];
    labels.forEach((own, i) => {
      const allocatable = { cpu: 4, memory: "8Gi", pods: 9 };
      cluster.addNode({
        object: { kind: "Node", metadata: { name: `n${i}`, labels: own }, status: { allocatable } },
      });
    });
    const containers = [{ name: "c", resources: { requests } }];
    const pod = cluster.kind({
      name: "p",
      object: { kind: "Pod", metadata: { name: "p" }, spec: { containers } },
    });
    const cycle = new SchedulingCycle({ cluster, profile: { ...profile, tieBreak: "first" }, seed: 1 });
    const { node, error, feasible } = cycle.run(0, pod, 1);
    return { node, error, feasible, messages: cycle.postFilter()?.message() };
  }

  it("filter and score", () => {
    expect(schedule(`- urlPrefix: ${url}/\n  filterVerb: filter\n`)).toMatchObject({ node: 1, feasible: 2 });
    const both = `- urlPrefix: ${url}\n  filterVerb: filter\n  prioritizeVerb: prioritize\n  weight: 3\n`;
    expect(schedule(both)).toMatchObject({ node: 2, feasible: 2 });
  });

  it("time out, and then fail the attempt, or are passed over when they are ignorable", () => {
    const slow = `- urlPrefix: ${url}\n  filterVerb: slow\n  httpTimeout: 200ms\n`;
    const { node, error } = schedule(slow);
    expect(node).toBe(-1);
    expect(error).toMatch(/deadline exceeded/);
    expect(schedule(`${slow}  ignorable: true\n`)).toMatchObject({ node: 0, error: undefined });
  });

  it("fail in the order of importance: ignorable ones are asked last", () => {
    const broken = `- urlPrefix: ${url}\n  filterVerb: broken\n  ignorable: true\n`;
    const refusing = `- urlPrefix: ${url}\n  filterVerb: refuse\n`;
    expect(schedule(broken + refusing)).toMatchObject({ node: -1, error: "refused on purpose" });
  });

  it("make NodeResourcesFit blind to resources that they say are theirs", () => {
    const managing = `- urlPrefix: ${url}\n  filterVerb: filter\n  managedResources:\n  - name: example.com/fpga\n`;
    const requests = { "example.com/fpga": "1" };
    expect(schedule(managing, requests)).toMatchObject({ node: -1, error: undefined });
    expect(schedule(`${managing}    ignoredByScheduler: true\n`, requests)).toMatchObject({ node: 1 });
    // A pod that asks for none of them is none of their business.
    expect(schedule(managing)).toMatchObject({ node: 0, feasible: 4 });
  });
});
