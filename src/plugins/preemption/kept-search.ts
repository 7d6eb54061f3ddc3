import { InvariantViolation } from "../../base/errors.ts";
import type { PodDisruptionBudgetObject } from "../../kubernetes/cluster-object.ts";
import type { RowSet } from "../../scheduler/placement-index/row-set.ts";
import type { LocalNodes, PostFilterCycle, PreemptionCandidate } from "../../scheduler/plugin.ts";
import { someGoByName } from "./budgets.ts";
import { type KeptDryRun, KeptDryRuns } from "./kept-dry-runs.ts";
import { costOf } from "./pick-one.ts";
import { NoVictimNeeded, selectVictims } from "./victims.ts";

/** The search for a candidate over dry runs that are kept from one attempt to the next. */
export class KeptSearch {
  readonly #enough: (nodes: number) => number;
  /** The budgets by which dry runs were made. */
  readonly #budgets = new WeakMap<KeptDryRuns, readonly PodDisruptionBudgetObject[]>();

  /** @param enough how many candidates are, by how many nodes there are on which preemption might help */
  constructor(enough: (nodes: number) => number) {
    this.#enough = enough;
  }

  readonly #make = (potential: RowSet, places: number): KeptDryRuns => new KeptDryRuns(potential, places);

  /** The best candidate, as a search that makes all dry runs anew finds it; `undefined` when it must be such a one. */
  search(cycle: PostFilterCycle): PreemptionCandidate | "none" | undefined {
    const budgets = cycle.cluster.objects.podDisruptionBudgets;
    if (cycle.extenders.length > 0 || someGoByName(budgets)) return undefined;
    const local = cycle.localNodes();
    if (local === undefined) return undefined;
    if (local.potential.size === 0) return "none";
    const wanted = this.#enough(local.potential.size);
    if (wanted < 1) return undefined;
    const runs = local.keep(this.#make);
    if (this.#budgets.get(runs) !== budgets) {
      this.#budgets.set(runs, budgets);
      runs.forgetAll();
    }
    const found = runs.find({
      offset: cycle.draw(local.potential.size),
      wanted,
      dryRun: (place) => dryRun(cycle, local, cycle.nodes.order[place]),
    });
    // What failed is told, in words, when nothing else is found.
    if (found === undefined && !runs.someFailed) return "none";
    return found;
  }
}

function dryRun(cycle: PostFilterCycle, local: LocalNodes, node: number): KeptDryRun {
  try {
    const result = selectVictims(cycle, node, local.suppose);
    if (!("victims" in result)) return "in vain";
    return { candidate: result, cost: costOf(result, cycle.cluster) };
  } catch (error) {
    if (!(error instanceof InvariantViolation || error instanceof NoVictimNeeded)) throw error;
    return "failed";
  }
}
