import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { median } from "../../src/statistics/quantile.ts";
import type { CompareCase } from "./cases.ts";
import { type KubePlayer, TUNINGS, type Tuning } from "./kube-scheduler.ts";
import type { OurPlayer } from "./our-player.ts";
import { placementsByPod } from "./placements.ts";
import { type ScriptOperation, writeScript } from "./script.ts";
import { capped, settled } from "./shorten-script.ts";
import { measuredWork, podsPerSecond, type WorkDone } from "./work-done.ts";

/** One run of one side. */
export interface Sample {
  readonly side: "ours" | "kube-scheduler";
  /** `compared`, the name of a variant of ours, `calibration`, or `placements`. */
  readonly purpose: string;
  readonly round: number;
  /** Of ours: the place in its process, the first of them cold. */
  readonly repeat: number;
  readonly tuning?: Tuning;
  readonly work: WorkDone;
}

/** Ours over theirs: the median of the rounds' ratios, with the least and the greatest. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface ComparedCase {
  readonly name: string;
  readonly bar: number | undefined;
  /** Of the measured part, on both sides. */
  readonly attempts: number;
  readonly tuning?: Tuning;
  /** What was shortened so that the case fits its budget; empty when nothing was. */
  readonly shortened: readonly string[];
  readonly samples: readonly Sample[];
  readonly oursPerSecond: number;
  readonly theirsPerSecond?: number;
  readonly ratio?: Ratio;
  /** Ours in other ways, pods a second. */
  readonly variants: Readonly<Record<string, number>>;
  /** `equal`, or the first difference; absent where there is no kube-scheduler. */
  readonly placements?: string;
  readonly digest: string;
}

export interface CompareOptions {
  readonly ours: OurPlayer;
  readonly theirs: KubePlayer | undefined;
  readonly cache: string;
  readonly rounds: number;
  /** For kube-scheduler's runs of this case. */
  readonly budgetSeconds: number;
  readonly repeats: number;
  readonly say: (line: string) => void;
}

const CALIBRATION_ATTEMPTS = 300;
/** What our side may take in each of its processes. */
const OUR_SECONDS = 10;

/** What a case is played from, and what came of its first play. */
interface Prepared {
  /** For kube-scheduler, and for ours where that is not told apart. */
  readonly script: string;
  readonly ourScript: string;
  readonly tuning: Tuning | undefined;
  readonly shortened: readonly string[];
}

/** Both sides on one script, in turn: first kube-scheduler's best tuning, then rounds, then placements of one worker. */
export async function compareCase(one: CompareCase, options: CompareOptions): Promise<ComparedCase> {
  const samples: Sample[] = [];
  const file = (name: string): string => join(options.cache, `${one.name.replaceAll(/\W+/g, "-")}.${name}`);
  const prepared = await prepare(one, options, file, samples);
  const { ratios, digest } = await playRounds(prepared, options, file("ours"), samples);
  const variants = await playVariants(one, prepared, options, samples);
  const compared = samples.filter(({ side, purpose }) => side === "ours" && purpose === "compared");
  const later = compared.filter(({ repeat }) => repeat > 0);
  const result = {
    name: one.name,
    bar: one.bar,
    attempts: compared[0].work.attempts,
    shortened: prepared.shortened,
    samples,
    oursPerSecond: median((later.length > 0 ? later : compared).map(({ work }) => podsPerSecond(work))),
    variants,
    digest,
  };
  const { theirs } = options;
  const { tuning } = prepared;
  if (theirs === undefined || tuning === undefined) return result;
  const alone: Tuning = { parallelism: 1, gogc: tuning.gogc };
  const { phases } = await theirs(prepared.ourScript, alone, file("theirs"));
  const work = measuredWork(phases);
  samples.push({ side: "kube-scheduler", purpose: "placements", round: 0, repeat: 0, tuning: alone, work });
  const theirRates = samples
    .filter(({ side, purpose }) => side === "kube-scheduler" && purpose === "compared")
    .map((sample) => podsPerSecond(sample.work));
  return {
    ...result,
    tuning,
    theirsPerSecond: median(theirRates),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    placements: firstDifference(await readFile(file("ours"), "utf8"), await readFile(file("theirs"), "utf8")),
  };
}

