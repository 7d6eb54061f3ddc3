import { z } from "zod";
import { UserError } from "../base/errors.ts";
import { bootstrapRatioOfMedians } from "../statistics/bootstrap-ratio-of-medians.ts";
import { seedsNeeded } from "../statistics/seeds-needed.ts";
import type { BenchResult } from "./bench.ts";
import type { BenchCaseResult } from "./bench-case.ts";

/** Differences below this share are not reported: two runs of the same program differ by as much. */
export const MINIMUM_EFFECT = 0.02;

/** One case beside the same case of a saved result. */
export interface BenchComparison {
  readonly case: string;
  readonly verdict: "faster" | "slower" | "no difference shown";
  /** Median pods a second now over those of the baseline; null when the case was not measured on both sides. */
  readonly ratio: number | null;
  /** Bootstrap interval of the ratio, 95 %; null with too few repeats. */
  readonly ci: readonly [low: number, high: number] | null;
  /** Whether both decided alike; null when one of them was not measured. */
  readonly samePlacements: boolean | null;
  /** What a reader must know not to be misled; each one sentence. */
  readonly notes: readonly string[];
}

const savedResult = z.object({
  machine: z.record(z.string(), z.unknown()),
  cases: z.array(
    z.object({
      case: z.string(),
      source: z.string(),
      policy: z.string(),
      placementDigest: z.string(),
      samples: z.array(z.number().positive()),
    }),
  ),
});

export type BenchBaseline = z.infer<typeof savedResult>;

/**
 * A result that `bench --json` printed.
 * @throws UserError when the text is none
 */
export function parseBaseline(file: string, text: string): BenchBaseline {
  const wrong = (why: string) =>
    new UserError([
      { where: file, what: `invalid baseline: ${why}; save one with stowage bench … --json > ${file}` },
    ]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const parsed = savedResult.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`${issue.path.join(".")}: ${issue.message}`);
}

/**
 * Each case beside the case of the same name in a baseline. A difference is shown only when the whole interval of the
 * ratio lies beyond the minimum effect. Repeats are paired by number, because both programs warm up in the same way.
 */
export function compareWithBaseline(result: BenchResult, baseline: BenchBaseline): BenchComparison[] {
  const otherMachine = ["cpu", "cores"].some(
    (fact) => baseline.machine[fact] !== result.machine[fact as "cpu" | "cores"],
  );
  const machineNotes = otherMachine ? ["The baseline was measured on another machine."] : [];
  return result.cases.map((now) => {
    const before = sameCase(now, baseline);
    if (before === undefined) return incomparable(now.case, null, ["The baseline has no such case."]);
    const samePlacements = before.placementDigest === now.placementDigest;
    const notes = [
      ...machineNotes,
      ...(samePlacements ? [] : ["Pods went to other nodes than in the baseline: not the same work."]),
      ...(before.policy === now.policy ? [] : [`The baseline measured policy ${before.policy}.`]),
    ];
    const rounds = Math.min(before.samples.length, now.samples.length);
    if (rounds === 0)
      return incomparable(now.case, samePlacements, [...notes, "No speed was measured on one side."]);
    const a = before.samples.slice(0, rounds);
    const b = now.samples.slice(0, rounds);
    const { ratio, interval } = bootstrapRatioOfMedians(a, b);
    if (interval === undefined)
      notes.push(`Too few repeats to tell; ${seedsNeeded(1, 0.05)} are needed on both sides.`);
    return {
      case: now.case,
      verdict: verdictOf(interval),
      ratio,
      ci: interval === undefined ? null : [interval.low, interval.high],
      samePlacements,
      notes,
    };
  });
}

function sameCase(
  now: BenchCaseResult,
  { cases }: BenchBaseline,
): BenchBaseline["cases"][number] | undefined {
  const named = cases.filter((other) => other.case === now.case);
  return named.find(({ source }) => source === now.source) ?? named[0];
}

function verdictOf(
  interval: { readonly low: number; readonly high: number } | undefined,
): BenchComparison["verdict"] {
  if (interval !== undefined && interval.low > 1 + MINIMUM_EFFECT) return "faster";
  if (interval !== undefined && interval.high < 1 / (1 + MINIMUM_EFFECT)) return "slower";
  return "no difference shown";
}

function incomparable(
  name: string,
  samePlacements: boolean | null,
  notes: readonly string[],
): BenchComparison {
  return { case: name, verdict: "no difference shown", ratio: null, ci: null, samePlacements, notes };
}
