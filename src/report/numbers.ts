/**
 * How numbers are written for people: the page, the terminal and the pull-request comment. Files for programs get every digit
 * that a double has, by `String`. No locale, so that equal figures are equal text everywhere.
 */

const MINUS = "\u2212";

/** What stands for a value that there is none of. */
export const NONE = "\u2013";

/** Three significant digits, whole numbers from 100 up, thousands separated by commas: "2.10", "12,345"; whole numbers as they are. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const digits = size >= 99.95 || Number.isInteger(size) ? grouped(Math.round(size)) : threeDigits(size);
  return value < 0 ? MINUS + digits : digits;
}

/** A number on an axis, as short as it can be: "2.5", "12,000". */
export function tick(value: number): string {
  const size = Math.abs(value);
  const short = size >= 1000 ? Math.round(size) : Number(size.toPrecision(6));
  const digits = Number.isInteger(short) ? grouped(short) : String(short);
  return value < 0 ? MINUS + digits : digits;
}

/** A difference, with its sign: "+2.13", "−12,345", "0". */
export function signed(value: number): string {
  const text = figure(value);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

/** "92.1 %", "3.2 s", "12 pods"; a bare number when the unit is a ratio. */
export function withUnit(value: number, unit: string): string {
  const suffix = unitSuffix(unit);
  return suffix === "" ? figure(value) : `${figure(value)} ${suffix}`;
}

/** "2.1 to 3.4"; one number when both read the same. */
export function range(low: number, high: number): string {
  const [from, to] = [figure(low), figure(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** "+2.1 to +3.4". */
export function signedRange(low: number, high: number): string {
  const [from, to] = [signed(low), signed(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** How a measure's unit is printed after its values. */
export function unitSuffix(unit: string): string {
  if (unit === "percent") return "%";
  if (unit === "seconds") return "s";
  return unit === "ratio" ? "" : unit;
}

/** How the unit of a difference is printed: percentages differ by points. */
export function differenceUnit(unit: string): string {
  return unit === "percent" ? "points" : unitSuffix(unit);
}

/** "42–61" for a run without gaps, else the list: "42, 44, 50". */
export function seedList(seeds: readonly number[]): string {
  if (seeds.length < 3) return seeds.join(", ");
  const unbroken = seeds.every((seed, i) => seed === seeds[0] + i);
  return unbroken ? `${seeds[0]}${NONE}${seeds[seeds.length - 1]}` : seeds.join(", ");
}

/** "1 seed", "20 seeds"; the plural may be given. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(n)} ${n === 1 ? noun : plural}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Without an exponent as long as that is readable. */
function threeDigits(size: number): string {
  return size >= 1e-6 ? size.toPrecision(3) : size.toExponential(2);
}
