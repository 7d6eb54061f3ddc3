import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArrivalProcess, arrivalTimes } from "./arrival-times.ts";

const hourUs = 3600e6;
const window = { fromUs: 0, untilUs: hourUs, count: Number.POSITIVE_INFINITY };
const burstSize = { distribution: "constant", value: 10 } as const;
const processes: readonly ArrivalProcess[] = [
  { process: "fixed", ratePerSecond: 2 },
  { process: "poisson", ratePerSecond: 2 },
  { process: "bursty", burstsPerSecond: 0.2, burstSize, spacingUs: 1e6 },
  { process: "diurnal", ratePerSecond: 2, amplitude: 1, periodUs: hourUs, peakAtUs: hourUs / 2 },
];

describe("arrivals", () => {
  it.each(processes)("come at their mean rate: $process", (process) => {
    const arrivals = arrivalTimes(process, window, 42, "s").length;
    // Five standard deviations of a Poisson count, and as many of bursts of ten.
    expect(Math.abs(arrivals - 7200)).toBeLessThan(5 * Math.sqrt(7200 * 10));
  });

  it("crowd about the peak of a diurnal curve", () => {
    const times = arrivalTimes(processes[3], window, 42, "s");
    const middle = times.filter((time) => time > hourUs / 4 && time < (3 * hourUs) / 4);
    // With amplitude 1 the middle half of the period has 1/2 + 1/pi of the arrivals.
    expect(middle.length / times.length).toBeCloseTo(0.5 + 1 / Math.PI, 1);
  });

  it("come at the times given, counted from the stream's begin", () => {
    const process: ArrivalProcess = { process: "replay", atUs: [5, 1, 3] };
    expect(arrivalTimes(process, { ...window, fromUs: 100 }, 1, "s")).toEqual([101, 103, 105]);
  });

  const anyProcess = fc.constantFrom(...processes);

  it("always ascend within the window and stop at the count", () => {
    fc.assert(
      fc.property(anyProcess, fc.nat(), fc.integer({ min: 1, max: 50 }), (process, seed, count) => {
        const times = arrivalTimes(process, { fromUs: 7e6, untilUs: 90e6, count }, seed, "s");
        expect(times.length).toBeLessThanOrEqual(count);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.every((time) => time >= 7e6 && time < 90e6)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("never move when the window grows", () => {
    fc.assert(
      fc.property(anyProcess, fc.nat(), (process, seed) => {
        const short = arrivalTimes(process, { ...window, untilUs: 60e6 }, seed, "s");
        const long = arrivalTimes(process, { ...window, untilUs: 120e6 }, seed, "s");
        expect(long.slice(0, short.length)).toEqual(short);
      }),
      { numRuns: 50 },
    );
  });
});
