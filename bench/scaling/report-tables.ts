import { stringify } from "csv-stringify/sync";
import type { Bar } from "./bars.ts";
import type { MeasuredCurve } from "./measure-curve.ts";

/** The report in Markdown: bars, curves, and every point; `conditions` is a line each. */
export function scalingMarkdown(
  curves: readonly MeasuredCurve[],
  bars: readonly Bar[],
  conditions: readonly string[],
): string {
  return [
    ...conditions.map((line) => `- ${line}`),
    "",
    ...table(["bar", "limit", "measured", "met"], bars.map(barCells)),
    "",
    ...table(
      ["by", "curve", "exponent (95 %)", "growth per tenfold, from point to point"],
      curves.map((curve) => [
        curve.axis,
        curve.name,
        exponentOf(curve),
        curve.perTenfold.map(short).join(", "),
      ]),
    ),
    "",
    ...table(
      ["by", "curve", "at", "us per pod", "least to greatest", "placements"],
      curves.flatMap(({ axis, name, points }) =>
        points.map(({ size, us, digest }) => [
          axis,
          name,
          size.toLocaleString("en-US"),
          short(us.median),
          `${short(us.min)} to ${short(us.max)}`,
          digest,
        ]),
      ),
    ),
    "",
  ].join("\n");
}

/** Every sample, a line each. */
export function scalingCsv(curves: readonly MeasuredCurve[]): string {
  const header = [
    "axis",
    "curve",
    "family",
    "algorithm",
    "policy",
    "requests",
    "nodes",
    "domains",
    "kinds",
    "pods",
    "rounds",
    "sample",
    "us_per_pod",
    "placements",
  ];
  const rows = curves.flatMap(({ axis, name, family, algorithm, policy, requests, points }) =>
    points.flatMap(({ nodes, domains, kinds, pods, rounds, samples, digest }) =>
      samples.map((us, sample) => [
        axis,
        name,
        family,
        algorithm,
        policy,
        requests,
        nodes,
        domains,
        kinds,
        pods,
        rounds,
        sample,
        us,
        digest,
      ]),
    ),
  );
  return stringify([header, ...rows]);
}

/** One curve as a line for the terminal. */
export function curveLine(curve: MeasuredCurve): string {
  const points = curve.points.map(({ size, us }) => `${size.toLocaleString("en-US")}: ${short(us.median)}`);
  return `${curve.axis.padEnd(8)} ${curve.name.padEnd(48)} ${exponentOf(curve).padEnd(24)} ${points.join("  ")}`.trimEnd();
}

export function barLine(bar: Bar): string {
  const [what, limit, value, met] = barCells(bar);
  return `${what}: ${value} (${limit})${met === "" ? "" : `, met: ${met}`}`;
}

function barCells({ what, limit, value, met }: Bar): string[] {
  const verdict = met === undefined ? "" : met ? "yes" : "no";
  return [what, limit, value === undefined ? "not measured" : short(value), verdict];
}

function exponentOf({ fit }: MeasuredCurve): string {
  if (fit === undefined) return "";
  const exponent = fit.exponent.toFixed(2);
  const { interval } = fit;
  if (interval === undefined) return exponent;
  return `${exponent} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)];
}

/** Three significant digits. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
