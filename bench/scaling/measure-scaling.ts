import { UserError } from "../../src/base/errors.ts";
import { machine } from "../../src/experiment/provenance.ts";
import type { Size } from "../size.ts";
import { type Bar, bars, comparePlacements } from "./bars.ts";
import { type Axis, type Curve, scalingCurves } from "./curves.ts";
import { type MeasuredCurve, measureCurve, type Repeats } from "./measure-curve.ts";
import { curvesSvg } from "./plots.ts";
import { scalingCsv, scalingMarkdown } from "./report-tables.ts";

export interface ScalingOptions {
  readonly size: Size;
  /** Curves whose name contains any of these, whatever the letters' case; all when empty. */
  readonly families: readonly string[];
  readonly onCurve?: (curve: MeasuredCurve) => void;
}

export interface ScalingResult {
  readonly curves: readonly MeasuredCurve[];
  readonly bars: readonly Bar[];
  /** Where index and scan, asked the same, placed pods differently: none, unless something is broken. */
  readonly different: readonly string[];
  /** File names and their contents. */
  readonly files: ReadonlyMap<string, string>;
}

const REPEATS: Readonly<Record<Size, Repeats>> = {
  small: { samples: 3, seconds: 1, warmUpMs: 20 },
  full: { samples: 7, seconds: 20, warmUpMs: 300 },
};

const AXES: readonly Axis[] = ["nodes", "kinds", "domains"];

/** @throws UserError for a family that no curve has in its name */
export function measureScaling({ size, families, onCurve }: ScalingOptions): ScalingResult {
  const startedAt = new Date().toISOString();
  const curves = selectCurves(scalingCurves(size), families).map((curve) => {
    const measured = measureCurve(curve, REPEATS[size]);
    onCurve?.(measured);
    return measured;
  });
  const { pairs, different } = comparePlacements(curves);
  const host = machine();
  const conditions = [
    `${host.cpu}, ${host.cores} cores, ${host.memoryGiB} GiB, ${host.platform}; Node ${process.version}; ${startedAt.slice(0, 10)}`,
    "scheduling cycle and assume, on one thread, in the steady state: what a first look at a kind costs is not in it",
    `medians of up to ${REPEATS[size].samples} samples, taken in turn over the sizes of a curve`,
    `placements of index and scan: ${pairs} points compared, ${different.length} differ`,
  ];
  const reached = bars(curves);
  const report = {
    machine: host,
    node: process.version,
    startedAt,
    size,
    conditions,
    bars: reached,
    different,
    curves,
  };
  const files = new Map([
    ["report.json", `${JSON.stringify(report, undefined, 2)}\n`],
    ["table.md", scalingMarkdown(curves, reached, conditions)],
    ["samples.csv", scalingCsv(curves)],
  ]);
  for (const axis of AXES) {
    const drawn = curves.filter((curve) => curve.axis === axis);
    if (drawn.length > 0) files.set(`${axis}.svg`, curvesSvg(axis, drawn, conditions[0]));
  }
  return { curves, bars: reached, different, files };
}

function selectCurves(curves: readonly Curve[], parts: readonly string[]): Curve[] {
  const wanted = parts.length === 0 ? [""] : parts.map((part) => part.toLowerCase());
  const selected = curves.filter(({ name }) => wanted.some((part) => name.toLowerCase().includes(part)));
  if (selected.length > 0) return selected;
  const known = [...new Set(curves.map(({ family }) => family.name))].join(", ");
  throw new UserError([
    { where: "--family", what: `unknown family: ${parts.join(", ")}; there are ${known}` },
  ]);
}
