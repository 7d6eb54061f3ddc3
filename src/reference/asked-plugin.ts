import { InvariantViolation } from "../base/errors.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";

/** What a plugin says of a node or of a pod; code `Error` is a failure of the cycle, with the plugin's own words. */
export interface Said {
  readonly code: string;
  readonly reasons?: readonly string[];
}

/** One plugin before one pod, fast or slow: what can be compared of it. Nodes go by their names. */
export interface AskedPlugin {
  /** What its PreFilter says when no node will do. */
  readonly rejected: Said | undefined;
  readonly skipsFilter: boolean;
  readonly skipsScore: boolean;
  /** The verdict on a node, from each side from which it can be had; they should be one. A failure is a verdict too, code `Error`. */
  verdicts(node: string): readonly (Said | undefined)[];
  /** Undefined when the plugin skips. */
  scores(
    feasible: readonly string[],
  ): { readonly raw: readonly number[]; readonly normalized: readonly number[] } | undefined;
}

/** A plugin of the fast scheduler in a cycle: its judge, its filter and its judge in thought. @internal */
export function askPlugin(plugin: Plugin, cycle: Cycle): AskedPlugin {
  const rejected = orFailure(() => {
    const early = plugin.preFilter?.(cycle);
    return early !== undefined && "rejected" in early ? early.rejected : undefined;
  });
  const { nodes } = cycle;
  return {
    rejected,
    get skipsFilter() {
      return plugin.filter?.(cycle) === undefined && plugin.judge?.(cycle) === undefined;
    },
    get skipsScore() {
      return plugin.score !== undefined && pluginScore(plugin, cycle) === undefined;
    },
    verdicts(name) {
      const node = nodes.rowOf(name)!;
      const judged = orFailure(() => plugin.judge?.(cycle)?.(node));
      if (judged?.code === "Error") return [judged];
      const supposed = plugin.whatIf?.(cycle)?.judge(node);
      const selection = { rows: Uint32Array.of(node), length: 1 };
      plugin.filter?.(cycle)?.(selection);
      const filtered = selection.length === 1 ? undefined : (judged ?? { code: "rejected without a reason" });
      return plugin.whatIf === undefined ? [judged, filtered] : [judged, supposed, filtered];
    },
    scores(feasible) {
      const scoring = pluginScore(plugin, cycle);
      if (scoring === undefined) return undefined;
      const rows = Uint32Array.from(feasible, (name) => nodes.rowOf(name)!);
      const selection = { rows, length: rows.length };
      const scores = new Int32Array(rows.length);
      scoring.score(selection, scores);
      const raw = [...scores];
      scoring.normalizeScore?.(scores, selection);
      return { raw, normalized: [...scores] };
    },
  };
}

function orFailure(say: () => Said | undefined): Said | undefined {
  try {
    return say();
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return { code: "Error", reasons: [error.message.replace(/^running .*?"\w+"( filter plugin)?: /, "")] };
  }
}
