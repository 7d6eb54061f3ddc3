import { expect, it } from "vitest";
import { comparisons, runComparison } from "./comparisons.ts";
import { pairedRounds } from "./paired-rounds.ts";
import { runAll, subjects } from "./run-all.ts";

it("completes every subject in the small size, twice with the same digests", async () => {
  const first = await runAll("small");
  expect(first).toHaveLength(subjects.length);
  for (const { units, samples, nsPerUnit } of first) {
    expect(units).toBeGreaterThan(0);
    expect(samples).toBeGreaterThanOrEqual(3);
    expect(Number.isFinite(nsPerUnit.median)).toBe(true);
  }
  const digests = (all: typeof first) => all.map(({ name, digest }) => [name, digest]);
  expect(digests(await runAll("small"))).toEqual(digests(first));
});

it("compares two ways to each result in pairs of rounds", () => {
  for (const comparison of comparisons) {
    const { name, ratio, interval, rounds, digest } = runComparison(comparison, "small");
    expect(name).toBe(comparison.name);
    expect(ratio).toBeGreaterThan(0);
    expect(interval!.low).toBeLessThanOrEqual(interval!.high);
    expect(rounds).toBe(6);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
  }
});

it("compares two variants in rounds, and needs six to say something", () => {
  const sum = (terms: number) => {
    const result = new Float64Array(1);
    return {
      units: 1,
      run() {
        result[0] = 0;
        for (let i = 0; i < terms; i++) result[0] += Math.sqrt(i);
        return result;
      },
    };
  };
  const few = pairedRounds(sum(2000), sum(2000), { rounds: 5, time: 1 });
  expect(few.interval).toBeUndefined();
  expect(few.verdict).toBe("no difference shown");
  const enough = pairedRounds(sum(20_000), sum(2000), { rounds: 6, time: 1 });
  expect(enough.interval!.low).toBeLessThanOrEqual(enough.ratio);
  expect(enough.interval!.high).toBeGreaterThanOrEqual(enough.ratio);
});
