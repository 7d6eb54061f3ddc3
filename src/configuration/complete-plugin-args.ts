import { type TopologySpreadConstraint, unsatisfiableActions } from "../kubernetes/affinity.ts";
import { qualifiedNameProblem } from "../kubernetes/label-syntax.ts";
import { compilePreferredTerms, nodeSelectorProblems } from "../kubernetes/node-selector.ts";
import type { PluginArgs } from "../plugins/registry.ts";
import { completeFitArgs } from "./complete-fit-args.ts";
import { completeShape } from "./complete-shape.ts";
import type { Path } from "./configuration-source.ts";
import type { DecodedPluginConfig } from "./decode-configuration.ts";
import type { DecodedArgs, DecodedConstraint } from "./decode-plugin-args.ts";
import type { ProblemReport } from "./problem-report.ts";

const INFINITY = Number.POSITIVE_INFINITY;

/** Args checked and with defaults (upstream: apis/config/validation/validation_pluginargs.go). */
export function completePluginArgs(
  args: DecodedPluginConfig["args"],
  path: Path,
  report: ProblemReport,
): PluginArgs {
  return {
    ...(args.DefaultPreemption && { DefaultPreemption: preemption(args.DefaultPreemption, path, report) }),
    ...(args.DynamicResources && { DynamicResources: devices(args.DynamicResources, path, report) }),
    ...(args.InterPodAffinity && { InterPodAffinity: interPodAffinity(args.InterPodAffinity, path, report) }),
    ...(args.NodeAffinity && { NodeAffinity: nodeAffinity(args.NodeAffinity, path, report) }),
    ...(args.NodeResourcesBalancedAllocation && {
      NodeResourcesBalancedAllocation: balanced(args.NodeResourcesBalancedAllocation, path, report),
    }),
    ...(args.NodeResourcesFit && { NodeResourcesFit: completeFitArgs(args.NodeResourcesFit, path, report) }),
    ...(args.PodTopologySpread && { PodTopologySpread: spread(args.PodTopologySpread, path, report) }),
    ...(args.VolumeBinding && { VolumeBinding: volumeBinding(args.VolumeBinding, path, report) }),
  };
}

type Completed<K extends keyof PluginArgs> = NonNullable<PluginArgs[K]>;

function preemption(
  { minCandidateNodesPercentage = 10, minCandidateNodesAbsolute = 100 }: DecodedArgs["DefaultPreemption"],
  path: Path,
  report: ProblemReport,
): Completed<"DefaultPreemption"> {
  const percentage = [...path, "minCandidateNodesPercentage"];
  const absolute = [...path, "minCandidateNodesAbsolute"];
  report.range(percentage, minCandidateNodesPercentage, 0, 100, "not in valid range [0, 100]");
  report.range(absolute, minCandidateNodesAbsolute, 0, INFINITY, "not in valid range [0, inf)");
  if (minCandidateNodesPercentage === 0 && minCandidateNodesAbsolute === 0) {
    const wayOut = "raise one of the two";
    report.invalid(percentage, 0, "cannot be zero at the same time as minCandidateNodesAbsolute", wayOut);
    report.invalid(absolute, 0, "cannot be zero at the same time as minCandidateNodesPercentage", wayOut);
  }
  return { minCandidateNodesPercentage, minCandidateNodesAbsolute };
}

function devices(
  { filterTimeout = 10, bindingTimeout = 600 }: DecodedArgs["DynamicResources"],
  path: Path,
  report: ProblemReport,
): Completed<"DynamicResources"> {
  if (filterTimeout < 0) {
    const wayOut = "write a duration from 0s, which sets no limit";
    report.invalid([...path, "filterTimeout"], filterTimeout, "must be zero or positive", wayOut);
  }
  if (bindingTimeout < 1) {
    const wayOut = "write a duration from 1s";
    report.invalid([...path, "bindingTimeout"], bindingTimeout, "must be at least 1 second", wayOut);
  }
  return { filterTimeoutSeconds: filterTimeout, bindingTimeoutSeconds: bindingTimeout };
}

function interPodAffinity(
  { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false }: DecodedArgs["InterPodAffinity"],
  path: Path,
  report: ProblemReport,
): Completed<"InterPodAffinity"> {
  const at = [...path, "hardPodAffinityWeight"];
  report.range(at, hardPodAffinityWeight, 0, 100, "not in valid range [0, 100]");
  return { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods };
}

