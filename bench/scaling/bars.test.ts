import { expect, it } from "vitest";
import { bars, comparePlacements } from "./bars.ts";
import type { MeasuredCurve } from "./measure-curve.ts";

/** A curve as if it had been measured: sizes with microseconds per pod. */
function curve(
  axis: MeasuredCurve["axis"],
  name: string,
  us: Readonly<Record<number, number>>,
  digest = "0",
): MeasuredCurve {
  const points = Object.entries(us).map(([size, median]) => ({
    size: Number(size),
    nodes: 5000,
    domains: 3,
    kinds: 1,
    pods: 10,
    rounds: 1,
    us: { median, min: median, max: median },
    samples: [median],
    digest,
  }));
  const algorithm = name.endsWith(", scan") ? "scan" : "index";
  const rest = { family: "basic", policy: "default", requests: "shared", fit: undefined, perTenfold: [] };
  return { name, axis, algorithm, points, ...rest };
}

it("compares medians with the bars", () => {
  const reached = bars([
    curve("nodes", "basic", { 100: 9, 1000: 1, 10000: 1.5, 100000: 3 }),
    curve("domains", "hard zone spread", { 3: 1, 300: 19 }),
    curve("kinds", "basic, all nodes scored", { 10000: 10 }),
    curve("kinds", "basic, all nodes scored, scan", { 10000: 60 }),
    curve("kinds", "basic, every pod unique, all nodes scored", { 10000: 30 }),
    curve("kinds", "basic, every pod unique, all nodes scored, scan", { 10000: 60 }),
  ]);
  expect(reached.map(({ value, met }) => [value, met])).toEqual([
    [1.5, true],
    [2, false],
    [undefined, undefined],
    [19, true],
    [6, true],
    [2, false],
  ]);
});

it("finds points that index and scan place differently, and compares only what both were asked", () => {
  const index = curve("nodes", "basic", { 100: 1, 1000: 1 }, "a");
  const alike = curve("nodes", "basic, scan", { 100: 9, 10000: 9 }, "a");
  const unlike = curve("nodes", "basic, scan", { 1000: 9 }, "b");
  const elsewhere = curve("kinds", "basic, scan", { 100: 9 }, "c");
  expect(comparePlacements([index, alike])).toEqual({ pairs: 1, different: [] });
  expect(comparePlacements([index, unlike, elsewhere])).toEqual({
    pairs: 1,
    different: ["basic, scan, 1000 nodes"],
  });
});
