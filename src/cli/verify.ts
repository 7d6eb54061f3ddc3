import { createWriteStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { styleText } from "node:util";
import { createGzip } from "node:zlib";
import Table from "cli-table3";
import { Command } from "commander";
import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { isQueueScript, readCases } from "../decisions/recorded-case.ts";
import { type FamilyResult, Verification } from "../decisions/verify-cases.ts";
import type { Algorithm } from "../experiment/algorithm.ts";
import { checkWritable } from "../report/output-file.ts";
import { type CommonOptions, printJson, say, useColor, withCommonOptions } from "./output.ts";
import { type AlgorithmOption, withAlgorithmOption } from "./policy-options.ts";

interface VerifyCommandOptions extends CommonOptions, AlgorithmOption {
  readonly family?: string;
  readonly failFast?: boolean;
  readonly out?: string;
}

/** A difference between a decision and its recording. */
const DIFFERS = 1;

export function verifyCommand(): Command {
  const command = new Command("verify")
    .summary("check that the scheduler decides as kube-scheduler was recorded to")
    .description(
      "Replays recorded scheduling cases and compares every verdict, score and text. Exits with 1 when anything differs.",
    )
    .argument("<cases...>", "recorded cases (.jsonl, .jsonl.gz), or folders of them")
    .option("--family <name>", "only the cases of this family")
    .option("--fail-fast", "stop at the first attempt that differs")
    .option("--out <file>", "write the cases with our own records as actual; gzipped when it ends with .gz")
    .addHelpText(
      "after",
      `
Examples:
  stowage verify conformance/ --family taints
  stowage verify conformance/fit.jsonl.gz --fail-fast --out actual.jsonl.gz`,
    );
  withAlgorithmOption(command);
  return withCommonOptions(command).action(async (paths: string[], options: VerifyCommandOptions) => {
    const { out, algorithm = "index" } = options;
    if (out !== undefined) await checkWritable(dirname(out));
    const lines: string[] = [];
    const verification = new Verification({
      profileOf: ({ config, gates }) => profilesFromCase(config, gates)[0],
      algorithm,
      failFast: options.failFast,
      onActual: out === undefined ? undefined : (line) => lines.push(JSON.stringify(line)),
    });
    await verifyFiles(await filesOf(paths), verification, options);
    if (out !== undefined) await writeLines(out, lines);
    const { families } = verification;
    if (options.json) printJson({ algorithm, ...summary(families) });
    else process.stdout.write(render(families, algorithm, { color: useColor(options) }));
    if (!options.quiet && out !== undefined) say(options, `\nOur own records: ${out}`);
    if (families.some(({ verdict }) => verdict === "differs")) process.exitCode = DIFFERS;
  });
}

async function writeLines(path: string, lines: readonly string[]): Promise<void> {
  const text = Readable.from(lines.map((line) => `${line}\n`));
  const file = createWriteStream(path);
  await (path.endsWith(".gz") ? pipeline(text, createGzip(), file) : pipeline(text, file)).catch(
    (error: Error) => {
      throw new UserError([
        { where: path, what: `invalid output file: ${error.message}; choose another with --out` },
      ]);
    },
  );
}

async function verifyFiles(
  files: readonly string[],
  verification: Verification,
  { family }: VerifyCommandOptions,
): Promise<void> {
  const seen = new Set<string>();
  for (const file of files) {
    if (verification.stopped) return;
    for (const line of await readCases(file)) {
      const name = isQueueScript(line) ? `queue/${line.family}` : line.family;
      seen.add(name);
      if (family !== undefined && name !== family) continue;
      if (isQueueScript(line)) verification.addScript(line);
      else verification.add(line);
    }
  }
  if (family !== undefined && !seen.has(family)) throw new UserError(unknown("family", family, [...seen]));
  if (seen.size === 0)
    throw new UserError(`missing cases: none in ${files.join(", ")}; name files with a case a line`);
}

/** The files named, and those with cases in the folders named, by name. */
async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: Error) => {
      throw new UserError([{ where: path, what: `invalid path of cases: ${error.message}` }]);
    });
    if (!found.isDirectory()) {
      files.push(path);
      continue;
    }
    const inside = await readdir(path, { recursive: true });
    const cases = inside.filter((name) => /\.jsonl(\.gz)?$/.test(name)).sort();
    if (cases.length === 0) {
      throw new UserError([
        { where: path, what: "missing cases: no .jsonl or .jsonl.gz in the folder; name another" },
      ]);
    }
    files.push(...cases.map((name) => join(path, name)));
  }
  return files;
}

