import type { TieSensitivity, TieSensitivityRow, WorkloadFacts } from "../experiment/experiment-result.ts";
import type { Measure } from "../metrics/measure.ts";
import { measureNamed } from "../metrics/measures.ts";
import { inSentence } from "./claim.ts";
import type { Level } from "./level.ts";
import { count } from "./numbers.ts";

/** What the tie rules do to one workload's verdicts. */
export interface TieReport {
  readonly rules: TieSensitivity["rules"];
  readonly rows: readonly TieSensitivityRow[];
  /** The same in sentences. */
  readonly text: string;
}

type Levels = readonly { readonly measure: Measure; readonly of: readonly Level[] }[];

/** Undefined when the experiment was not repeated under other rules. */
export function tieReport(
  sensitivity: TieSensitivity | undefined,
  { name, primaryMeasures }: Pick<WorkloadFacts, "name" | "primaryMeasures">,
  levels: Levels,
): TieReport | undefined {
  if (sensitivity === undefined) return undefined;
  const rows = primaryMeasures.flatMap((measure) =>
    sensitivity.rows.filter((row) => row.workload === name && row.measure === measure),
  );
  const text = [...sentences(sensitivity, rows), ...tiedShare(levels)].join(" ");
  return { rules: sensitivity.rules, rows, text };
}

/** How many decisions hung on a tie, as the experiment was run: the mean over the seeds, from policy to policy. */
function tiedShare(levels: Levels): string[] {
  const of = levels.find(({ measure }) => measure.name === "tiedDecisions")?.of ?? [];
  const shares = of.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  if (shares.length === 0) return [];
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) => share.toFixed(1));
  const much = least === most ? `${least} %` : `${least} to ${most} %`;
  return [`As run, ${much} of the decisions were between equals.`];
}

function sentences(
  { rules, unfinished, kept, failed }: TieSensitivity,
  rows: readonly TieSensitivityRow[],
): string[] {
  const said: string[] = [];
  if (rules.length > 0) said.push(...verdictSentences(rules, rows));
  else if (unfinished.length === 0) said.push("No policy has another tie rule to be tried.");
  if (unfinished.length > 0)
    said.push(`Interrupted: the rule ${unfinished.join(" and ")} was not tried to the end.`);
  if (kept.length > 0) {
    const verb =
      kept.length === 1
        ? "keeps its own rule, which is all it ranks"
        : "keep their own rules, which are all they rank";
    said.push(`${list(kept)} ${verb} nodes by.`);
  }
  if (failed > 0)
    said.push(
      `${count(failed, "trial")} of the repetitions failed and ${failed === 1 ? "is" : "are"} left out.`,
    );
  return said;
}

function verdictSentences(rules: TieSensitivity["rules"], rows: readonly TieSensitivityRow[]): string[] {
  const tried = rules.length === 1 ? `rule ${rules[0]}` : `rules ${list(rules)}`;
  if (rows.length === 0) return [`Repeated under tie ${tried}; there is no verdict that could change.`];
  const changing = rows.filter(({ changes }) => changes);
  if (changing.length === 0) {
    return [
      rows.length === 1
        ? `The verdict does not change under tie ${tried}.`
        : `None of ${rows.length} verdicts changes under tie ${tried}.`,
    ];
  }
  const verb = changing.length === 1 ? "hangs" : "hang";
  return [
    `${changing.length} of ${count(rows.length, "verdict")} ${verb} on how ties are broken (tried: ${tried}): ${changing.map(change).join("; ")}.`,
  ];
}

/** "best-fit, GPU allocation: better as run, no difference shown under first". */
function change({ policy, measure, verdict, under }: TieSensitivityRow): string {
  const others = new Map<string, string[]>();
  for (const [rule, other] of Object.entries(under)) {
    if (other !== verdict) others.set(other, [...(others.get(other) ?? []), rule]);
  }
  const elsewhere = [...others].map(([other, rules]) => `${other} under ${list(rules)}`);
  return `${policy}, ${inSentence(measureNamed(measure).title)}: ${verdict} as run, ${elsewhere.join(", ")}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
