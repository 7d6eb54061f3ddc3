import { ALL_SCORED, SCAN, UNIQUE_SCORED } from "./curves.ts";
import type { MeasuredCurve } from "./measure-curve.ts";

/** What must be reached, and what was. */
export interface Bar {
  readonly what: string;
  readonly limit: string;
  /** Undefined where a curve or a size that it needs was not measured. */
  readonly value: number | undefined;
  readonly met: boolean | undefined;
}

/** Medians are compared with the bars. */
export function bars(curves: readonly MeasuredCurve[]): Bar[] {
  const basic = find(curves, "nodes", "basic");
  const growths = [1000, 10_000, 100_000].map((from): Bar => {
    const growth = growthBetween(basic, from, 10 * from);
    return atMost(`basic, ${whole(from)} to ${whole(10 * from)} nodes: growth`, growth, 1.6);
  });
  const domains = curves
    .filter(({ axis }) => axis === "domains")
    .map((curve) => atMost(`${curve.name}, 300 zones, 5,000 nodes: us per pod`, costAt(curve, 300), 20));
  return [
    ...growths,
    ...domains,
    scanOverIndex(curves, ALL_SCORED, 5),
    scanOverIndex(curves, UNIQUE_SCORED, 2.5),
  ];
}

/**
 * Points of index and scan that were asked the same and placed pods differently.
 * @returns how many pairs there were, and the names of those that differ
 */
export function comparePlacements(curves: readonly MeasuredCurve[]): {
  readonly pairs: number;
  readonly different: readonly string[];
} {
  let pairs = 0;
  const different: string[] = [];
  for (const scan of curves.filter(({ algorithm }) => algorithm === "scan")) {
    const index = find(curves, scan.axis, scan.name.replace(SCAN, ""));
    for (const { size, digest } of scan.points) {
      const other = index?.points.find((point) => point.size === size);
      if (other === undefined) continue;
      pairs++;
      if (other.digest !== digest) different.push(`${scan.name}, ${size} ${scan.axis}`);
    }
  }
  return { pairs, different };
}

function scanOverIndex(curves: readonly MeasuredCurve[], note: string, least: number): Bar {
  const index = costAt(find(curves, "kinds", `basic${note}`), 10_000);
  const scan = costAt(find(curves, "kinds", `basic${note}${SCAN}`), 10_000);
  const value = index === undefined || scan === undefined ? undefined : scan / index;
  return {
    what: `10,000 kinds, 5,000 nodes${note}: scan's time over index's`,
    limit: `at least ${least}`,
    value,
    met: value === undefined ? undefined : value >= least,
  };
}

function atMost(what: string, value: number | undefined, limit: number): Bar {
  return { what, limit: `under ${limit}`, value, met: value === undefined ? undefined : value < limit };
}

function growthBetween(curve: MeasuredCurve | undefined, from: number, to: number): number | undefined {
  const before = costAt(curve, from);
  const after = costAt(curve, to);
  return before === undefined || after === undefined ? undefined : after / before;
}

function costAt(curve: MeasuredCurve | undefined, size: number): number | undefined {
  return curve?.points.find((point) => point.size === size)?.us.median;
}

function find(
  curves: readonly MeasuredCurve[],
  axis: MeasuredCurve["axis"],
  name: string,
): MeasuredCurve | undefined {
  return curves.find((curve) => curve.axis === axis && curve.name === name);
}

function whole(value: number): string {
  return value.toLocaleString("en-US");
}
