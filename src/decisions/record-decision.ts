import { InvariantViolation } from "../base/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { type CandidateSet, preFilter } from "../scheduler/pre-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import { breakTie } from "../scheduler/tie-break.ts";
import { fitErrorText } from "./fit-error-text.ts";
import { recordPerPlugin } from "./record-per-plugin.ts";
import { recordScores } from "./record-scores.ts";
import { firstRejection, recordedStatus, recordSearch } from "./record-search.ts";
import type { DecisionRecord, RecordedStatus } from "./recorded-case.ts";

/** One scheduling attempt that is to be recorded, before anything of it has happened. */
export interface AttemptToRecord {
  readonly cluster: Cluster;
  readonly profile: Profile;
  /** The pod: its row, its kind, and its name as `namespace/name`. */
  readonly row: number;
  readonly kind: PodKind;
  readonly name: string;
  /** Which attempt of this pod it is, from 1. */
  readonly attempt: number;
  /** Where the search starts, a place in node order (SchedulingCycle.nextStart before the attempt). */
  readonly start: number;
  /** The row of the node that the pod is nominated to, tried before all others. */
  readonly nominated?: number | undefined;
  /** Also each plugin's own verdict on every node, as if it were alone. */
  readonly perPlugin?: boolean | undefined;
}

type Draft = { -readonly [K in keyof DecisionRecord]: DecisionRecord[K] };

/**
 * The record of one attempt, derived plainly: each plugin is asked about each node. It changes nothing. `node` is the first of
 * the best in node order, `upstreamPick` the one that kube-scheduler takes; PostFilter has no part in it.
 */
export function recordDecision(attempt: AttemptToRecord): DecisionRecord {
  const record: Draft = { pod: attempt.name, attempt: attempt.attempt, outcome: "bound" };
  try {
    decide(attempt, record);
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    record.outcome = "error";
    record.error = cycleError(error);
    for (const field of ["node", "feasible", "scores", "evaluated"] as const) delete record[field];
  }
  return record;
}

/** An error of the cycle in upstream's words: those of scores come from RunScorePlugins. */
export function cycleError({ message }: InvariantViolation): string {
  return message.startsWith("plugin ")
    ? `applying score defaultWeights on Score plugins: ${message}`
    : message;
}

function decide(attempt: AttemptToRecord, record: Draft): void {
  const { cluster, profile, row, kind } = attempt;
  const { nodes } = cluster;
  for (const { plugin } of profile.plugins) {
    const held = plugin.preEnqueue?.(kind, cluster.objects);
    if (held === undefined) continue;
    record.outcome = "gated";
    record.preEnqueue = recordedStatus(held, plugin.name);
    return;
  }
  if (nodes.order.length === 0) {
    record.outcome = "unschedulable";
    record.message = "no nodes available to schedule pods";
    return;
  }
  const cycle: Cycle = { pod: kind, row, nodes, cluster };
  if (attempt.perPlugin === true) {
    const verdicts = recordPerPlugin(cycle, profile);
    if (Object.keys(verdicts).length > 0) record.filterPerPlugin = verdicts;
  }
  const candidates = preFilter(profile, cycle);
  noteSkippedFilters(cycle, profile, candidates, record);
  if (candidates.rejected !== undefined) {
    record.outcome = "unschedulable";
    record.preFilter = recordedStatus(candidates.rejected, preFilterPlugin(profile, candidates));
    record.message = fitErrorText(nodes.order.length, [], { preFilter: record.preFilter });
    return;
  }
  if (candidates.nodes !== undefined) record.preFilterNodes = namedNodes(cycle, profile);
  look(attempt, cycle, candidates, record);
}

/** The search, and what follows from it. */
function look(attempt: AttemptToRecord, cycle: Cycle, candidates: CandidateSet, record: Draft): void {
  const { profile, nominated } = attempt;
  const { nodes } = cycle;
  const total = candidates.nodes?.length ?? nodes.order.length;
  const reduced = candidates.nodes !== undefined;
  if (!reduced) record.visitStart = nodes.name(nominated ?? nodes.order[attempt.start % total]);
  let rejectedNomination: RecordedStatus | undefined;
  if (nominated !== undefined) {
    rejectedNomination = firstRejection(cycle, profile)(nominated);
    if (rejectedNomination === undefined) {
      bindToOnly(nodes.name(nominated), 1, record);
      return;
    }
  }
  const search = recordSearch(cycle, profile, candidates, total === 0 ? 0 : attempt.start % total);
  const rejected = new Map(search.rejected);
  if (nominated !== undefined && rejectedNomination !== undefined)
    rejected.set(nominated, rejectedNomination);
  if (rejected.size > 0) {
    record.filter = Object.fromEntries([...rejected].map(([node, status]) => [nodes.name(node), status]));
  }
  const { feasible } = search;
  const evaluated = feasible.length + rejected.size;
  if (feasible.length === 0) fail(cycle, profile, candidates, [...rejected.values()], record);
  else if (feasible.length === 1) bindToOnly(nodes.name(feasible[0]), evaluated, record);
  else chooseBest(cycle, profile, feasible, evaluated, reduced, record);
}

