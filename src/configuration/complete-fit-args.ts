import { qualifiedNameProblem } from "../kubernetes/label-syntax.ts";
import type { NodeResourcesFitArgs, ScoringStrategy } from "../plugins/node-resources-fit.ts";
import { completeShape } from "./complete-shape.ts";
import type { Path } from "./configuration-source.ts";
import type { DecodedArgs, DecodedStrategy } from "./decode-plugin-args.ts";
import type { ProblemReport } from "./problem-report.ts";

const TYPES = ["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"] as const;
const SHAPED = "RequestedToCapacityRatio";

/** NodeResourcesFitArgs checked and with defaults. */
export function completeFitArgs(
  {
    ignoredResources = [],
    ignoredResourceGroups = [],
    scoringStrategy = {},
  }: DecodedArgs["NodeResourcesFit"],
  path: Path,
  report: ProblemReport,
): NodeResourcesFitArgs {
  ignoredResources.forEach((name, i) => {
    checkName([...path, "ignoredResources", i], name, report);
  });
  ignoredResourceGroups.forEach((group, i) => {
    const at = [...path, "ignoredResourceGroups", i];
    if (group.includes("/")) {
      report.invalid(at, group, "resource group name can't contain '/'", "write the part before it");
    } else checkName(at, group, report);
  });
  const strategy = completeStrategy(scoringStrategy, [...path, "scoringStrategy"], report);
  return { ignoredResources, ignoredResourceGroups, ...(strategy && { scoringStrategy: strategy }) };
}

function checkName(path: Path, name: string, report: ProblemReport): void {
  const problem = qualifiedNameProblem(name);
  if (problem !== undefined)
    report.invalid(path, name, problem, "write a resource name such as example.com/gpu");
}

function completeStrategy(
  { type = "LeastAllocated", resources = [], requestedToCapacityRatio }: DecodedStrategy,
  path: Path,
  report: ProblemReport,
): ScoringStrategy | undefined {
  const weighed = (resources.length === 0 ? [{ name: "cpu" }, { name: "memory" }] : resources).map(
    ({ name = "", weight = 1 }: { readonly name?: string; readonly weight?: number }) => ({
      name,
      weight: weight === 0 ? 1 : weight,
    }),
  );
  weighed.forEach(({ name, weight }, i) => {
    const rule = `resource weight of ${name} not in valid range (0, 100]`;
    report.range([...path, "resources", i, "weight"], weight, 1, 100, rule);
  });
  const known = TYPES.find((candidate) => candidate === type);
  const at = [...path, SHAPED[0].toLowerCase() + SHAPED.slice(1)];
  if (known === undefined) {
    report.invalid([...path, "type"], type, "not supported", `write one of ${TYPES.join(", ")}`);
    return undefined;
  }
  if (known !== SHAPED) {
    if (requestedToCapacityRatio !== undefined) {
      report.invalid(at, requestedToCapacityRatio, `must be nil when type is not ${SHAPED}`, "remove it");
    }
    return { type: known, resources: weighed };
  }
  if (requestedToCapacityRatio === undefined) {
    report.add(
      at,
      `missing requestedToCapacityRatio: must be specified when type is ${SHAPED}; write its shape`,
    );
    return undefined;
  }
  const shape = completeShape(requestedToCapacityRatio.shape ?? [], [...at, "shape"], report);
  return { type: known, resources: weighed, shape };
}
