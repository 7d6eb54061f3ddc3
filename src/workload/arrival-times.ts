import { randomKey, uniform } from "../base/random.ts";
import { type Distribution, quantile } from "./distribution.ts";

/** How the pods of one stream arrive. Rates in pods (or bursts) per second, times in microseconds. */
export type ArrivalProcess =
  /** One pod after another, evenly spaced. */
  | { readonly process: "fixed"; readonly ratePerSecond: number }
  /** Exponential gaps. */
  | { readonly process: "poisson"; readonly ratePerSecond: number }
  /** Bursts that come as a Poisson process; a burst's pods follow one another at `spacingUs`. */
  | {
      readonly process: "bursty";
      readonly burstsPerSecond: number;
      readonly burstSize: Distribution;
      readonly spacingUs: number;
    }
  /** A Poisson process whose rate is a sinusoid about its mean: `mean * (1 + amplitude * cos(2 pi (t - peakAt) / period))`. */
  | {
      readonly process: "diurnal";
      readonly ratePerSecond: number;
      readonly amplitude: number;
      readonly periodUs: number;
      readonly peakAtUs: number;
    }
  /** The given times. */
  | { readonly process: "replay"; readonly atUs: readonly number[] };

/** The window in which a stream's pods arrive: from `fromUs` up to, not including, `untilUs`; at most `count` of them. */
export interface ArrivalWindow {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly count: number;
}

/**
 * The times of a stream's arrivals in ascending order, in microseconds. The k-th arrival depends on the seed, the stream's
 * name and k only, so that a longer window or another stream moves none.
 */
export function arrivalTimes(
  process: ArrivalProcess,
  window: ArrivalWindow,
  seed: number,
  stream: string,
): readonly number[] {
  const times: number[] = [];
  for (const time of unbounded(process, window.fromUs, seed, stream)) {
    if (time >= window.untilUs || times.length >= window.count) break;
    times.push(time);
  }
  return times;
}

function* unbounded(
  process: ArrivalProcess,
  fromUs: number,
  seed: number,
  stream: string,
): Generator<number, void> {
  const gapKey = randomKey(seed, `${stream}: gap`);
  const gapUs = (k: number, ratePerSecond: number) =>
    (-Math.log1p(-uniform(gapKey, k)) * 1e6) / ratePerSecond;
  switch (process.process) {
    case "fixed":
      for (let k = 0; ; k++) yield fromUs + Math.round((k * 1e6) / process.ratePerSecond);
    case "poisson":
      for (let k = 0, time = fromUs; ; k++) {
        time += gapUs(k, process.ratePerSecond);
        yield Math.round(time);
      }
    case "bursty":
      yield* bursts(process, fromUs, gapUs, randomKey(seed, `${stream}: burst size`));
      return;
    case "diurnal": {
      // Thinning (Lewis and Shedler, 1979): candidates at the greatest rate, each kept with its share of it.
      const keepKey = randomKey(seed, `${stream}: thinning`);
      const { ratePerSecond, amplitude, periodUs, peakAtUs } = process;
      for (let k = 0, time = fromUs; ; k++) {
        time += gapUs(k, ratePerSecond * (1 + amplitude));
        const rate = 1 + amplitude * Math.cos((2 * Math.PI * (time - peakAtUs)) / periodUs);
        if (uniform(keepKey, k) * (1 + amplitude) < rate) yield Math.round(time);
      }
    }
    case "replay":
      for (const time of [...process.atUs].sort((a, b) => a - b)) yield fromUs + time;
  }
}

/** Bursts may overlap: pods wait in a list until no later burst can begin before them. */
function* bursts(
  process: Extract<ArrivalProcess, { process: "bursty" }>,
  fromUs: number,
  gapUs: (k: number, ratePerSecond: number) => number,
  sizeKey: number,
): Generator<number, void> {
  let waiting: number[] = [];
  for (let k = 0, time = fromUs; ; k++) {
    time += gapUs(k, process.burstsPerSecond);
    const begin = Math.round(time);
    let due = 0;
    while (due < waiting.length && waiting[due] <= begin) yield waiting[due++];
    const size = Math.max(1, Math.round(quantile(process.burstSize, uniform(sizeKey, k))));
    const burst = Array.from({ length: size }, (_, i) => begin + i * process.spacingUs);
    waiting = [...waiting.slice(due), ...burst].sort((a, b) => a - b);
  }
}
