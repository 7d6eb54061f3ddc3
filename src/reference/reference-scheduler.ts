import type { PodTemplate } from "../cluster/specs.ts";
import { TIE_BREAKS, type TieBreak } from "../scheduler/profile.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { type Filtering, filterNode, verdictsPerPlugin } from "./filter-node.ts";
import { fitErrorMessage } from "./fit-error.ts";
import { postFilter } from "./post-filter.ts";
import { prioritize } from "./prioritize.ts";
import { clusterOf, nodeNamed, type ReferenceClusterParts } from "./reference-cluster.ts";
import type { PlacedPod, ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import { pluginsOf, type UsedPlugins } from "./reference-plugins.ts";
import type { ReferencePolicy } from "./reference-policy.ts";
import type { PluginStatus, ReferenceRecord } from "./reference-record.ts";
import { nodesToFind, type PreFiltered, runPreFilter, search } from "./search.ts";
import { bestPlaces, selectHost } from "./select-host.ts";

/** A cluster, a pod, and where the search starts: all that one attempt depends on. */
export interface ReferenceInput extends ReferenceClusterParts {
  readonly pod: PodTemplate;
  readonly policy: ReferencePolicy;
  /** A place in node order (upstream: nextStartNodeIndex). */
  readonly nextStart: number;
  /**
   * The node to which the pod is nominated, or that batching proposes: it is tried before all others. What proposes it is asked
   * after PreFilter, with what the filters say of a node without the pods nominated to it.
   */
  readonly tryFirst?: string | ((passes: (node: string) => boolean) => string | undefined) | undefined;
  /** Pods that wait for room on a node that they are nominated to; none when absent. */
  readonly nominated?: readonly PlacedPod[];
  /** What chance reads: the seed, the pod's row, and which of its attempts this is; 0 when absent. */
  readonly seed?: number;
  readonly row?: number;
  readonly attempt?: number;
  /** Where preemption's dry runs start among `n` nodes; at the first when absent. */
  readonly preemptionOffset?: (n: number) => number;
  /** The pod comes from a queue that has asked PreEnqueue, and nobody reads the verdicts of each plugin alone. */
  readonly decisionOnly?: boolean;
  /** Another rule for how many feasible nodes to look for. */
  readonly numFeasibleNodesToFind?: (percentage: number, candidates: number) => number;
}

/**
 * Schedules one pod the slow, obvious way: node by node, plugin by plugin, everything counted anew from the placed pods,
 * in int64 where kube-scheduler uses int64. It shares no plugin with the fast scheduler, so that the two check each other.
 *
 * @throws UserError when the policy names an unknown plugin
 */
export function referenceScheduler(input: ReferenceInput): ReferenceRecord {
  const { pod, policy, nextStart } = input;
  const plugins = pluginsOf(policy);
  const cluster = clusterOf(input);
  for (const { name, plugin } of input.decisionOnly === true ? [] : plugins.preEnqueue) {
    const status = plugin.preEnqueue?.(pod, cluster.objects);
    if (status !== undefined)
      return { ...nothing(nextStart), outcome: "gated", preEnqueue: { ...status, plugin: name } };
  }
  if (cluster.nodes.length === 0) {
    const message = "no nodes available to schedule pods";
    return { ...nothing(nextStart), outcome: "unschedulable", message };
  }
  const soFar: { record: Searched } = { record: nothing(nextStart) };
  try {
    return attempt(input, plugins, cluster, soFar);
  } catch (error) {
    if (!(error instanceof CycleFailure)) throw error;
    return { ...soFar.record, outcome: "error", error: error.message };
  }
}

/** A record without its outcome. */
type Searched = Omit<ReferenceRecord, "outcome">;

function nothing(nextStart: number): Searched {
  return {
    devices: [],
    filter: {},
    filterPerPlugin: {},
    preFilterPerPlugin: {},
    skippedFilter: [],
    skippedScore: [],
    rejectors: [],
    wanted: 0,
    feasible: [],
    scores: {},
    totals: {},
    best: [],
    evaluated: 0,
    nextStart,
  };
}

/** The cycle of a pod that is not gated, in a cluster with nodes; `soFar` is what is known when it fails. */
function attempt(
  input: ReferenceInput,
  plugins: UsedPlugins,
  cluster: ReferenceCluster,
  soFar: { record: Searched },
): ReferenceRecord {
  const { pod, policy, nextStart } = input;
  const { nodes } = cluster;
  const preFiltered = runPreFilter(plugins.preFilter, pod, cluster);
  const base: Searched = {
    ...nothing(nextStart),
    skippedFilter: preFiltered.skipped,
    rejectors: preFiltered.rejectors,
    ...(input.decisionOnly !== true && {
      filterPerPlugin: verdictsPerPlugin(plugins, pod, cluster),
      preFilterPerPlugin: preFilterPerPlugin(plugins, pod, cluster),
    }),
  };
  soFar.record = base;
  const filtering: Filtering = {
    filters: plugins.filter.filter(({ name }) => !preFiltered.skipped.includes(name)),
    pod,
    nominated: input.nominated ?? [],
  };
  if (preFiltered.rejected !== undefined) {
    const { rejected } = preFiltered;
    const message = fitErrorMessage(nodes.length, rejected, [], undefined);
    const known = {
      ...filtering,
      cluster,
      statuses: new Map(),
      absent: rejected,
      draw: input.preemptionOffset,
    };
    const failed: ReferenceRecord = { ...base, outcome: "unschedulable", preFilter: rejected, message };
    return postFilter(failed, policy, preFiltered, known);
  }

  const { names } = preFiltered;
  const tryFirst =
    typeof input.tryFirst === "function"
      ? input.tryFirst((name) => filterNode({ ...filtering, nominated: [] }, name, cluster) === undefined)
      : input.tryFirst;
  const first = tryFirst === undefined ? undefined : nodeNamed(cluster, tryFirst);
  const visited = {
    ...base,
    ...(names !== undefined && { preFilterNodes: names }),
    ...(names === undefined && { visitStart: first?.name ?? nodes[nextStart % nodes.length].name }),
  };
  const tried = first && verdictOrFailure(() => filterNode(filtering, first.name, cluster));
  if (first !== undefined && tried === undefined) return bound(visited, plugins, pod, first, 1);
  // An error there ends nothing: the search goes on as if the node had not been tried.
  const rejectedFirst = tried instanceof CycleFailure ? undefined : tried;
  const failedFirst = first && tried instanceof CycleFailure ? { [first.name]: failedStatus(tried) } : {};

  const candidates = names === undefined ? nodes : nodes.filter(({ name }) => names.includes(name));
  const rule = input.numFeasibleNodesToFind ?? nodesToFind;
  const wanted = plugins.score.length > 0 ? rule(policy.percentageOfNodesToScore, candidates.length) : 1;
  const { feasible, rejected, failed } = search(candidates, nextStart, wanted, (node) =>
    filterNode(filtering, node.name, cluster),
  );
  const statuses = new Map(rejected);
  if (first !== undefined && rejectedFirst !== undefined) statuses.set(first.name, rejectedFirst);
  const evaluated = feasible.length + statuses.size;
  const searched: Searched = {
    ...visited,
    filter: { ...failedFirst, ...Object.fromEntries(statuses) },
    rejectors: rejectorsOf(plugins, preFiltered, statuses),
    wanted,
    feasible: feasible.map(({ name }) => name),
    evaluated,
    nextStart: (nextStart + evaluated) % nodes.length,
  };
  soFar.record = searched;
  if (failed !== undefined) {
    const filter = { ...searched.filter, [failed.node]: failedStatus(failed.failure) };
    soFar.record = { ...searched, filter };
    throw failed.failure;
  }

  if (feasible.length === 0) {
    const absent =
      names === undefined || statuses.size === nodes.length
        ? undefined
        : unresolvable(
            `node(s) didn't satisfy plugin(s) [${reducers(preFiltered, rejectedFirst).join(" ")}]`,
          );
    const message = fitErrorMessage(nodes.length, undefined, [...statuses.values()], absent);
    const failed: ReferenceRecord = {
      ...searched,
      outcome: "unschedulable",
      ...(absent && { absentNodes: absent }),
      message,
    };
    const known = {
      ...filtering,
      cluster,
      statuses,
      absent: absent ?? unresolvable(),
      draw: input.preemptionOffset,
    };
    return postFilter(failed, policy, preFiltered, known);
  }
  if (feasible.length === 1) return bound(searched, plugins, pod, feasible[0], evaluated);
  return choose(input, plugins, cluster, feasible, soFar);
}

function verdictOrFailure(judge: () => PluginStatus | undefined): PluginStatus | CycleFailure | undefined {
  try {
    return judge();
  } catch (failure) {
    if (!(failure instanceof CycleFailure)) throw failure;
    return failure;
  }
}

function failedStatus({ message, plugin }: CycleFailure) {
  return { code: "Error" as const, ...(plugin !== undefined && { plugin }), reasons: [message] };
}

/** Who upstream says reduced the search: also the plugin that rejected the node tried first, as they share one set of names. */
function reducers({ rejectors }: PreFiltered, rejectedFirst: PluginStatus | undefined): string[] {
  const names = new Set(rejectors);
  if (rejectedFirst !== undefined) names.add(rejectedFirst.plugin);
  return [...names].sort();
}

/** The only feasible node takes the pod: nothing is scored. */
function bound(
  record: Searched,
  plugins: UsedPlugins,
  pod: PodTemplate,
  node: ReferenceNode,
  evaluated: number,
): ReferenceRecord {
  return {
    ...record,
    outcome: "bound",
    node: node.name,
    feasible: [node.name],
    scoringSkipped: true,
    evaluated,
    devices: devicesOn(plugins, pod, node),
  };
}

function choose(
  input: ReferenceInput,
  plugins: UsedPlugins,
  cluster: ReferenceCluster,
  feasible: readonly ReferenceNode[],
  soFar: { record: Searched },
): ReferenceRecord {
  const { pod, policy } = input;
  const { nodes } = cluster;
  const prioritized = prioritize(plugins, pod, feasible, cluster);
  const scored = { ...soFar.record, scores: prioritized.scores, skippedScore: prioritized.skipped };
  if (prioritized.error !== undefined) return { ...scored, outcome: "error", error: prioritized.error };
  const { totals } = prioritized;
  const positions = feasible.map((node) => nodes.indexOf(node));
  const asker = { seed: input.seed ?? 0, row: input.row ?? 0, attempt: input.attempt ?? 0 };
  const picks = Object.fromEntries(
    TIE_BREAKS.map((tie) => [tie, feasible[selectHost(tie, totals, positions, asker)].name]),
  ) as Record<TieBreak, string>;
  const best = bestPlaces(totals).map((place) => feasible[place]);
  const chosen = nodeNamed(cluster, picks[policy.tieBreak])!;
  return {
    ...scored,
    outcome: "bound",
    node: chosen.name,
    totals: Object.fromEntries(feasible.map(({ name }, i) => [name, Number(totals[i])])),
    best: nodes.filter((node) => best.includes(node)).map(({ name }) => name),
    picks,
    devices: devicesOn(plugins, pod, chosen),
  };
}

/** What each plugin's own PreFilter rejects. */
function preFilterPerPlugin(
  { preFilter }: UsedPlugins,
  pod: PodTemplate,
  cluster: ReferenceCluster,
): Record<string, Status> {
  const rejections: Record<string, Status> = {};
  for (const { name, plugin } of preFilter) {
    const result = plugin.preFilter?.(pod, cluster);
    if (typeof result === "object" && "rejected" in result) rejections[name] = result.rejected;
  }
  return rejections;
}

/** In profile order. */
function rejectorsOf(
  { all }: UsedPlugins,
  { rejectors }: PreFiltered,
  statuses: ReadonlyMap<string, PluginStatus>,
): string[] {
  const names = new Set([...rejectors, ...[...statuses.values()].map(({ plugin }) => plugin)]);
  return all.map(({ name }) => name).filter((name) => names.has(name));
}

function devicesOn({ all }: UsedPlugins, pod: PodTemplate, node: ReferenceNode): number[] {
  return all.find(({ plugin }) => plugin.takeDevices !== undefined)?.plugin.takeDevices?.(pod, node) ?? [];
}
