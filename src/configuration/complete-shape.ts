import type { ShapePoint } from "../plugins/scoring/shape-table.ts";
import type { Path } from "./configuration-source.ts";
import type { ProblemReport } from "./problem-report.ts";

/** The points of a shape, checked; what a point leaves out is 0. */
export function completeShape(
  shape: readonly Partial<ShapePoint>[],
  path: Path,
  report: ProblemReport,
): ShapePoint[] {
  if (shape.length === 0) {
    report.add(path, "missing shape: at least one point must be specified; write {utilization: 0, score: 0}");
  }
  const points = shape.map(({ utilization = 0, score = 0 }) => ({ utilization, score }));
  points.forEach(({ utilization, score }, i) => {
    report.range([...path, i, "utilization"], utilization, 0, 100, "not in valid range [0, 100]");
    report.range([...path, i, "score"], score, 0, 10, "not in valid range [0, 10]");
    if (i > 0 && utilization <= points[i - 1].utilization) {
      const rule = "values must be sorted in increasing order";
      const wayOut = `write more than ${points[i - 1].utilization}`;
      report.invalid([...path, i, "utilization"], utilization, rule, wayOut);
    }
  });
  return points;
}
