import { InvariantViolation } from "../base/errors.ts";
import { FiltersInThought } from "../scheduler/filters-in-thought.ts";
import { fitErrorText } from "../scheduler/fit-error-text.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { absentStatus, type CandidateSet, preFilter } from "../scheduler/pre-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import { breakTie } from "../scheduler/tie-break.ts";
import { type AttemptToRecord, nominatedNode } from "./attempt-to-record.ts";
import { recordPerPlugin } from "./record-per-plugin.ts";
import { recordPostFilter } from "./record-post-filter.ts";
import { recordScores } from "./record-scores.ts";
import { failedStatus, recordSearch } from "./record-search.ts";
import type { DecisionRecord, RecordedStatus } from "./recorded-case.ts";
import { recordedStatus } from "./recorded-status.ts";

type Draft = { -readonly [K in keyof DecisionRecord]: DecisionRecord[K] };

/**
 * The record of one attempt, derived plainly: each plugin is asked about each node. It changes nothing. `node` is the first of
 * the best in node order, `upstreamPick` the one that kube-scheduler takes; what PostFilter would do is recorded, not done.
 */
export function recordDecision(attempt: AttemptToRecord): DecisionRecord {
  const record: Draft = { pod: attempt.name, attempt: attempt.attempt, outcome: "bound", preemption: null };
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
  const thought = new FiltersInThought(cluster, profile, attempt.nominations, cycle);
  const candidates = preFilter(profile, cycle);
  noteSkippedFilters(cycle, profile, candidates, record);
  if (candidates.rejected !== undefined) {
    record.outcome = "unschedulable";
    record.preFilter = recordedStatus(candidates.rejected, preFilterPlugin(profile, candidates));
    record.message = fitErrorText(nodes.order.length, [], { preFilter: record.preFilter });
    recordPostFilter(attempt, cycle, candidates, thought, record);
    return;
  }
  if (candidates.nodes !== undefined) record.preFilterNodes = namedNodes(cycle, profile);
  look(attempt, cycle, candidates, thought, record);
}

/** The search, and what follows from it. */
function look(
  attempt: AttemptToRecord,
  cycle: Cycle,
  candidates: CandidateSet,
  thought: FiltersInThought,
  record: Draft,
): void {
  const { profile } = attempt;
  const { nodes } = cycle;
  const nominated = nominatedNode(attempt);
  const hinted = nominated === undefined ? hintedNode(attempt) : undefined;
  if (hinted !== undefined) record.nodeHint = nodes.name(hinted);
  const first = nominated ?? hinted;
  const verdict = (node: number): RecordedStatus | undefined => {
    const rejection = thought.rejection(node);
    return rejection && recordedStatus(rejection.status, rejection.plugin);
  };
  const total = candidates.nodes?.length ?? nodes.order.length;
  const reduced = candidates.nodes !== undefined;
  if (!reduced) record.visitStart = nodes.name(first ?? nodes.order[attempt.start % total]);
  let rejectedFirst: RecordedStatus | undefined;
  const filter = new Map<number, RecordedStatus>();
  if (first !== undefined) {
    const tried = orFailure(() => verdict(first));
    if (tried === undefined) {
      bindToOnly(nodes.name(first), 1, record);
      return;
    }
    // An error there ends nothing: the search goes on as if the node had not been tried.
    if (tried instanceof InvariantViolation) filter.set(first, failedStatus(tried));
    else rejectedFirst = tried;
  }
  const search = recordSearch(cycle, profile, candidates, verdict, total === 0 ? 0 : attempt.start % total);
  const rejected = new Map(search.rejected);
  if (first !== undefined && rejectedFirst !== undefined) rejected.set(first, rejectedFirst);
  for (const [node, status] of rejected) filter.set(node, status);
  if (filter.size > 0) {
    record.filter = Object.fromEntries([...filter].map(([node, status]) => [nodes.name(node), status]));
  }
  if (search.failed !== undefined) throw search.failed;
  const { feasible } = search;
  const evaluated = feasible.length + rejected.size;
  if (feasible.length === 0) {
    const absent = absentStatus(profile, candidates, rejectedFirst?.plugin);
    fail(nodes.order.length, absent, [...rejected.values()], record);
    recordPostFilter(attempt, cycle, candidates, thought, record);
  } else if (feasible.length === 1) bindToOnly(nodes.name(feasible[0]), evaluated, record);
  else chooseBest(cycle, profile, feasible, evaluated, reduced, record);
}

/** The row of the node that batching proposes, when it is there. */
function hintedNode({ hint, cluster }: AttemptToRecord): number | undefined {
  const node = hint?.() ?? -1;
  return cluster.nodes.positions[node] >= 0 ? node : undefined;
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

function orFailure<T>(ask: () => T): T | InvariantViolation {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return error;
  }
}

function fail(all: number, absent: RecordedStatus, rejected: readonly RecordedStatus[], record: Draft): void {
  record.outcome = "unschedulable";
  if (all > rejected.length) record.absentNodes = absent;
  record.message = fitErrorText(all, rejected, { absent });
}

/** Plugins that skip Filter; those behind one that ended PreFilter were not asked. */
function noteSkippedFilters(cycle: Cycle, profile: Profile, candidates: CandidateSet, record: Draft): void {
  const { plugins, order } = profile;
  const asked = order?.preFilter ?? plugins.map(({ plugin }) => plugin.name);
  const ended =
    candidates.rejected?.code === "UnschedulableAndUnresolvable"
      ? asked.indexOf(plugins[candidates.lastAsked].plugin.name)
      : asked.length;
  const before = new Set(asked.slice(0, ended));
  const skipped = plugins
    .filter(({ plugin }) => before.has(plugin.name))
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
