import type { PerfCase, PerfWorkload } from "./perf-schema.ts";
import { Unsupported } from "./perf-unsupported.ts";

/** Gates that change how upstream does things and not where pods go, as far as the operations that are read can tell. */
const neutralGates = new Set([
  "SchedulerAsyncAPICalls",
  "SchedulerAsyncPreemption",
  "OpportunisticBatching",
  "NodeDeclaredFeatures",
  "DynamicResourceAllocation",
  "DRAExtendedResource",
  "InPlacePodVerticalScaling",
]);

/** Gates that are on here as they are by default upstream. */
const alwaysOn = new Set(["NodeInclusionPolicyInPodTopologySpread"]);

/**
 * The note about the gates of a workload, if it sets any.
 * @throws Unsupported when one of them changes decisions.
 */
export function gateNotes(testCase: PerfCase, workload: PerfWorkload): readonly string[] {
  const gates = Object.entries({ ...testCase.featureGates, ...workload.featureGates });
  for (const [gate, on] of gates) {
    if (neutralGates.has(gate) || (alwaysOn.has(gate) && on)) continue;
    throw new Unsupported(`feature gate ${gate}=${on}`);
  }
  if (gates.length === 0) return [];
  const list = gates.map(([gate, on]) => `${gate}=${on}`).join(", ");
  return [`Feature gates without effect on where these pods go: ${list}.`];
}
