import { mean, nearestRank } from "../statistics/quantile.ts";
import type { BenchResult } from "./bench.ts";

/** scheduler_perf's result file (upstream: component-base/metrics testutil, DataItems), which perf-dash reads. */
export interface DataItems {
  readonly version: "v1";
  readonly dataItems: readonly DataItem[];
}

interface DataItem {
  readonly data: Readonly<Record<"Average" | "Perc50" | "Perc90" | "Perc95" | "Perc99", number>>;
  readonly unit: "pods/s";
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * One item per measured case, over its repeats. The metric has a name of its own: the speed of decisions alone is not
 * SchedulingThroughput, the speed of a cluster. Percentiles are order statistics, as upstream's.
 */
export function dataItems({ cases }: BenchResult): DataItems {
  return {
    version: "v1",
    dataItems: cases
      .filter(({ samples }) => samples.length > 0)
      .map(({ case: name, policy, samples }) => ({
        data: {
          Average: mean(samples),
          Perc50: nearestRank(samples, 0.5),
          Perc90: nearestRank(samples, 0.9),
          Perc95: nearestRank(samples, 0.95),
          Perc99: nearestRank(samples, 0.99),
        },
        unit: "pods/s",
        labels: { Metric: "StowageEngineThroughput", Name: name, engine: "stowage", policy },
      })),
  };
}
