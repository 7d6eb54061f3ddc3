import type { NodeFact } from "../node-fact.ts";
import {
  type Cycle,
  everyNode,
  type NormalizeScore,
  type Plugin,
  type Score,
  zeroForEveryNode,
} from "../plugin.ts";
import { pluginScore } from "../plugin-score.ts";
import type { Filter, Selection } from "../selection.ts";
import type { Standing } from "../standing.ts";

/** A plugin that is asked in every cycle, as one that keeps what it says. */
export class Asked implements Standing {
  filters = false;
  scores = false;
  facts: readonly NodeFact[] | undefined;
  readonly #plugin: Plugin;
  #filter: Filter = everyNode;
  #score: Score = zeroForEveryNode;
  #normalize: NormalizeScore | undefined;
  readonly #one: Selection = { rows: new Uint32Array(1), length: 0 };

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  /** False when it has a say at PreFilter. */
  refresh(cycle: Cycle): boolean {
    const plugin = this.#plugin;
    if (plugin.preFilter?.(cycle) !== undefined) return false;
    this.#filter = plugin.filter?.(cycle) ?? everyNode;
    this.filters = this.#filter !== everyNode;
    const scoring = pluginScore(plugin, cycle);
    this.#score = scoring?.score ?? zeroForEveryNode;
    this.#normalize = scoring?.normalizeScore;
    this.scores = this.#score !== zeroForEveryNode || this.#normalize !== undefined;
    this.facts = this.filters || this.scores ? plugin.facts?.(cycle) : undefined;
    return true;
  }

  passes(node: number): boolean {
    const one = this.#one;
    one.rows[0] = node;
    one.length = 1;
    this.#filter(one);
    return one.length === 1;
  }

  score(feasible: Selection, scores: Int32Array): void {
    this.#score(feasible, scores);
    this.#normalize?.(scores, feasible);
  }
}