function bindToOnly(node: string, evaluated: number, record: Draft): void {
  Object.assign(record, { node, feasible: [node], scoringSkipped: true, evaluated });
}

function chooseBest(
  cycle: Cycle,
  profile: Profile,
  feasible: readonly number[],
  evaluated: number,
  reduced: boolean,
  record: Draft,
): void {
  const { nodes } = cycle;
  const { positions } = nodes;
  const scored = recordScores(cycle, profile, feasible);
  if (scored.skippedScore.length > 0) record.skippedScore = scored.skippedScore;
  // A reduced search has no order of its own (upstream walks a map): the recordings sort it, and leave upstream's pick out.
  const listed = reduced ? [...feasible].sort((a, b) => positions[a] - positions[b]) : feasible;
  record.feasible = listed.map((node) => nodes.name(node));
  record.scores = scored.scores;
  record.totals = scored.totals;
  record.best = scored.best;
  record.node = scored.best[0];
  if (!reduced) record.upstreamPick = nodes.name(upstreamPick(cycle, feasible, new Set(scored.best)));
  record.evaluated = evaluated;
}

function upstreamPick({ nodes, row }: Cycle, feasible: readonly number[], best: ReadonlySet<string>): number {
  const ranks = Int32Array.from(feasible.flatMap((node, rank) => (best.has(nodes.name(node)) ? [rank] : [])));
  const rows = Uint32Array.from(feasible);
  const { positions } = nodes;
  return rows[breakTie("upstream", { ranks, count: ranks.length, rows, positions, pod: row, attempt: 1 }, 0)];
}

function fail(
  { nodes }: Cycle,
  profile: Profile,
  candidates: CandidateSet,
  rejected: readonly RecordedStatus[],
  record: Draft,
): void {
  record.outcome = "unschedulable";
  const all = nodes.order.length;
  let absent: RecordedStatus | undefined;
  if (all > rejected.length) {
    const plugins = namesOf(profile, candidates.rejectors).sort().join(" ");
    const reasons = [`node(s) didn't satisfy plugin(s) [${plugins}]`];
    absent = { code: "UnschedulableAndUnresolvable", reasons };
    record.absentNodes = absent;
  }
  record.message = fitErrorText(all, rejected, { absent });
}

/** Plugins that skip Filter; those behind one that ended PreFilter were not asked. */
function noteSkippedFilters(cycle: Cycle, profile: Profile, candidates: CandidateSet, record: Draft): void {
  const ended =
    candidates.rejected?.code === "UnschedulableAndUnresolvable"
      ? 31 - Math.clz32(candidates.rejectors)
      : profile.plugins.length;
  const skipped = profile.plugins
    .slice(0, ended)
    .filter(({ plugin }) => plugin.filter !== undefined && plugin.filter(cycle) === undefined)
    .map(({ plugin }) => plugin.name)
    .sort();
  if (skipped.length > 0) record.skippedFilter = skipped;
}

/** The plugin of a PreFilter rejection; an empty set of nodes belongs to none. */
function preFilterPlugin(profile: Profile, { rejected, rejectors }: CandidateSet): string | undefined {
  if (rejected === undefined || rejected.reasons[0]?.startsWith("node(s) didn't satisfy plugin"))
    return undefined;
  return namesOf(profile, rejectors).at(-1);
}

/** The names to which PreFilter reduced the search, there or not. */
function namedNodes(cycle: Cycle, profile: Profile): readonly string[] {
  let names: readonly string[] | undefined;
  for (const { plugin } of profile.plugins) {
    const result = plugin.preFilter?.(cycle);
    if (result === undefined || "rejected" in result) continue;
    const known: ReadonlySet<string> = new Set(names ?? result.names);
    names = result.names.filter((name) => known.has(name));
  }
  return [...(names ?? [])].sort();
}

function namesOf({ plugins }: Profile, bits: number): string[] {
  return plugins.filter((_, p) => (bits >> p) & 1).map(({ plugin }) => plugin.name);
}