/** Writes the script, finds kube-scheduler's fastest tuning on the start of it, and shortens it where the budget says so. */
async function prepare(
  one: CompareCase,
  { ours, theirs, rounds, budgetSeconds, say }: CompareOptions,
  file: (name: string) => string,
  samples: Sample[],
): Promise<Prepared> {
  const operations = [...(await one.operations())];
  const script = file("jsonl");
  await writeScript(script, operations);
  const write = async (name: string, shorter: Iterable<ScriptOperation>): Promise<string> => {
    await writeScript(file(name), shorter);
    return file(name);
  };
  const forOurs = (all: readonly ScriptOperation[]) =>
    one.ourGates === undefined ? undefined : write("ours.jsonl", withGates(all, one.ourGates));
  const ourScript = (await forOurs(operations)) ?? script;
  if (theirs === undefined) return { script, ourScript, tuning: undefined, shortened: [] };
  const first = await ours({ script: ourScript, repeats: 1, placements: file("ours") });
  const bound = [...settled(operations, placementsByPod(await readFile(file("ours"), "utf8")))];
  const calibration = await write("calibration.jsonl", capped(bound, CALIBRATION_ATTEMPTS));
  const { tuning, seconds } = await fastestTuning(theirs, calibration, samples);
  const { attempts } = measuredWork(first.repeats[0]);
  const initial = first.repeats[0].reduce((sum, phase) => sum + (phase.measured ? 0 : phase.attempts), 0);
  const affordable = Math.floor(budgetSeconds / (rounds + 1) / seconds);
  say(`  kube-scheduler: about ${Math.round(1 / seconds)} attempts/s with ${describe(tuning)}`);
  if (attempts + initial <= affordable) return { script, ourScript, tuning, shortened: [] };
  const shortened: string[] = [];
  if (initial > 0) shortened.push(`${initial} pods that are not measured run from the start`);
  const cap = Math.max(affordable, CALIBRATION_ATTEMPTS);
  if (attempts > cap) shortened.push(`${cap} of ${attempts} attempts`);
  const shorter = attempts > cap ? [...capped(bound, cap)] : bound;
  const short = await write("short.jsonl", shorter);
  return { script: short, ourScript: (await forOurs(shorter)) ?? short, tuning, shortened };
}

/** The tuning with which kube-scheduler takes the least time for an attempt, and that time in seconds. */
async function fastestTuning(
  theirs: KubePlayer,
  script: string,
  samples: Sample[],
): Promise<{ readonly tuning: Tuning; readonly seconds: number }> {
  let best = { tuning: TUNINGS[0], seconds: Number.POSITIVE_INFINITY };
  for (const tuning of TUNINGS) {
    const { phases } = await theirs(script, tuning);
    const work = measuredWork(phases);
    samples.push({ side: "kube-scheduler", purpose: "calibration", round: 0, repeat: 0, tuning, work });
    const seconds = work.seconds / work.attempts;
    if (seconds < best.seconds) best = { tuning, seconds };
  }
  return best;
}

/** Rounds of both sides, which take turns in coming first; theirs over ours in time, round by round. */
async function playRounds(
  { script, ourScript, tuning }: Prepared,
  { ours, theirs, rounds, repeats }: CompareOptions,
  placements: string,
  samples: Sample[],
): Promise<{ readonly ratios: readonly number[]; readonly digest: string }> {
  const ratios: number[] = [];
  let digest = "";
  for (let round = 0; round < rounds; round++) {
    const runTheirs = async (): Promise<number> => {
      if (theirs === undefined || tuning === undefined) return Number.NaN;
      const work = measuredWork((await theirs(script, tuning)).phases);
      samples.push({ side: "kube-scheduler", purpose: "compared", round, repeat: 0, tuning, work });
      return work.seconds;
    };
    const before = round % 2 === 1 ? await runTheirs() : undefined;
    const report = await ours({ script: ourScript, repeats, seconds: OUR_SECONDS, placements });
    digest = report.digest;
    const works = report.repeats.map((phases) => measuredWork(phases));
    works.forEach((work, repeat) => {
      samples.push({ side: "ours", purpose: "compared", round, repeat, work });
    });
    const after = before ?? (await runTheirs());
    ratios.push(after / median(warm(works).map(({ seconds }) => seconds)));
  }
  return { ratios, digest };
}

/** Ours in other ways: pods a second. */
async function playVariants(
  { variants }: CompareCase,
  { ourScript }: Prepared,
  { ours, repeats }: CompareOptions,
  samples: Sample[],
): Promise<Record<string, number>> {
  const rates: Record<string, number> = {};
  for (const { name, ...ways } of variants) {
    const report = await ours({ script: ourScript, repeats, seconds: OUR_SECONDS, ...ways });
    const works = report.repeats.map((phases) => measuredWork(phases));
    works.forEach((work, repeat) => {
      samples.push({ side: "ours", purpose: name, round: 0, repeat, work });
    });
    rates[name] = median(warm(works).map(podsPerSecond));
  }
  return rates;
}

function* withGates(
  operations: Iterable<ScriptOperation>,
  gates: Readonly<Record<string, boolean>>,
): Iterable<ScriptOperation> {
  for (const operation of operations) {
    yield operation.op === "config" ? { ...operation, gates: { ...operation.gates, ...gates } } : operation;
  }
}

/** All but the first, where there are others. */
function warm<T>(repeats: readonly T[]): readonly T[] {
  return repeats.length > 1 ? repeats.slice(1) : repeats;
}

export function describe({ parallelism, gogc }: Tuning): string {
  return `parallelism ${parallelism}, GOGC ${gogc}`;
}

/** `equal`, or the first line in which two lists of placements differ. */
function firstDifference(ours: string, theirs: string): string {
  if (ours === theirs) return "equal";
  const left = ours.split("\n");
  const right = theirs.split("\n");
  const place = left.findIndex((line, i) => line !== right[i]);
  const at = place === -1 ? left.length : place;
  return `placement ${at + 1}: ours ${left[at] || "none"}, kube-scheduler ${right[at] || "none"}`;
}
