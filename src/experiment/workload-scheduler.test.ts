import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSchedulerPerf } from "../workload/read-scheduler-perf.ts";
import type { Workload } from "../workload/workload.ts";
import { policyReference } from "./policy.ts";
import { run } from "./run.ts";
import { policyFor, workloadScheduler } from "./workload-scheduler.ts";

const configuration = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    plugins: { score: { disabled: [{ name: "*" }] } }
  - schedulerName: other
`;

async function workloadOf(more: string): Promise<Workload> {
  const folder = mkdtempSync(join(tmpdir(), "stowage-scheduler-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "scheduler.yaml"), configuration);
  const file = join(folder, "performance-config.yaml");
  const operations =
    "[{ opcode: createNodes, count: 2 }, { opcode: createPods, count: 3, collectMetrics: true }]";
  writeFileSync(file, `- name: Own\n  workloadTemplate: ${operations}\n  workloads: [{ name: w }]\n${more}`);
  const [workload] = await readSchedulerPerf(file, {});
  return { ...workload, content: { ...workload.content, horizonUs: 60e6 } as Workload["content"] };
}

describe("the scheduler of a workload", () => {
  it("is the configuration that a case names, with all of its profiles", async () => {
    const workload = await workloadOf("  schedulerConfigPath: scheduler.yaml\n");
    const { policy, profiles } = await workloadScheduler(workload, {});
    expect(policy).toMatch(/scheduler\.yaml$/);
    expect(profiles?.map(({ name }) => name)).toEqual(["default-scheduler", "other"]);
    expect(await run({ workload, seed: 1 })).toMatchObject({ policy, pods: { bound: 3 } });
  });

  it("is the one asked for, whatever the case names", async () => {
    const workload = await workloadOf("  schedulerConfigPath: scheduler.yaml\n");
    const { policy, profile, profiles } = await workloadScheduler(workload, { policy: "first-fit" });
    expect([policy, profile.name, profiles]).toEqual(["first-fit", "first-fit", undefined]);
  });

  it("has the gates of the case, and those of the user over them", async () => {
    const workload = await workloadOf("  featureGates: { OpportunisticBatching: false }\n");
    const batching = async (featureGates?: Readonly<Record<string, boolean>>) =>
      (await workloadScheduler(workload, { featureGates })).profile.batching !== false;
    expect([await batching(), await batching({ OpportunisticBatching: true })]).toEqual([false, true]);
    const [planned, other] = [await policyReference("default"), await policyReference("first-fit")];
    expect((await policyFor(workload, planned, undefined)).batching).toBe(false);
    expect((await policyFor(workload, other, "random")).tieBreak).toBe("random");
    expect((await workloadScheduler(await workloadOf(""), {})).policy).toBe("default");
  });
});