function summary(families: readonly FamilyResult[]) {
  const sum = (of: (family: FamilyResult) => number) =>
    families.reduce((total, family) => total + of(family), 0);
  return {
    verdict: families.some(({ verdict }) => verdict === "differs") ? "differs" : "equal",
    cases: sum(({ cases }) => cases),
    attempts: sum(({ attempts }) => attempts),
    differing: sum(({ differing }) => differing),
    differences: sum(({ differences }) => differences),
    families,
  };
}

function render(
  families: readonly FamilyResult[],
  algorithm: Algorithm,
  { color }: { readonly color: boolean },
): string {
  const strong = (text: string) => (color ? styleText("bold", text) : text);
  const number = (value: number) => value.toLocaleString("en-US");
  const table = new Table({
    head: ["family", "cases", "attempts", "differing", "differences", "verdict"],
    colAligns: ["left", "right", "right", "right", "right", "left"],
    style: color
      ? { head: ["bold"], border: ["grey"], compact: true }
      : { head: [], border: [], compact: true },
  });
  for (const { family, cases, attempts, differing, differences, verdict } of families) {
    table.push([family, ...[cases, attempts, differing, differences].map(number), verdict]);
  }
  const parts = [table.toString()];
  for (const { family, first, byField, differences } of families) {
    if (differences === 0) continue;
    const fields = Object.entries(byField).map(([field, count]) => `${field} ${number(count)}`);
    const rest = differences - first.length;
    parts.push(
      [
        strong(`${family}: ${number(differences)} differences: ${fields.join(", ")}`),
        ...first.map((line) => `  ${line}`),
        ...(rest > 0 ? [`  and ${number(rest)} more`] : []),
      ].join("\n"),
    );
  }
  parts.push(conclusion(families, algorithm, number));
  return `${parts.join("\n\n")}\n`;
}

const DECIDED_BY: Readonly<Record<Algorithm, string>> = {
  index: "the scheduling cycle with its placement index, and by its plain derivation",
  scan: "the scheduling cycle that looks at every node anew, and by its plain derivation",
  reference: "the reference scheduler, which shares no plugin with the fast one",
};

/** What may be said of it, and what it does not show. */
function conclusion(
  families: readonly FamilyResult[],
  algorithm: Algorithm,
  number: (value: number) => string,
): string {
  const count = (own: readonly FamilyResult[], of: "attempts" | "differing") =>
    own.reduce((sum, family) => sum + family[of], 0);
  const scripts = families.filter(({ family }) => family.startsWith("queue/"));
  const cases = families.filter((family) => !scripts.includes(family));
  const outcomes = [
    { own: cases, what: "recorded attempts of kube-scheduler with one worker" },
    { own: scripts, what: "recorded steps of its queue" },
  ].flatMap(({ own, what }) => {
    if (own.length === 0) return [];
    const differing = count(own, "differing");
    const outOf = `${number(count(own, "attempts"))} ${what}`;
    return [differing === 0 ? `No difference in ${outOf}.` : `${number(differing)} of ${outOf} differ.`];
  });
  return [
    ...outcomes,
    ...(cases.length === 0 ? [] : [`Decided by ${DECIDED_BY[algorithm]} (--algorithm ${algorithm}).`]),
    "Recordings cover neither extenders, pod groups, several profiles, nor PreBind and Bind; with more workers kube-scheduler itself differs from run to run.",
  ].join("\n");
}
