import type { NodeFact } from "../../scheduler/node-fact.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import type { Selection } from "../../scheduler/selection.ts";
import type { Standing } from "../../scheduler/standing.ts";
import type { SelectingObjects } from "./default-selector.ts";
import { hardFacts, type KeptCounts, softFacts } from "./spread-counts.ts";
import type { SpreadKey, SpreadNodes } from "./spread-nodes.ts";
import { SpreadScore } from "./spread-score.ts";

/** A pod's constraints with one action, and its counted pods. */
export interface CountedSpread {
  readonly nodes: SpreadNodes;
  readonly requireAll: boolean;
  readonly counts: KeptCounts;
}

/** What the constraints of one pod kind say, while services and owners stand, by which default constraints select. */
export class SpreadStanding implements Standing {
  readonly filters: boolean;
  readonly scores: boolean;
  readonly facts: readonly NodeFact[];
  readonly #objects: SelectingObjects;
  readonly #hard: CountedSpread | undefined;
  readonly #soft: CountedSpread | undefined;
  readonly #score: SpreadScore | undefined;
  readonly #hardKeys: readonly SpreadKey[];
  /** By hard constraint: the greatest number of pods that a domain may hold already. */
  readonly #most: Float64Array;

  constructor(cycle: Cycle, hard: CountedSpread | undefined, soft: CountedSpread | undefined) {
    const { services, owners } = cycle.cluster.objects;
    this.#objects = { services, owners };
    this.#hard = hard;
    this.#soft = soft;
    this.#score = soft && new SpreadScore(soft.nodes, soft.counts.keys, soft.requireAll);
    this.#hardKeys = hard?.nodes.keys ?? [];
    this.#most = new Float64Array(this.#hardKeys.length);
    this.filters = hard !== undefined;
    this.scores = soft !== undefined;
    this.facts = [
      ...(hard ? hardFacts(cycle, hard.nodes, hard.counts.keys) : []),
      ...(soft ? softFacts(soft.nodes, soft.counts.keys) : []),
    ];
  }

  refresh({ nodes, cluster: { objects } }: Cycle): boolean {
    if (objects.services !== this.#objects.services || objects.owners !== this.#objects.owners) return false;
    if (this.#soft?.counts.catchUp(nodes) === false) return false;
    if (this.#hard === undefined) return true;
    const { counts } = this.#hard;
    if (!counts.catchUp(nodes)) return false;
    for (let i = 0; i < this.#hardKeys.length; i++) {
      const { minDomains, maxSkew, selfMatch } = this.#hardKeys[i].constraint;
      const least = counts.keys[i].values.length < minDomains ? 0 : counts.leastOf(i);
      this.#most[i] = maxSkew + least - selfMatch;
    }
    return true;
  }

  passes(node: number): boolean {
    for (let i = 0; i < this.#hardKeys.length; i++) {
      const value = this.#hardKeys[i].values[node];
      if (value === 0 || this.#hard!.counts.keys[i].byValue[value] > this.#most[i]) return false;
    }
    return true;
  }

  score(feasible: Selection, scores: Int32Array): void {
    this.#score!.raw(feasible, scores);
    this.#score!.normalize(feasible, scores);
  }
}
