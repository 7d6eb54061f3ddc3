import type { PodTemplate } from "../cluster/specs.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { chargeBudgets } from "./disruption-budgets.ts";
import { type Filtering, filterNode, priorityOf } from "./filter-node.ts";
import { fitErrorMessage } from "./fit-error.ts";
import { type Candidate, pickCandidates } from "./pick-candidate.ts";
import { startOf } from "./pod-start.ts";
import { nodeNamed, withoutPod, withPod } from "./reference-cluster.ts";
import { namespaceOf, type PlacedPod, type ReferenceCluster, specOf } from "./reference-plugin.ts";
import type { ReferencePreemption } from "./reference-policy.ts";
import type { PreemptionRecord, Verdict } from "./reference-record.ts";

const NO_VICTIMS = unresolvable("No preemption victims found for incoming pod");
const NOT_HELPFUL = unresolvable("Preemption is not helpful for scheduling");

/** A pod for which no node was found, and what the nodes said. */
export interface Rejected extends Filtering {
  readonly cluster: ReferenceCluster;
  /** By node; `absent` is the verdict on the others. */
  readonly statuses: ReadonlyMap<string, Status>;
  readonly absent: Status;
  /** Where the dry runs start among `n` nodes; at the first when absent. */
  readonly draw?: ((n: number) => number) | undefined;
}

/**
 * DefaultPreemption the slow way: take all less important pods off a node, run all filters anew, and put back as many as
 * possible (upstream: framework/preemption/preemption.go and plugins/defaultpreemption).
 */
export function preempt(rejected: Rejected, args: ReferencePreemption): PreemptionRecord {
  const { pod, cluster, statuses, absent } = rejected;
  const reason = whyNotEligible(rejected);
  if (reason !== undefined) return { message: `preemption: ${reason}`, nodes: {}, ineligible: true };
  const potential = cluster.nodes.filter(
    ({ name }) => (statuses.get(name) ?? absent).code === "Unschedulable",
  );
  const share = Math.trunc((potential.length * args.minCandidateNodesPercentage) / 100);
  const enough = Math.min(potential.length, Math.max(share, args.minCandidateNodesAbsolute));
  const harmless: Candidate[] = [];
  const violating: Candidate[] = [];
  const nodes: Record<string, Verdict> = {};
  const errors: string[] = [];
  const offset = potential.length === 0 ? 0 : (rejected.draw?.(potential.length) ?? 0);
  for (const { name } of [...potential.slice(offset), ...potential.slice(0, offset)]) {
    const found = dryRun(name, rejected);
    if ("error" in found) {
      const { error, plugin } = found;
      errors.push(error);
      nodes[name] = { code: "Error", ...(plugin !== undefined && { plugin }), reasons: [error] };
      continue;
    }
    if ("code" in found) {
      nodes[name] = found;
      continue;
    }
    const list = found.violations === 0 ? harmless : violating;
    if (list.length < enough) list.push(found);
    if (harmless.length > 0 && harmless.length + violating.length >= enough) break;
  }
  const candidates = [...harmless, ...violating];
  if (candidates.length === 0) {
    const text =
      errors.length > 0
        ? aggregated(errors)
        : fitErrorMessage(cluster.nodes.length, undefined, Object.values(nodes), NOT_HELPFUL);
    return { message: `preemption: ${text}`, nodes, error: errors.length > 0 };
  }
  const tied = pickCandidates(candidates);
  const best = cluster.nodes.find(({ name }) => tied.some(({ node }) => node === name))!;
  const { victims } = tied.find(({ node }) => node === best.name)!;
  const gone = victims.some(({ pod: victim }) => victim.object.metadata?.deletionTimestamp === undefined);
  const cleared = rejected.nominated.filter(
    (other) => other.node === best.name && priorityOf(other.pod) < priorityOf(pod),
  );
  return {
    message: `preemption: found a potential placement for pod on node ${best.name}, preempting ${victims.length} victims`,
    nodes,
    chosen: {
      node: best.name,
      victims: victims.map(nameOf),
      candidates: Object.fromEntries(
        candidates.map(({ node, violations, victims: theirs }) => [
          node,
          { victims: theirs.map(nameOf), violations },
        ]),
      ),
      tied: cluster.nodes.map(({ name }) => name).filter((name) => tied.some(({ node }) => node === name)),
      clearedNominations: gone ? cleared.map(nameOf).sort() : [],
    },
  };
}

