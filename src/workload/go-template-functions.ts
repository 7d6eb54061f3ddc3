import { TemplateError } from "./go-template-error.ts";

/** What a parameter may be: what JSON has, or nothing. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

type Function = (...values: TemplateValue[]) => TemplateValue;

/** Functions of scheduler_perf (operations.go, `getTemplateFuncs`) and the built-in ones of text/template. */
const functions: Readonly<Record<string, Function>> = {
  AddFloat: (...values) => values.reduce<number>((sum, value) => sum + numeric(value), 0),
  AddInt: (...values) => Math.trunc(values.reduce<number>((sum, value) => sum + numeric(value), 0)),
  MultiplyFloat: (...values) => values.reduce<number>((product, value) => product * numeric(value), 1),
  MultiplyInt: (...values) =>
    Math.trunc(values.reduce<number>((product, value) => product * numeric(value), 1)),
  SubtractFloat: (a, b) => numeric(a) - numeric(b),
  SubtractInt: (a, b) => Math.trunc(numeric(a) - numeric(b)),
  DivideFloat: (a, b) => numeric(a) / divisor(numeric(b)),
  DivideInt: (a, b) => Math.trunc(numeric(a) / divisor(numeric(b))),
  Mod: (a, b) => Math.trunc(numeric(a)) % divisor(Math.trunc(numeric(b))),
  Int: (a) => Math.trunc(numeric(a)),
  JSON: (a) => JSON.stringify(a ?? null),
  eq: (a, ...others) => others.some((other) => a === other),
  ne: (a, b) => a !== b,
  lt: (a, b) => compare(a, b) < 0,
  le: (a, b) => compare(a, b) <= 0,
  gt: (a, b) => compare(a, b) > 0,
  ge: (a, b) => compare(a, b) >= 0,
  not: (a) => !isTrue(a),
  len: (a) => lengthOf(a),
  index: (a, ...keys) => keys.reduce(elementOf, a),
  print: (...values) => printed(values),
  println: (...values) => `${values.map(formatValue).join(" ")}\n`,
  printf: (format, ...values) => formatted(formatValue(format), values),
};

/** Whether the word calls a function; `or` and `and` do not evaluate all their operands and are not in the table. */
export function isFunction(word: string): boolean {
  return word === "or" || word === "and" || Object.hasOwn(functions, word);
}

/** @throws TemplateError when an argument does not fit. */
export function callFunction(name: string, values: readonly TemplateValue[]): TemplateValue {
  return functions[name](...values);
}

/** What is not the zero of its type. */
export function isTrue(value: TemplateValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "object") return lengthOf(value) > 0;
  return value !== false && value !== 0 && value !== "";
}

/** As Go prints it: `<no value>` for what is not there, `[a b]` for a list. */
export function formatValue(value: TemplateValue): string {
  if (value === undefined || value === null) return "<no value>";
  if (isList(value)) return `[${value.map(formatValue).join(" ")}]`;
  if (typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${formatValue(value[key])}`).join(" ")}]`;
  }
  return String(value);
}

/** Operands are separated by a space when neither is a string. */
function printed(values: readonly TemplateValue[]): string {
  let text = "";
  for (const [i, value] of values.entries()) {
    const between = i > 0 && typeof value !== "string" && typeof values[i - 1] !== "string" ? " " : "";
    text += between + formatValue(value);
  }
  return text;
}

/** `%d`, `%s`, `%v`, `%q`, `%x` and `%f`, with flags, width and precision. */
function formatted(format: string, values: readonly TemplateValue[]): string {
  let next = 0;
  return format.replace(
    /%([-0+ ]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (verbatim, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (next >= values.length) throw new TemplateError(`template format ${verbatim} without a value`);
      const text = formattedValue(values[next++], verb, precision);
      const size = Number(width);
      if (flags.includes("-")) return text.padEnd(size);
      if (!flags.includes("0")) return text.padStart(size);
      return text.startsWith("-") ? `-${text.slice(1).padStart(size - 1, "0")}` : text.padStart(size, "0");
    },
  );
}

function formattedValue(value: TemplateValue, verb: string, precision: string | undefined): string {
  switch (verb) {
    case "d":
      return String(Math.trunc(numeric(value)));
    case "x":
      return Math.trunc(numeric(value)).toString(16);
    case "f":
      return numeric(value).toFixed(precision === undefined ? 6 : Number(precision));
    case "q":
      return JSON.stringify(formatValue(value));
    case "s":
    case "v":
      return formatValue(value);
    default:
      throw new TemplateError(`template format %${verb}`);
  }
}

function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

function lengthOf(value: TemplateValue): number {
  if (typeof value === "string" || isList(value)) return value.length;
  if (typeof value === "object" && value !== null) return Object.keys(value).length;
  throw new TemplateError(`template length of ${formatValue(value)}`);
}

function elementOf(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (isList(value) && typeof key === "number" && key >= 0 && key < value.length) return value[key];
  if (typeof value === "object" && value !== null && !isList(value) && typeof key === "string")
    return value[key];
  throw new TemplateError(`template index ${formatValue(key)} of ${formatValue(value)}`);
}

function compare(a: TemplateValue, b: TemplateValue): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return numeric(a) - numeric(b);
}

function numeric(value: TemplateValue): number {
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  if (value === "" || Number.isNaN(number)) {
    throw new TemplateError(`template argument ${formatValue(value)}, which is no number,`);
  }
  return number;
}

function divisor(value: number): number {
  if (value === 0) throw new TemplateError("template division by zero");
  return value;
}
