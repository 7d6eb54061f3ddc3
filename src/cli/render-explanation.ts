import { styleText } from "node:util";
import Table from "cli-table3";
import type { Explanation } from "../decisions/explanation.ts";
import type { Choice } from "../decisions/explanation-choice.ts";
import type { PolicyDifference } from "../decisions/explanation-difference.ts";
import type { AskedNode } from "../decisions/explanation-node.ts";
import type { RejectedGroup } from "../decisions/explanation-rejections.ts";
import type { SmallestChange } from "../decisions/smallest-change.ts";
import { count, listed, NONE } from "../report/numbers.ts";

export interface RenderExplanationOptions {
  readonly color: boolean;
  /** The recorded case that the decision belongs to. */
  readonly case?: string | undefined;
  readonly notes: readonly string[];
}

/** Names of a list that are shown; all stand in the JSON form. */
const MOST_NAMES = 8;
/** Nodes of a group that are shown with what is wrong with them. */
const MOST_DETAILS = 4;
/** Changes that are shown after the smallest. */
const MOST_OTHERS = 4;

const RULES = {
  upstream: "kube-scheduler's own pick",
  first: "the first in node order",
  random: "drawn from the seed",
} as const;

/** What is printed bold stands between two characters of private use until all of the text is known to be harmless. */
const [BOLD, PLAIN] = ["\uE000", "\uE001"];

const MARKED = /\uE000([^\uE001]*)\uE001/g;

function strong(text: string): string {
  return `${BOLD}${text}${PLAIN}`;
}

