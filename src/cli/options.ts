import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "commander";
import { unknown } from "../base/nearest.ts";
import { ALGORITHMS, type Algorithm } from "../experiment/algorithm.ts";
import { TIE_BREAKS, type TieBreak } from "../scheduler/profile.ts";

/** Parsers of option values for commander: a wrong value is an error with a way out, never NaN. */

const MAX_SEEDS = 10_000;

/** `20` means 42 to 61; `42..51` means what it says; `7` after `..`-less means a count. */
export function parseSeeds(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text);
  if (range !== null) {
    const [first, last] = [Number(range[1]), Number(range[2])];
    if (last < first)
      throw new InvalidArgumentError(`the range ends before it begins; write ${last}..${first}`);
    return seedsFrom(first, last - first + 1);
  }
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("write how many (20) or a range (42..61)");
  return seedsFrom(42, Number(text));
}

function seedsFrom(first: number, count: number): number[] {
  if (count < 1 || count > MAX_SEEDS) throw new InvalidArgumentError(`write 1 to ${MAX_SEEDS} seeds`);
  return Array.from({ length: count }, (_, i) => first + i);
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new InvalidArgumentError("write a whole number from 0");
  return seed;
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`write a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

/** `2%` or `0.02`: a share, above 0 and below 1. */
export function parseShare(text: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const share =
    percent === null ? (/^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN) : Number(percent[1]) / 100;
  if (!(share > 0 && share < 1))
    throw new InvalidArgumentError("write a share above 0 and below 100%, such as 2%");
  return share;
}

export function parseList(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === ""))
    throw new InvalidArgumentError("write names with commas between them: a,b,c");
  return names;
}

export function parseTieBreak(text: string): TieBreak {
  const rule = TIE_BREAKS.find((name) => name === text);
  if (rule === undefined) throw new InvalidArgumentError(unknown("tie rule", text, TIE_BREAKS));
  return rule;
}

export function parseAlgorithm(text: string): Algorithm {
  const algorithm = ALGORITHMS.find((name) => name === text);
  if (algorithm === undefined) throw new InvalidArgumentError(unknown("algorithm", text, ALGORITHMS));
  return algorithm;
}

/** `1/4`: the first of four parts. */
export function parseShard(text: string): { readonly i: number; readonly n: number } {
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  const [i, n] = parts === null ? [0, 0] : [Number(parts[1]), Number(parts[2])];
  if (i < 1 || i > n) throw new InvalidArgumentError("write i/n with i from 1 to n, such as 1/4");
  return { i, n };
}

export function defaultThreads(): number {
  return availableParallelism();
}
