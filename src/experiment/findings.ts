import type { CompletedTrial } from "./trial-result.ts";

/** Shorter than this is the scheduler's own pace, not waiting. */
const NO_WAIT_SECONDS = 1;

/** Sentences about a workload that its figures call for, so that nobody reads a comparison into figures that cannot differ. */
export function findings(trials: readonly CompletedTrial[]): string[] {
  if (trials.length === 0) return [];
  const sentences: string[] = [];
  const slowest = greatest(trials, "waitingTimeP99");
  const pending = greatest(trials, "podsPending");
  if (slowest !== undefined && slowest < NO_WAIT_SECONDS && pending === 0) {
    const peaks = Object.entries({ gpu: "GPUs", cpu: "CPU", memory: "memory" }).flatMap(
      ([resource, words]) => {
        const peak = greatest(trials, `${resource}AllocationPeak`);
        return peak === undefined ? [] : [`${peak.toFixed(1)} % of the ${words}`];
      },
    );
    sentences.push(
      `Nothing ever waits in it: at most ${peaks[0] ?? "a small part"} is in use at once, so that every policy places every pod at once and waiting times cannot tell policies apart.`,
    );
  }
  return sentences;
}

function greatest(trials: readonly CompletedTrial[], measure: string): number | undefined {
  const values = trials
    .map(({ measured }) => measured.values[measure])
    .filter((value) => typeof value === "number");
  return values.length === 0 ? undefined : Math.max(...values);
}