/** Why a pod may not preempt at all. */
function whyNotEligible({ pod, cluster, statuses, absent }: Rejected): string | undefined {
  if (specOf(pod).preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const nominatedTo = pod.object.status?.nominatedNodeName;
  if (!nominatedTo || (statuses.get(nominatedTo) ?? absent).code === "UnschedulableAndUnresolvable")
    return undefined;
  const leaving = (nodeNamed(cluster, nominatedTo)?.pods ?? []).some(
    ({ pod: other }) => priorityOf(other) < priorityOf(pod) && isPreempted(other),
  );
  return leaving ? "not eligible due to a terminating pod on the nominated node." : undefined;
}

function isPreempted({ object: { metadata = {}, status = {} } }: PodTemplate): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    (status.conditions ?? []).some(
      ({ type, status: value, reason }) =>
        type === "DisruptionTarget" && value === "True" && reason === "PreemptionByScheduler",
    )
  );
}

/** Errors in one text, as upstream's Aggregate has it: each once, in brackets when there are several. */
function aggregated(errors: readonly string[]): string {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct[0] : `[${distinct.join(", ")}]`;
}

interface FailedDryRun {
  readonly error: string;
  readonly plugin?: string | undefined;
}

function dryRun(node: string, rejected: Rejected): Candidate | Status | FailedDryRun {
  try {
    return selectVictims(node, rejected);
  } catch (failure) {
    if (!(failure instanceof CycleFailure)) throw failure;
    return { error: failure.message, plugin: failure.plugin };
  }
}

/** Whether the pod fits a node; in the reprieve of victims an error counts as a no. */
function fits(node: string, rejected: Rejected, cluster: ReferenceCluster): boolean {
  try {
    return filterNode(rejected, node, cluster) === undefined;
  } catch (failure) {
    if (!(failure instanceof CycleFailure)) throw failure;
    return false;
  }
}

/** Who must go from a node so that the pod fits, or why that does not help. */
function selectVictims(node: string, rejected: Rejected): Candidate | Status | FailedDryRun {
  const { pod, cluster } = rejected;
  const potential = (nodeNamed(cluster, node)?.pods ?? []).filter(
    ({ pod: other }) => priorityOf(other) < priorityOf(pod),
  );
  if (potential.length === 0) return NO_VICTIMS;
  let left = potential.reduce(withoutPod, cluster);
  const status = filterNode(rejected, node, left);
  if (status !== undefined) return status;
  const sorted = [...potential].sort(byImportance);
  const { violating, harmless } = chargeBudgets(sorted, cluster.objects.podDisruptionBudgets);
  const victims: PlacedPod[] = [];
  let violations = 0;
  for (const placed of [...violating, ...harmless]) {
    const reprieved = withPod(left, placed);
    if (fits(node, rejected, reprieved)) {
      left = reprieved;
      continue;
    }
    victims.push(placed);
    if (violating.includes(placed)) violations++;
  }
  if (victims.length === 0)
    return { error: `expected at least one victim pod on node ${JSON.stringify(node)}` };
  return { node, victims: victims.sort(byImportance), violations };
}

/** The most important first: the greater priority, then the longer life. */
function byImportance(a: PlacedPod, b: PlacedPod): number {
  if (priorityOf(a.pod) !== priorityOf(b.pod)) return priorityOf(b.pod) - priorityOf(a.pod);
  return startOf(a) === startOf(b) ? 0 : startOf(a) - startOf(b);
}

function nameOf({ pod: { object } }: PlacedPod): string {
  return `${namespaceOf(object)}/${object.metadata?.name}`;
}
