import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkInvariants } from "../invariants/check-invariants.ts";
import {
  listSchedulerPerf,
  readSchedulerPerf,
  type SchedulerPerfWorkload,
  schedulerPerfFiles,
} from "../workload/read-scheduler-perf.ts";
import { type MeasuredCase, measureCase } from "./bench-case.ts";
import { workloadScheduler } from "./workload-scheduler.ts";

const upstream = resolve(import.meta.dirname, "../../../shared/upstream/scheduler_perf");

/** What a `performance-config.yaml` says, as far as counting its pods needs it. */
interface Operation {
  readonly opcode: string;
  readonly count?: number;
  readonly countParam?: string;
  readonly countMultiplierParam?: string;
  readonly namespace?: string;
  readonly podTemplatePath?: string;
  readonly collectMetrics?: boolean;
  readonly namespaces?: readonly string[];
  readonly labelSelector?: Readonly<Record<string, string>>;
}
interface PerfCase {
  readonly name: string;
  readonly workloadTemplate: readonly Operation[];
  readonly workloads: readonly {
    readonly name: string;
    readonly params?: Readonly<Record<string, number>>;
  }[];
}

/**
 * The rule: every pod that upstream measures is scheduled. A `createPods` with `collectMetrics` waits until its pods are; those
 * between startCollectingMetrics and stopCollectingMetrics are counted when namespace and labels are those asked for, and a
 * barrier waits for them. What is gated, too large, or without the others of its group is never what is measured.
 */
function measuredPods(file: string, name: string): number {
  const slash = name.indexOf("/");
  const cases = parse(readFileSync(file, "utf8")) as readonly PerfCase[];
  const perfCase = cases.find((one) => one.name === name.slice(0, slash))!;
  const { params = {} } = perfCase.workloads.find((one) => one.name === name.slice(slash + 1))!;
  const amountOf = (param: string): number => params[param.replace("$", "")];
  let window: Operation | undefined;
  let measured = 0;
  for (const operation of perfCase.workloadTemplate) {
    const { opcode, count = 0, countParam, countMultiplierParam, collectMetrics = false } = operation;
    if (opcode === "startCollectingMetrics") window = operation;
    if (opcode === "stopCollectingMetrics") window = undefined;
    if (opcode !== "createPods") continue;
    const { namespace = "", podTemplatePath = "" } = operation;
    const labels = Object.entries(window?.labelSelector ?? {});
    const text = labels.length === 0 ? "" : readFileSync(join(dirname(file), podTemplatePath), "utf8");
    const meant =
      window?.namespaces?.includes(namespace) === true &&
      labels.every(([key, value]) => new RegExp(`^ +${key}: ${value}$`, "m").test(text));
    if (!collectMetrics && !meant) continue;
    measured +=
      (countParam === undefined ? count : amountOf(countParam)) *
      (countMultiplierParam === undefined ? 1 : amountOf(countMultiplierParam));
  }
  return measured;
}

/**
 * Pods that make room for others in the smallest workload of a case. Four low-priority pods of 900m fill a node of 4 CPUs; one
 * of 3970m takes the place of all four, one of 3000m that of three. Of two nodes with two pods of 1500m one is emptied.
 */
const victims: Readonly<Record<string, number>> = {
  PreemptionBasic: 20,
  PreemptionPVs: 15,
  PreemptionPodGroupDisruptionMode: 2,
};

/** Created, never scheduled, and there at the end: gated pods, and cloggers, whose affinity nobody can satisfy. */
const waiting: Readonly<Record<string, number>> = {
  SchedulingGatedPodsWithPodAffinityImpactForThroughput: 10,
  SchedulingWhileGated: 10,
  StarvationIndependent: 100,
  StarvationPodGroup: 100,
};

/** Cases whose smallest workload is not run here, and why. */
const leftOut: Readonly<Record<string, string>> = {
  PublishResourceSlices: "it has no pods, and no workload for the integration test",
};

interface Smallest {
  readonly file: string;
  readonly perfCase: string;
  readonly name: string;
}

/** Of every case with a supported workload the first one for upstream's integration test. */
async function smallestOfEachCase(): Promise<Smallest[]> {
  const chosen: Smallest[] = [];
  for (const file of await schedulerPerfFiles(upstream)) {
    const byCase = new Map<string, SchedulerPerfWorkload>();
    for (const workload of await listSchedulerPerf(file)) {
      const perfCase = workload.name.slice(0, workload.name.indexOf("/"));
      const small = workload.supported && workload.labels.includes("integration-test");
      if (small && !byCase.has(perfCase)) byCase.set(perfCase, workload);
    }
    for (const [perfCase, { name }] of byCase) chosen.push({ file, perfCase, name });
  }
  return chosen;
}

async function measure({ file, name }: Smallest): Promise<MeasuredCase> {
  const workloads = await readSchedulerPerf(file, { select: name });
  const workload = workloads.find((one) => one.name === name)!;
  const scheduler = await workloadScheduler(workload, {});
  return (await measureCase({ workload, source: file, ...scheduler, repeats: 1, overheadMs: 0 }))!;
}

const chosen = existsSync(upstream) ? await smallestOfEachCase() : [];

describe("the cases of scheduler_perf (skipped without ../shared/upstream/scheduler_perf)", () => {
  const cases = chosen.map((small) => [small.name, small] as const);
  it.skipIf(cases.length === 0).each(cases)("schedules every pod that is measured: %s", async (_, small) => {
    const expected = measuredPods(small.file, small.name);
    const { result, trace } = await measure(small);
    expect(expected).toBeGreaterThan(0);
    expect(result).toMatchObject({ measuredPods: expected, scheduled: expected, unschedulable: 0 });
    expect(result.notHonoured).toEqual([]);
    expect(Object.values(checkInvariants(trace)).filter((violation) => violation !== undefined)).toEqual([]);

    const { pods } = trace;
    const never = pods.scheduledUs.filter((us, pod) => Number.isNaN(us) && Number.isNaN(pods.deletedUs[pod]));
    expect(never.length).toBe(waiting[small.perfCase] ?? 0);
    const preempted = pods.preempted.reduce((sum, one) => sum + one, 0);
    expect(preempted).toBe(victims[small.perfCase] ?? 0);
  });

  it.skipIf(chosen.length === 0)("has one workload of every case that is supported here", async () => {
    const run = new Set(chosen.map(({ perfCase }) => perfCase));
    const missing = new Set<string>();
    for (const file of await schedulerPerfFiles(upstream)) {
      for (const { name, supported } of await listSchedulerPerf(file)) {
        const perfCase = name.slice(0, name.indexOf("/"));
        if (supported && !run.has(perfCase)) missing.add(perfCase);
      }
    }
    expect([...missing]).toEqual(Object.keys(leftOut));
  });
});
