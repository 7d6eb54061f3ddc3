import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { drawScenario } from "../../src/workload/draw-scenario.ts";
import { readSchedulerPerf } from "../../src/workload/read-scheduler-perf.ts";
import type { Scenario } from "../../src/workload/scenario.ts";
import type { ScriptOperation } from "./script.ts";
import { type SchedulerSettings, scriptOf } from "./script-of.ts";

/** A scheduler_perf workload: its scenario, and the scheduler that it is meant for. */
export interface PerfCase {
  readonly scenario: Scenario;
  readonly settings: SchedulerSettings;
}

/**
 * @throws UserError when the file has no such workload
 * @internal
 */
export async function perfCase(file: string, select: string): Promise<PerfCase> {
  const workload = (await readSchedulerPerf(file, { select })).find(({ name }) => name === select);
  if (workload === undefined) throw new Error(`unknown workload: ${select}; ${file} has none of that name`);
  const { configurationPath, featureGates = {} } = workload.scheduler ?? {};
  const config = configurationPath === undefined ? {} : await bareConfiguration(configurationPath);
  return { scenario: drawScenario(workload, 0), settings: { config, gates: featureGates } };
}

export async function perfScript(file: string, select: string): Promise<Iterable<ScriptOperation>> {
  const { scenario, settings } = await perfCase(file, select);
  return scriptOf(scenario, settings);
}

async function bareConfiguration(path: string): Promise<Readonly<Record<string, unknown>>> {
  const {
    apiVersion: _version,
    kind: _kind,
    ...config
  } = parse(await readFile(path, "utf8")) as Record<string, unknown>;
  return config;
}
