import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import { simulate } from "../simulation/simulate.ts";
import { traceDigest } from "../trace/trace-digest.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import { listSchedulerPerf, readSchedulerPerf, schedulerPerfFiles } from "../workload/read-scheduler-perf.ts";
import type { Scenario } from "../workload/scenario.ts";
import { type Algorithm, cyclesBy, type MakeCycle } from "./algorithm.ts";
import { type ChosenScheduler, workloadScheduler } from "./workload-scheduler.ts";

const upstream = resolve(import.meta.dirname, "../../../shared/upstream/scheduler_perf");
const SEED = 42;

/**
 * A run is cut short after so many attempts, under every algorithm alike; those of the small workloads end by themselves, and then
 * their traces are compared as well. A nightly run sets a greater factor.
 */
const FACTOR = Number(process.env["STOWAGE_ALGORITHM_FACTOR"] ?? 1);
const MOST_ATTEMPTS = 400 * FACTOR;
/** Devices are looked for much more slowly than anything else, by all three. */
const SLOWER_WITH_DEVICES = 20;
/** Looks of the reference at nodes and placed pods; whatever is left of a run when it takes over. */
const MOST_LOOKS = 4000 * FACTOR;

/** Devices that the reference cannot look for in the time of a test, or at all, and why. */
const notForReference: readonly (readonly [RegExp, string])[] = [
  [/^ConsumableCapacity\//, "it tries every choice of devices with capacity to share"],
  [/^PartitionableBacktracking\/.*nodes$/, "it goes back over every choice, node by node"],
  [
    /^SchedulingWithResourceClaimTemplate\/.*[25]00nodes$/,
    "it looks through all claims again for every device of every node; the same is done with fewer nodes",
  ],
  [/\/selector_/, "it does not know how to compare what the selector compares"],
];

interface Attempt {
  readonly row: number;
  readonly decided: string;
}

interface Run {
  readonly attempts: readonly Attempt[];
  /** Undefined when it was cut short. */
  readonly digest: string | undefined;
}

class CutShort extends Error {}

function run(scenario: Scenario, scheduler: ChosenScheduler, makeCycle: MakeCycle, most: number): Run {
  const attempts: Attempt[] = [];
  const watching = (options: SchedulingCycleOptions): ReturnType<MakeCycle> => {
    const cycle = makeCycle(options);
    return {
      get outcome() {
        return cycle.outcome;
      },
      get nextStart() {
        return cycle.nextStart;
      },
      set nextStart(place) {
        cycle.nextStart = place;
      },
      hintFor: (row, kind) => cycle.hintFor(row, kind),
      run(row, kind, attempt) {
        if (attempts.length === most) throw new CutShort();
        const { node, devices, feasible, evaluated, score, tied, mainRejector } = cycle.run(
          row,
          kind,
          attempt,
        );
        const decided = {
          node,
          devices,
          feasible,
          evaluated,
          score,
          tied,
          mainRejector,
          next: cycle.nextStart,
        };
        attempts.push({ row, decided: JSON.stringify(decided) });
        return cycle.outcome;
      },
      postFilter() {
        const found = cycle.postFilter();
        const last = attempts.pop()!;
        const { node, victims, clearedNominations, tied } = found?.preemption ?? {};
        const text = JSON.stringify([found?.nominate, node, victims, clearedNominations, tied]);
        attempts.push({ ...last, decided: `${last.decided} ${text}` });
        return found;
      },
    };
  };
  const { profile, profiles } = scheduler;
  try {
    const trace = simulate({
      scenario,
      profile,
      profiles,
      seed: SEED,
      stopAfterPhases: true,
      makeCycle: watching,
      names: { workload: "", as: "", version: "" },
    });
    return { attempts, digest: traceDigest(trace) };
  } catch (error) {
    if (!(error instanceof CutShort)) throw error;
    return { attempts, digest: undefined };
  }
}

/** One algorithm for the first attempts of a run, and another for the rest. */
function takingOver(first: MakeCycle, then: MakeCycle, from: number): MakeCycle {
  let made = 0;
  return (options) => {
    const cycles = [first(options), then(options)] as const;
    let now: ReturnType<MakeCycle> = cycles[0];
    return {
      get outcome() {
        return now.outcome;
      },
      get nextStart() {
        return now.nextStart;
      },
      set nextStart(place) {
        for (const cycle of cycles) cycle.nextStart = place;
      },
      hintFor: (row, kind) => now.hintFor(row, kind),
      run(row, kind, attempt) {
        now = cycles[made++ < from ? 0 : 1];
        return now.run(row, kind, attempt);
      },
      postFilter: () => now.postFilter(),
    };
  };
}

interface Workload {
  readonly file: string;
  readonly name: string;
}

async function supported(): Promise<Workload[]> {
  const found: Workload[] = [];
  for (const file of await schedulerPerfFiles(upstream)) {
    for (const workload of await listSchedulerPerf(file)) {
      // Names tell how many nodes there are; to read the largest only to leave them out would take long.
      if (workload.supported && !/\d(?:000|k)_?nodes?/i.test(workload.name))
        found.push({ file, name: workload.name });
    }
  }
  return found;
}

const workloads = existsSync(upstream) ? await supported() : [];

describe("index, scan and reference (skipped without ../shared/upstream/scheduler_perf)", () => {
  const cases = workloads.map((workload) => [workload.name, workload] as const);
  it.skipIf(cases.length === 0).each(cases)(
    "decide alike in %s",
    async (_, { file, name }) => {
      const workload = (await readSchedulerPerf(file, { select: name })).find((one) => one.name === name)!;
      const scenario = drawScenario(workload, SEED);
      expect(scenario.nodes.length).toBeLessThanOrEqual(500);
      const scheduler = await workloadScheduler(workload, {});
      const by = (algorithm: Algorithm) => cyclesBy(algorithm, scheduler.reference);
      const devices = file.includes("/dra/");
      const slower = devices && scenario.nodes.length >= 100 ? SLOWER_WITH_DEVICES : 1;
      const most = Math.trunc(MOST_ATTEMPTS / slower);
      const index = run(scenario, scheduler, by("index"), most);
      const scan = run(scenario, scheduler, by("scan"), most);
      expect(scan).toEqual(index);
      if (notForReference.some(([pattern]) => pattern.test(name))) return;

      const { length } = index.attempts;
      const looks = scenario.nodes.length + length;
      const own = Math.min(length, Math.max(3, Math.trunc(MOST_LOOKS / looks / slower)));
      // What pods are promised by another is not known to it: with claims it begins at the beginning.
      const from = devices ? 0 : length - own;
      const slow = takingOver(by("index"), by("reference"), from);
      const reference = run(scenario, scheduler, slow, from + own === length ? most : from + own);
      expect(reference.attempts).toEqual(index.attempts.slice(0, from + own));
      if (from + own === length) expect(reference.digest).toBe(index.digest);
    },
    30_000,
  );
});
