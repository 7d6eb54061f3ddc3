import { InvariantViolation } from "../../base/errors.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import {
  type Cycle,
  everyNode,
  type NormalizeScore,
  type Plugin,
  type Score,
  zeroForEveryNode,
} from "../plugin.ts";
import { pluginScore } from "../plugin-score.ts";
import type { ProfilePlugin } from "../profile.ts";
import { readsOf } from "../reads-of.ts";
import type { AllocationScore, BalanceScore, RowKernel } from "../row-kernel.ts";
import { rowKernelOf } from "../row-kernel-of.ts";
import type { Filter } from "../selection.ts";

export interface PlacedFilter {
  /** The plugin's place in the profile. */
  readonly plugin: number;
  readonly run: Filter;
}

export interface WeightedScore {
  readonly score: Score;
  readonly weight: number;
}

export interface NormalizedWeightedScore extends WeightedScore {
  readonly normalize: NormalizeScore;
  /** The raw score depends on the node's object alone. */
  readonly stands: boolean;
}

/** What must be free on a node, as the plugin at a place of the profile looks for it. */
export interface PlacedFit extends NonNullable<RowKernel["fit"]> {
  readonly plugin: number;
}

/**
 * What the plugins of a profile that read rows have to say about pods of one kind, for as long as the nodes' objects stand. Those
 * that read more are asked in every cycle.
 */
export interface KindPlan {
  /** What a node's object alone decides. */
  readonly standing: {
    readonly filters: readonly PlacedFilter[];
    readonly scores: readonly WeightedScore[];
  };
  /** What is on the node as well: numbers where the plugin gave them, functions otherwise. */
  readonly filters: readonly PlacedFilter[];
  readonly scores: readonly WeightedScore[];
  readonly fit: PlacedFit | undefined;
  readonly allocation: { readonly score: AllocationScore; readonly weight: number } | undefined;
  readonly balance: { readonly score: BalanceScore; readonly weight: number } | undefined;
  /** Scores that depend on those of the other candidates. */
  readonly normalized: readonly NormalizedWeightedScore[];
  /** The only nodes worth a look, by name: PreFilter of one plugin said so, whose bit `namedBy` is. */
  readonly names: readonly string[] | undefined;
  readonly namedBy: number;
  /** The place of the last plugin that filters; -1 when none does. */
  readonly lastFilter: number;
  /** A node's verdicts and scores may change with another node's object. */
  readonly readsNodes: boolean;
  /** Which plugins say what: two plans of one kind with the same shape differ in nodes' objects only. */
  readonly shape: string;
}

export interface OtherPlugin {
  readonly place: number;
  readonly plugin: Plugin;
  readonly weight: number;
}

/** Undefined when PreFilter rejects the pods or names nodes more than once, or a plugin cannot score them: then the scan decides. */
export function kindPlan(plugins: readonly ProfilePlugin[], cycle: Cycle): KindPlan | undefined {
  try {
    return planOf(plugins, cycle);
  } catch (error) {
    // A PreScore that fails does so only when two nodes are feasible: the scan finds out.
    if (error instanceof InvariantViolation) return undefined;
    throw error;
  }
}

type Writable = { -readonly [K in keyof KindPlan]: KindPlan[K] };

/** Those that read more than rows, for pods that are alike to the others. */
export function othersOf(plugins: readonly ProfilePlugin[], pod: PodKind): OtherPlugin[] {
  return plugins.flatMap(({ plugin, weight = 1 }, place) =>
    readsOf(plugin, pod) === "cluster" ? [{ place, plugin, weight }] : [],
  );
}

function planOf(plugins: readonly ProfilePlugin[], cycle: Cycle): KindPlan | undefined {
  const standing = { filters: [] as PlacedFilter[], scores: [] as WeightedScore[] };
  const filters: PlacedFilter[] = [];
  const scores: WeightedScore[] = [];
  const normalized: NormalizedWeightedScore[] = [];
  const plan: Writable = {
    standing,
    filters,
    scores,
    fit: undefined,
    allocation: undefined,
    balance: undefined,
    normalized,
    names: undefined,
    namedBy: 0,
    lastFilter: -1,
    readsNodes: false,
    shape: "",
  };
  for (let place = 0; place < plugins.length; place++) {
    const { plugin, weight = 1 } = plugins[place];
    const reads = readsOf(plugin, cycle.pod);
    if (reads === "nothing") continue;
    if (reads === "cluster") continue;
    const said = plugin.preFilter?.(cycle);
    if (said !== undefined) {
      if ("rejected" in said || plan.names !== undefined) return undefined;
      plan.names = said.names;
      plan.namedBy = 1 << place;
    }
    if (takesNumbers(plan, filters, plugin, cycle, place, weight)) {
      plan.shape += `${place} in numbers, `;
      continue;
    }
    const stands = reads === "object";
    const filter = plugin.filter?.(cycle);
    if (filter !== undefined && filter !== everyNode) {
      (stands ? standing.filters : filters).push({ plugin: place, run: filter });
      plan.shape += `${place} filters, `;
      plan.lastFilter = place;
      if (reads === "nodes") plan.readsNodes = true;
    }
    const scoring = pluginScore(plugin, cycle);
    if (scoring === undefined) continue;
    const { score, normalizeScore } = scoring;
    if (normalizeScore !== undefined) normalized.push({ score, weight, normalize: normalizeScore, stands });
    else if (score !== zeroForEveryNode) (stands ? standing.scores : scores).push({ score, weight });
    else continue;
    plan.shape += `${place} scores, `;
    if (reads === "nodes") plan.readsNodes = true;
  }
  return plan;
}

/** False where a plugin has none, or another one of the profile has given them already. */
function takesNumbers(
  plan: Writable,
  filters: PlacedFilter[],
  plugin: Plugin,
  cycle: Cycle,
  place: number,
  weight: number,
): boolean {
  const numbers = rowKernelOf(plugin, cycle);
  if (numbers === undefined) return false;
  const { fit, score } = numbers;
  if (fit !== undefined && plan.fit !== undefined) return false;
  if (score !== undefined && (score.of === "balance" ? plan.balance : plan.allocation) !== undefined)
    return false;
  if (fit !== undefined) {
    plan.fit = { ...fit, plugin: place };
    plan.lastFilter = place;
    if (fit.rest !== undefined) filters.push({ plugin: place, run: fit.rest });
  }
  if (score?.of === "balance") plan.balance = { score, weight };
  else if (score !== undefined) plan.allocation = { score, weight };
  return true;
}
