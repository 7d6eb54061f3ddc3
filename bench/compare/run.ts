import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UserError } from "../../src/base/errors.ts";
import { KUBE_SCHEDULER_VERSION, machine } from "../../src/experiment/provenance.ts";
import { type CompareCase, compareCases, defaultPerfFolder, selectCases } from "./cases.ts";
import { type ComparedCase, compareCase } from "./compare-case.ts";
import { kubePlayer } from "./kube-scheduler.ts";
import { ladder } from "./ladder.ts";
import { ourPlayer } from "./our-player.ts";
import { barsSvg, ladderSvg } from "./plots.ts";
import { csvOfSamples, HEADLINE, markdownTables, screenTables } from "./report-tables.ts";

const { values } = parseArgs({
  options: {
    /** Cases whose name contains this; may be given several times. */
    case: { type: "string", multiple: true },
    rounds: { type: "string", default: "3" },
    /** Minutes that kube-scheduler's runs may take in all. */
    budget: { type: "string", default: "60" },
    /** Repeats of ours in each of its processes. */
    repeats: { type: "string", default: "25" },
    "scheduler-perf": { type: "string", default: defaultPerfFolder() },
    out: { type: "string", default: "reports/bench-compare" },
    /** Goes on from the report that an earlier, interrupted run left there. */
    resume: { type: "boolean", default: false },
  },
});

const cases = chosenCases();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const root = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));
const ours = await ourPlayer(join(root, "bench-compare"));
const theirs = await kubePlayer(join(root, "kube-scheduler"));
if ("missing" in theirs) say(theirs.missing);

const startedAt = new Date();
const host = machine();
const rounds = Number(values.rounds);
const conditions = [
  `${host.cpu}, ${host.cores} cores, ${host.memoryGiB} GiB, ${host.platform}; Node ${process.version}; ${startedAt.toISOString().slice(0, 10)}`,
  `kube-scheduler ${KUBE_SCHEDULER_VERSION} as a library at its fastest of parallelism 1, 2, 16 and GOGC 100, 400, off; ours on one thread`,
  `${rounds} rounds, both sides in turn on the same script; the first repeat of each process of ours is cold and not among the medians`,
  "kube-scheduler's time leaves out the events that attempts cause; ours has them in it",
];
const results: ComparedCase[] = values.resume ? await casesOf(join(values.out, "report.json")) : [];
const left = cases.filter(({ name }) => !results.some((result) => result.name === name));
for (const one of left) {
  say(one.name);
  results.push(
    await compareCase(one, {
      ours,
      theirs: "missing" in theirs ? undefined : theirs,
      cache: join(root, "bench-compare"),
      rounds,
      budgetSeconds: (Number(values.budget) * 60) / left.length,
      repeats: Number(values.repeats),
      say,
    }),
  );
  await report();
}
say(screenTables(results, ladder(results)));
say(`${HEADLINE} ${conditions[0]}`);
const different = results.find(({ placements = "equal" }) => placements !== "equal");
if (different !== undefined) {
  process.stderr.write(`${different.name}: placements differ: ${different.placements}\n`);
  process.exitCode = 1;
}

function chosenCases(): readonly CompareCase[] {
  try {
    return selectCases(compareCases(values["scheduler-perf"]), values.case ?? []);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

async function casesOf(file: string): Promise<ComparedCase[]> {
  const { cases: earlier } = JSON.parse(await readFile(file, "utf8")) as { readonly cases: ComparedCase[] };
  return earlier;
}

/** After each case, so that an interrupted run leaves what it has. */
async function report(): Promise<void> {
  const { out } = values;
  const rungs = ladder(results);
  await mkdir(out, { recursive: true });
  const whole = {
    headline: HEADLINE,
    machine: host,
    node: process.version,
    startedAt,
    conditions,
    ladder: rungs,
    cases: results,
  };
  await writeFile(join(out, "report.json"), `${JSON.stringify(whole, undefined, 2)}\n`);
  await writeFile(join(out, "table.md"), markdownTables(results, rungs, conditions));
  await writeFile(join(out, "samples.csv"), csvOfSamples(results));
  await writeFile(join(out, "bars.svg"), barsSvg(results, conditions[0]));
  await writeFile(join(out, "ladder.svg"), ladderSvg(rungs, conditions[0]));
}
