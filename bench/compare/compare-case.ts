import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { median } from "../../src/statistics/quantile.ts";
import type { CompareCase } from "./cases.ts";
import { type KubePlayer, TUNINGS, type Tuning } from "./kube-scheduler.ts";
import type { OurPlayer } from "./our-player.ts";
import { placementsByPod } from "./placements.ts";
import { writeScript } from "./script.ts";
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
const OUR_SECONDS = 4;

/** Both sides on one script, in turn: first kube-scheduler's best tuning, then rounds, then placements of one worker. */
export async function compareCase(one: CompareCase, options: CompareOptions): Promise<ComparedCase> {
  const { ours, theirs, cache, rounds, repeats, say } = options;
  const samples: Sample[] = [];
  const shortened: string[] = [];
  const operations = [...(await one.operations())];
  const file = (name: string): string => join(cache, `${one.name.replaceAll(/\W+/g, "-")}.${name}`);
  let script = file("jsonl");
  await writeScript(script, operations);
  const first = await ours({ script, repeats: 1, placements: file("ours") });
  let tuning: Tuning | undefined;
  if (theirs !== undefined) {
    const at = placementsByPod(await readFile(file("ours"), "utf8"));
    const calibration = file("calibration.jsonl");
    const bound = [...settled(operations, at)];
    await writeScript(calibration, capped(bound, CALIBRATION_ATTEMPTS));
    let best = Number.POSITIVE_INFINITY;
    for (const tried of TUNINGS) {
      const { phases } = await theirs(calibration, tried);
      const work = measuredWork(phases);
      samples.push({
        side: "kube-scheduler",
        purpose: "calibration",
        round: 0,
        repeat: 0,
        tuning: tried,
        work,
      });
      if (work.seconds / work.attempts < best) {
        best = work.seconds / work.attempts;
        tuning = tried;
      }
    }
    const { attempts } = measuredWork(first.repeats[0]);
    const initial = first.repeats[0].reduce((sum, phase) => sum + (phase.measured ? 0 : phase.attempts), 0);
    const affordable = Math.floor(options.budgetSeconds / (rounds + 1) / best);
    say(`  kube-scheduler: about ${Math.round(1 / best)} attempts/s with ${describe(tuning!)}`);
    if (attempts + initial > affordable) {
      const cap = attempts > affordable;
      if (initial > 0) shortened.push(`${initial} pods that are not measured run from the start`);
      if (cap) shortened.push(`${affordable} of ${attempts} attempts`);
      script = file("short.jsonl");
      await writeScript(script, cap ? capped(bound, Math.max(affordable, CALIBRATION_ATTEMPTS)) : bound);
    }
  }
  const perRound: { ours: number; theirs: number }[] = [];
  let digest = "";
  for (let round = 0; round < rounds; round++) {
    const theirsFirst = round % 2 === 1;
    const runTheirs = async (): Promise<number> => {
      if (theirs === undefined || tuning === undefined) return Number.NaN;
      const work = measuredWork((await theirs(script, tuning)).phases);
      samples.push({ side: "kube-scheduler", purpose: "compared", round, repeat: 0, tuning, work });
      return work.seconds;
    };
    const before = theirsFirst ? await runTheirs() : Number.NaN;
    const report = await ours({ script, repeats, seconds: OUR_SECONDS, placements: file("ours") });
    digest = report.digest;
    const works = report.repeats.map((phases) => measuredWork(phases));
    works.forEach((work, repeat) => {
      samples.push({ side: "ours", purpose: "compared", round, repeat, work });
    });
    const after = theirsFirst ? before : await runTheirs();
    perRound.push({ ours: median(warm(works).map(({ seconds }) => seconds)), theirs: after });
  }
  const variants: Record<string, number> = {};
  for (const { name, ...ways } of one.variants) {
    const report = await ours({ script, repeats, seconds: OUR_SECONDS, ...ways });
    const works = report.repeats.map((phases) => measuredWork(phases));
    works.forEach((work, repeat) => {
      samples.push({ side: "ours", purpose: name, round: 0, repeat, work });
    });
    variants[name] = median(warm(works).map(podsPerSecond));
  }
  const oursCompared = samples.filter(
    ({ side, purpose, repeat }) => side === "ours" && purpose === "compared" && repeat > 0,
  );
  const fallback = samples.filter(({ side, purpose }) => side === "ours" && purpose === "compared");
  const oursPerSecond = median(
    (oursCompared.length > 0 ? oursCompared : fallback).map(({ work }) => podsPerSecond(work)),
  );
  const result = {
    name: one.name,
    bar: one.bar,
    attempts: fallback[0].work.attempts,
    shortened,
    samples,
    oursPerSecond,
    variants,
    digest,
  };
  if (theirs === undefined || tuning === undefined) return result;
  const alone: Tuning = { parallelism: 1, gogc: tuning.gogc };
  const { phases } = await theirs(script, alone, file("theirs"));
  samples.push({
    side: "kube-scheduler",
    purpose: "placements",
    round: 0,
    repeat: 0,
    tuning: alone,
    work: measuredWork(phases),
  });
  const theirRates = samples
    .filter(({ side, purpose }) => side === "kube-scheduler" && purpose === "compared")
    .map(({ work }) => podsPerSecond(work));
  const ratios = perRound.map((round) => round.theirs / round.ours);
  return {
    ...result,
    tuning,
    theirsPerSecond: median(theirRates),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    placements: firstDifference(await readFile(file("ours"), "utf8"), await readFile(file("theirs"), "utf8")),
  };
}

/** All but the first, where there are others. */
function warm<T>(repeats: readonly T[]): readonly T[] {
  return repeats.length > 1 ? repeats.slice(1) : repeats;
}

export function describe({ parallelism, gogc }: Tuning): string {
  return `parallelism ${parallelism}, GOGC ${gogc}`;
}

/** `equal`, or the first line in which two lists of placements differ. @internal */
export function firstDifference(ours: string, theirs: string): string {
  if (ours === theirs) return "equal";
  const left = ours.split("\n");
  const right = theirs.split("\n");
  const place = left.findIndex((line, i) => line !== right[i]);
  const at = place === -1 ? left.length : place;
  return `placement ${at + 1}: ours ${left[at] || "none"}, kube-scheduler ${right[at] || "none"}`;
}