function nodeAffinity(
  args: DecodedArgs["NodeAffinity"],
  path: Path,
  report: ProblemReport,
): Completed<"NodeAffinity"> {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  } = args.addedAffinity ?? {};
  const outer = [...path, "addedAffinity"];
  for (const problem of required === undefined ? [] : nodeSelectorProblems(required)) {
    const at = [...outer, "requiredDuringSchedulingIgnoredDuringExecution"];
    report.add(at, `invalid term: ${problem}; correct it`);
  }
  const { problem } = compilePreferredTerms(preferred);
  if (problem !== undefined) {
    const at = [...outer, "preferredDuringSchedulingIgnoredDuringExecution"];
    report.add(at, `invalid term: ${problem}; correct it`);
  }
  return args;
}

function balanced(
  { resources = [] }: DecodedArgs["NodeResourcesBalancedAllocation"],
  path: Path,
  report: ProblemReport,
): Completed<"NodeResourcesBalancedAllocation"> {
  if (resources.length === 0) return {};
  const names = new Set<string>();
  resources.forEach(({ name = "", weight = 1 }, i) => {
    const at = [...path, "resources", i];
    if (weight !== 1 && weight !== 0) {
      report.invalid([...at, "weight"], weight, `resource weight of ${name} must be 1`, "leave it out");
    }
    if (names.has(name)) report.invalid([...at, "name"], name, "it stands there already", "keep one");
    names.add(name);
  });
  return { resources: [...names] };
}

function spread(
  { defaultConstraints = [], defaultingType = "System" }: DecodedArgs["PodTopologySpread"],
  path: Path,
  report: ProblemReport,
): Completed<"PodTopologySpread"> {
  const at = [...path, "defaultingType"];
  if (defaultingType !== "System" && defaultingType !== "List") {
    report.invalid(at, defaultingType, "not supported", "write System or List");
  } else if (defaultingType === "System" && defaultConstraints.length > 0) {
    const rule = "when .defaultConstraints are not empty";
    report.invalid(at, defaultingType, rule, "write defaultingType: List, or leave out defaultConstraints");
  }
  const pairs = new Set<string>();
  return {
    defaultingType: defaultingType === "List" ? "List" : "System",
    defaultConstraints: defaultConstraints.map((constraint, i) =>
      constraintOf(constraint, [...path, "defaultConstraints", i], pairs, report),
    ),
  };
}

function constraintOf(
  { whenUnsatisfiable = "", ...constraint }: DecodedConstraint,
  path: Path,
  pairs: Set<string>,
  report: ProblemReport,
): TopologySpreadConstraint {
  const { maxSkew = 0, topologyKey = "", labelSelector } = constraint;
  report.range([...path, "maxSkew"], maxSkew, 1, INFINITY, "not in valid range (0, inf)");
  const key = topologyKey === "" ? "can not be empty" : qualifiedNameProblem(topologyKey);
  if (key !== undefined) {
    report.invalid([...path, "topologyKey"], topologyKey, key, "write the key of a node label");
  }
  const action = unsatisfiableActions.find((known) => known === whenUnsatisfiable);
  if (action === undefined) {
    const rule = whenUnsatisfiable === "" ? "can not be empty" : "not supported";
    const wayOut = `write ${unsatisfiableActions.join(" or ")}`;
    report.invalid([...path, "whenUnsatisfiable"], whenUnsatisfiable, rule, wayOut);
  }
  if (labelSelector !== undefined) {
    const rule = "constraint must not define a selector, as they deduced for each pod";
    report.invalid([...path, "labelSelector"], labelSelector, rule, "remove it");
  }
  const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
  if (pairs.has(pair)) report.add(path, `duplicate constraint: ${pair}; keep one`);
  pairs.add(pair);
  return { ...constraint, ...(action && { whenUnsatisfiable: action }) };
}

function volumeBinding(
  { bindTimeoutSeconds = 600, shape }: DecodedArgs["VolumeBinding"],
  path: Path,
  report: ProblemReport,
): Completed<"VolumeBinding"> {
  if (bindTimeoutSeconds < 0) {
    const rule = "invalid BindTimeoutSeconds, should not be a negative value";
    report.invalid([...path, "bindTimeoutSeconds"], bindTimeoutSeconds, rule, "write seconds from 0");
  }
  const falling = [
    { utilization: 0, score: 10 },
    { utilization: 100, score: 0 },
  ];
  const given = shape === undefined || shape.length === 0 ? falling : shape;
  return { bindTimeoutSeconds, shape: completeShape(given, [...path, "shape"], report) };
}
