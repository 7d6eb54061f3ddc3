import { expect, it } from "vitest";
import { comparePlacements } from "./bars.ts";
import { measureScaling } from "./measure-scaling.ts";

it("measures the small curves: index and scan place alike, and the report has all points", () => {
  const { curves, bars, different, files } = measureScaling({ size: "small", families: ["basic", "hard"] });
  expect([...new Set(curves.map(({ axis }) => axis))].sort()).toEqual(["domains", "kinds", "nodes"]);
  for (const { points, fit, perTenfold } of curves) {
    expect(perTenfold).toHaveLength(points.length - 1);
    expect(fit === undefined).toBe(points.length < 2);
    for (const { us, samples, pods, rounds, digest } of points) {
      expect(samples.length).toBeGreaterThanOrEqual(3);
      expect(us.min).toBeLessThanOrEqual(us.median);
      expect(us.median).toBeLessThanOrEqual(us.max);
      expect(pods * rounds).toBeGreaterThanOrEqual(100);
      expect(digest).toMatch(/^[0-9a-f]{16}$/);
    }
  }
  expect(different).toEqual([]);
  expect(comparePlacements(curves).pairs).toBe(8);
  // None of the sizes that bars are about is among the small ones.
  expect(bars.map(({ value }) => value)).toEqual(bars.map(() => undefined));
  expect([...files.keys()]).toEqual([
    "report.json",
    "table.md",
    "samples.csv",
    "nodes.svg",
    "kinds.svg",
    "domains.svg",
  ]);
  const samples = curves.flatMap(({ points }) => points.flatMap((point) => point.samples));
  expect(files.get("samples.csv")!.trimEnd().split("\n")).toHaveLength(1 + samples.length);
  expect(files.get("nodes.svg")).toContain("hard zone spread, scan");
  expect(JSON.parse(files.get("report.json")!)).toMatchObject({ size: "small", different: [] });
});

it("names the families there are when none fits", () => {
  expect(() => measureScaling({ size: "small", families: ["volumes"] })).toThrow(
    /^--family: unknown family: volumes; there are basic, hard zone spread, /,
  );
});