/** One decision for a terminal: the verdict, why this node, why not the others, and what would change it. */
export function renderExplanation(
  explanation: Explanation,
  { color, case: id, notes }: RenderExplanationOptions,
): string {
  const { pod, policy, verdict, choice, rejected, asked, smallestChange, difference } = explanation;
  const { attempt } = explanation.decision;
  const where = id === undefined ? "" : `, case ${id}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
  const about = `${pod}, policy ${policy}, ${count(explanation.nodes, "node")}${where}`;
  const parts = [
    `${about}\n${strong(explanation.node === null ? verdict : `${pod} ${verdict}`)}${standing(explanation)}`,
    ...(choice === undefined ? [] : [whyThisNode(choice)]),
    ...(asked === undefined ? [] : [whyNot(asked)]),
    ...(rejected.length === 0 && explanation.notLookedAt === 0 ? [] : [rejections(explanation, rejected)]),
    ...preemption(explanation),
    ...(smallestChange === undefined ? [] : [changes(smallestChange, asked?.node)]),
    ...(difference === undefined ? [] : [differences(difference)]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `* ${note}`).join("\n")]),
  ];
  const bold = (text: string) => (color ? styleText("bold", text, { validateStream: false }) : text);
  return `${printable(parts.join("\n\n")).replace(MARKED, (_, text: string) => bold(text))}\n`;
}

function standing({ standsOn, sameNode, node }: Explanation): string {
  if (standsOn === undefined) return "";
  if (sameNode) return `\nIt stands there now: scheduled anew, it would come to the same node.`;
  const anew = node === null ? "no node would take it" : `it would come to ${node}`;
  return `\nIt stands on ${standsOn} now; scheduled anew, ${anew}.`;
}

function whyThisNode({ node, runnerUp, feasible, scores, skipped, tie, total }: Choice): string {
  const head = strong("Why this node");
  if (total === undefined) return `${head}\n  ${node} is the only feasible node; nothing was scored.`;
  const lines = [head];
  const table = plainTable([
    "plugin",
    "weight",
    node,
    "points",
    ...(runnerUp ? [runnerUp.node, "points"] : []),
  ]);
  for (const line of scores) {
    table.push([
      line.plugin,
      String(line.weight),
      rawText(line.winner),
      String(line.winner.weighted),
      ...(line.runnerUp ? [rawText(line.runnerUp), String(line.runnerUp.weighted)] : []),
    ]);
  }
  table.push(["total", "", "", String(total), ...(runnerUp ? ["", String(runnerUp.total)] : [])]);
  lines.push(table.toString(), "  Scores are raw → normalised; points are normalised × weight.");
  for (const { plugin, winner, runnerUp: second } of scores) {
    if (winner.parts === undefined) continue;
    if (second?.parts === undefined || runnerUp === undefined || second.parts === winner.parts) {
      lines.push(`  ${plugin}: ${winner.parts}`);
      continue;
    }
    lines.push(`  ${plugin}`, `    ${node}: ${winner.parts}`, `    ${runnerUp.node}: ${second.parts}`);
  }
  if (skipped.length > 0) lines.push(`  Nothing to score for ${listed(skipped)}.`);
  if (tie === undefined) lines.push(`  The best of ${count(feasible, "feasible node")}, alone.`);
  else
    lines.push(
      `  ${count(tie.nodes.length, "node")} of ${feasible} feasible ones tie: ${shortened(tie.nodes)}; the rule: ${RULES[tie.rule]}.`,
    );
  return lines.join("\n");
}

function rawText({ raw, normalized }: { readonly raw: number; readonly normalized: number }): string {
  return raw === normalized ? String(raw) : `${raw} → ${normalized}`;
}

function whyNot({ node, words, lines }: AskedNode): string {
  const parts = [strong(`Why not ${node}`), `  ${words}`];
  for (const { plugin, behind, winner, asked } of lines ?? []) {
    if (behind === 0) continue;
    parts.push(
      `  ${plugin}: ${behind > 0 ? `${behind} behind` : `${-behind} ahead`} (${asked.weighted} to ${winner.weighted})${asked.parts === undefined ? "" : `; ${asked.parts}`}`,
    );
  }
  return parts.join("\n");
}

function rejections({ notLookedAt }: Explanation, groups: readonly RejectedGroup[]): string {
  const all = groups.reduce((sum, { count: nodes }) => sum + nodes, 0);
  const lines = [strong(`Rejected: ${count(all, "node")}`)];
  for (const { plugin, code, reasons, count: nodes, nodes: members } of groups) {
    // The same reasons may be given with either code; of room that is missing this one says the most.
    const full = plugin === "NodeResourcesFit" && code === "UnschedulableAndUnresolvable";
    lines.push(
      `  ${nodes} by ${plugin ?? "PreFilter"}: ${reasons.join(", ")}${full ? ", even if empty" : ""}`,
    );
    const detailed = members.filter(({ detail }) => detail !== undefined).slice(0, MOST_DETAILS);
    for (const { name, detail } of detailed) lines.push(`    ${name}: ${detail}`);
    const shown = new Set(detailed);
    const rest = members.filter((member) => !shown.has(member)).map(({ name }) => name);
    if (rest.length > 0) lines.push(`    ${detailed.length > 0 ? "also " : ""}${shortened(rest)}`);
  }
  if (notLookedAt > 0) lines.push(`  ${count(notLookedAt, "node")} not looked at.`);
  return lines.join("\n");
}

function preemption({ decision }: Explanation): string[] {
  const { preemption: found } = decision;
  if (!found) return [];
  const victims = found.victims.length === 0 ? "nobody" : shortened(found.victims);
  return [
    `${strong("Preemption")}\n  It would evict ${victims} from ${found.nominatedNode}, and the pod is nominated to that node.`,
  ];
}

function changes({ sets, triedNodes, nodes }: SmallestChange, node: string | undefined): string {
  const head = strong(node === undefined ? "Smallest change" : `Smallest change for ${node}`);
  const tried =
    triedNodes > 0 && triedNodes < nodes && node === undefined
      ? `\n  Looked into ${triedNodes} of ${count(nodes, "node")}, those with the fewest complaints.`
      : "";
  if (sets.length === 0) return `${head}\n  None of the changes that were tried helps.${tried}`;
  const text = ({ changes: steps, nodes: on }: SmallestChange["sets"][number]) => {
    const together = steps.map(({ words }) => words).join("; and ");
    return `${together}${on.length === 0 ? "" : ` (then ${shortened(on)} ${on.length === 1 ? "takes" : "take"} it)`}`;
  };
  const lines = [head, `  ${text(sets[0])}`];
  const others = sets.slice(1, 1 + MOST_OTHERS);
  if (others.length > 0) lines.push("  or, with as many changes:");
  for (const set of others) lines.push(`    ${text(set)}`);
  return `${lines.join("\n")}${tried}`;
}

function differences({ sides, parts, points }: PolicyDifference): string {
  const [a, b] = sides;
  const head = strong(`${a.policy} and ${b.policy}`);
  const lines = [
    head,
    ...sides.map(({ policy, node, message, outcome }) => `  ${policy}: ${node ?? message ?? outcome}`),
    `  ${parts.words}`,
  ];
  const nodes = [...new Set(sides.flatMap(({ node }) => node ?? []))];
  if (points.length > 0) {
    const columns = nodes.flatMap((node) => [`${node}: ${a.policy}`, b.policy]);
    const table = plainTable(["points", ...columns]);
    for (const { plugin, byNode } of points) {
      table.push([plugin, ...nodes.flatMap((node) => byNode[node].map((value) => String(value ?? NONE)))]);
    }
    lines.push(table.toString());
  }
  return lines.join("\n");
}

function plainTable(head: readonly string[]): InstanceType<typeof Table> {
  return new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
}

function shortened(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return listed(names);
  return `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;
}

/** Names come from files: a control character among them must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]+/gu, " ");
}
