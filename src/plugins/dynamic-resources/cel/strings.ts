import type { Environment } from "@marcbachmann/cel-js";
import { formatText } from "./format-text.ts";
import { namespace } from "./namespace.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/**
 * Strings: cel-go's ext/strings.go; places are counted in code points. A name that ends in `_` takes the place of the
 * evaluator's own function (see `ownFunctions`).
 */
export function addStrings(environment: Environment): void {
  const add = (signature: string, run: (text: string, ...rest: never[]) => unknown) =>
    environment.registerFunction(`string.${signature}`, run);
  add("charAt(int): string", (text, place: bigint) => {
    const characters = Array.from(text);
    return characters[inRange(place, characters.length)] ?? "";
  });
  add("replace(string, string): string", (text, old: string, fresh: string) =>
    text.replaceAll(old, () => fresh),
  );
  add("replace(string, string, int): string", replace);
  add("format(list): string", formatText);
  add("lowerAscii_(): string", (text) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()));
  add("upperAscii_(): string", (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()));
  add("substring_(int): string", (text, from: bigint) => {
    const characters = Array.from(text);
    return characters.slice(inRange(from, characters.length)).join("");
  });
  add("substring_(int, int): string", substring);
  add("split_(string): list<string>", (text, by: string) => split(text, by));
  add("split_(string, int): list<string>", splitUpTo);
  add("indexOf_(string): int", (text, sought: string) => indexOf(text, sought, 0n));
  add("indexOf_(string, int): int", indexOf);
  add("lastIndexOf_(string): int", (text, sought: string) => lastIndexOf(text, sought, BigInt(text.length)));
  add("lastIndexOf_(string, int): int", (text, sought: string, from: bigint) => {
    if (from < 0n) throw new Error(`index out of range: ${from}`);
    return from >= BigInt(Array.from(text).length) ? -1n : lastIndexOf(text, sought, from);
  });
  const strings = namespace(environment, "strings");
  environment.registerFunction(
    `${strings}.quote(string): string`,
    (_: unknown, text: string) => `"${text.replaceAll(/["\\\p{Cc}]/gu, (mark) => ESCAPES[mark] ?? mark)}"`,
  );
}

function inRange(place: bigint, length: number): number {
  if (place < 0n || place > length) throw new Error(`index out of range: ${place}`);
  return Number(place);
}

function replace(text: string, old: string, fresh: string, most: bigint): string {
  if (most < 0n) return text.replaceAll(old, () => fresh);
  let left = most;
  return text.replaceAll(old, (found) => (left-- > 0n ? fresh : found));
}

function substring(text: string, from: bigint, to: bigint): string {
  const characters = Array.from(text);
  if (from > to) throw new Error(`invalid substring range. start: ${from}, end: ${to}`);
  return characters.slice(inRange(from, characters.length), inRange(to, characters.length)).join("");
}

function split(text: string, by: string): string[] {
  return by === "" ? Array.from(text) : text.split(by);
}

function splitUpTo(text: string, by: string, most: bigint): string[] {
  const parts = split(text, by);
  if (most === 0n) return [];
  if (most < 0n || parts.length <= most) return parts;
  const first = Number(most) - 1;
  return [...parts.slice(0, first), parts.slice(first).join(by)];
}

function indexOf(text: string, sought: string, from: bigint): bigint {
  if (from < 0n) throw new Error(`index out of range: ${from}`);
  const characters = Array.from(text);
  if (sought === "") return from;
  const rest = characters.slice(Number(from)).join("");
  const place = rest.indexOf(sought);
  return place === -1 ? -1n : from + BigInt(Array.from(rest.slice(0, place)).length);
}

function lastIndexOf(text: string, sought: string, from: bigint): bigint {
  const characters = Array.from(text);
  if (sought === "") return from < BigInt(characters.length) ? from : BigInt(characters.length);
  const length = Array.from(sought).length;
  for (let i = Math.min(Number(from), characters.length - length); i >= 0; i--) {
    if (characters.slice(i, i + length).join("") === sought) return BigInt(i);
  }
  return -1n;
}
