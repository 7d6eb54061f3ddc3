import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { TieBreak } from "../scheduler/profile.ts";
import { chosenNode, type ExplainedScore } from "./explanation-choice.ts";
import type { Decision } from "./explanation-decision.ts";
import { scoreParts } from "./explanation-parts.ts";
import { rejectionDetail } from "./explanation-rejections.ts";
import { recordPerPlugin } from "./record-per-plugin.ts";
import { firstRejection } from "./record-search.ts";
import type { RecordedStatus } from "./recorded-case.ts";

/** Why the pod does not go to one node in particular. */
export interface AskedNode {
  readonly node: string;
  readonly verdict: "chosen" | "lost" | "tied" | "rejected" | "not looked at";
  readonly words: string;
  /** Every plugin that rejects it, not only the first. */
  readonly rejections: readonly (RecordedStatus & { readonly detail?: string })[];
  /** By how many points it lost. */
  readonly behind?: number;
  /** Plugin by plugin, the one that cost it most first; `behind` is weighted, and below 0 where it was better. */
  readonly lines?: readonly {
    readonly plugin: string;
    readonly behind: number;
    readonly winner: ExplainedScore;
    readonly asked: ExplainedScore;
  }[];
}

/** @throws UserError with the nearest name when there is no such node */
export function askedNode(decision: Decision, name: string, rule: TieBreak): AskedNode {
  const { record, cycle, profile } = decision;
  const row = cycle.nodes.rowOf(name);
  if (row === undefined) {
    const names = Array.from(cycle.nodes.order, (node) => cycle.nodes.name(node));
    throw new UserError(unknown("node", name, names));
  }
  const winner = chosenNode(record, rule);
  if (name === winner) {
    return { node: name, verdict: "chosen", words: `${name} is the chosen node.`, rejections: [] };
  }
  const rejections = rejectionsOf(decision, name, row);
  if (rejections.length > 0) {
    const said = rejections.map(
      ({ plugin, reasons = [], detail }) =>
        `${plugin}: ${reasons.join(", ")}${detail === undefined ? "" : ` (${detail})`}`,
    );
    return {
      node: name,
      verdict: "rejected",
      words: `${name} is rejected by ${said.join("; ")}.`,
      rejections,
    };
  }
  if (record.totals?.[name] !== undefined && winner !== undefined) return lost(decision, name, row, winner);
  const feasible = firstRejection(cycle, profile)(row) === undefined;
  const enough = record.feasible?.length ?? 0;
  const words =
    feasible && winner !== undefined
      ? `${name} would do, but was not looked at: the search ended with ${enough} feasible ${enough === 1 ? "node" : "nodes"}.`
      : `${name} was not looked at.`;
  return { node: name, verdict: "not looked at", words, rejections: [] };
}

function rejectionsOf(
  { record, cycle, profile }: Decision,
  name: string,
  row: number,
): AskedNode["rejections"] {
  const own = Object.entries(recordPerPlugin(cycle, profile)).flatMap(([plugin, verdicts]) => {
    const verdict = verdicts[name] ?? verdicts["*"];
    return verdict === undefined ? [] : [{ ...verdict, plugin }];
  });
  // What was decided may rest on more than the plugins' own verdicts, such as pods nominated to the node.
  const recorded = record.filter?.[name];
  const known = recorded === undefined || own.some(({ plugin }) => plugin === recorded.plugin);
  return [...(known ? [] : [recorded]), ...own].map((status) => {
    const detail = rejectionDetail(cycle, row, status);
    return { ...status, ...(detail !== undefined && { detail }) };
  });
}

function lost({ record, cycle }: Decision, name: string, row: number, winner: string): AskedNode {
  const { totals = {}, scores = {} } = record;
  const winnerRow = cycle.nodes.rowOf(winner) ?? row;
  const explained = (plugin: string, node: string, place: number): ExplainedScore => {
    const score = scores[plugin][node];
    const parts = scoreParts(plugin, cycle, place, score);
    return { ...score, ...(parts !== undefined && { parts }) };
  };
  const lines = Object.entries(scores)
    .map(([plugin, of]) => ({
      plugin,
      behind: of[winner].weighted - of[name].weighted,
      winner: explained(plugin, winner, winnerRow),
      asked: explained(plugin, name, row),
    }))
    .sort((a, b) => b.behind - a.behind);
  const behind = totals[winner] - totals[name];
  const words =
    behind === 0
      ? `${name} has as many points as ${winner} (${totals[name]}); the tie rule chose.`
      : `${name} lost by ${behind} ${behind === 1 ? "point" : "points"} (${totals[name]} to ${totals[winner]}), most of them ${lines[0].plugin}'s: ${lines[0].behind}.`;
  return { node: name, verdict: behind === 0 ? "tied" : "lost", words, rejections: [], behind, lines };
}
