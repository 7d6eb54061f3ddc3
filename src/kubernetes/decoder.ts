import { unknown } from "../base/nearest.ts";
import { parseQuantity, QuantityError } from "./quantity.ts";

/** What is wrong in a value, and where in it. */
export interface DecodeProblem {
  /** Keys and list indexes from the outermost inwards. */
  readonly path: readonly (string | number)[];
  readonly what: string;
}

/** Turns a JSON value into a `T` that shares nothing with it; records problems and returns nothing on failure. */
export type Decoder<T> = (value: unknown, decoding: Decoding) => T | undefined;

/** After this many distinct strings or structures a table stops growing: what does not repeat is not worth sharing. */
const tableLimit = 200_000;

/**
 * One pass of decoding: its problems, and the tables by which equal strings and structures are kept once. A problem
 * is recorded without its outer path; each level puts its own key before it on the way out, so a value without
 * problems pays nothing for paths.
 */
export class Decoding {
  readonly #problems: { path: (string | number)[]; what: string }[] = [];
  readonly #strings = new Map<string, string>();
  readonly #quantities = new Set<string>();
  readonly #structures = new Map<string, unknown>();
  /** How many shared structures enclose the value at hand. Inside one nothing needs to be kept once by itself. */
  #sharing = 0;
  /** Keep every annotation, not only those that scheduling reads. */
  readonly allAnnotations: boolean;

  constructor(options: { readonly allAnnotations?: boolean } = {}) {
    this.allAnnotations = options.allAnnotations ?? false;
  }

  get problemCount(): number {
    return this.#problems.length;
  }

  /** The problems since the last call, in the order found. */
  takeProblems(): DecodeProblem[] {
    return this.#problems.splice(0).map(({ path, what }) => ({ path: path.reverse(), what }));
  }

  fail(what: string): undefined {
    this.#problems.push({ path: [], what });
    return undefined;
  }

  /** Puts `key` before the path of every problem recorded since there were `before` of them. */
  place(before: number, key: string | number): void {
    for (let i = before; i < this.#problems.length; i++) this.#problems[i].path.push(key);
  }

  intern(text: string): string {
    if (this.#sharing > 0) return text;
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    if (this.#strings.size < tableLimit) this.#strings.set(text, text);
    return text;
  }

  /** Whether the text is a quantity; each distinct text is parsed once. */
  checkQuantity(value: string | number): boolean {
    const text = String(value);
    if (this.#quantities.has(text)) return true;
    try {
      parseQuantity(value);
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      this.fail(error.message);
      return false;
    }
    if (this.#quantities.size < tableLimit) this.#quantities.add(text);
    return true;
  }

  /** Decodes a structure and returns the first one that was equal to it. */
  share<T extends object>(decoder: Decoder<T>, value: unknown): T | undefined {
    this.#sharing++;
    const structure = decoder(value, this);
    this.#sharing--;
    if (structure === undefined || this.#sharing > 0) return structure;
    const text = JSON.stringify(structure);
    const known = this.#structures.get(text);
    if (known !== undefined) return known as T;
    if (this.#structures.size < tableLimit) this.#structures.set(text, structure);
    return structure;
  }
}

/** Text that repeats across objects and is kept once. */
export const sharedString: Decoder<string> = (value, decoding) =>
  typeof value === "string"
    ? decoding.intern(value)
    : wrongType("string", value, "put it in quotes", decoding);

/** Text of which every object has its own, such as a name. */
export const ownString: Decoder<string> = (value, decoding) =>
  typeof value === "string" ? value : wrongType("string", value, "put it in quotes", decoding);

export const boolean: Decoder<boolean> = (value, decoding) =>
  typeof value === "boolean" ? value : wrongType("boolean", value, "write true or false", decoding);

export const integer: Decoder<number> = (value, decoding) =>
  Number.isInteger(value) ? (value as number) : wrongType("integer", value, "write a whole number", decoding);

/** A whole number, or a percentage such as `25%`. */
export const integerOrPercentage: Decoder<string | number> = (value, decoding) =>
  Number.isInteger(value) || (typeof value === "string" && /^\d+%?$/.test(value))
    ? (value as string | number)
    : wrongType("number or percentage", value, "write 2 or 25%", decoding);

/** A quantity, kept as written. A JSON number above 2^53 has lost digits and is refused. */
export const quantity: Decoder<string | number> = (value, decoding) => {
  if (typeof value === "string") return decoding.checkQuantity(value) ? decoding.intern(value) : undefined;
  if (typeof value !== "number") return wrongType("quantity", value, "write 250m or 2", decoding);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return wrongType("quantity", value, "put numbers above 2^53 in quotes", decoding);
  }
  return decoding.checkQuantity(value) ? value : undefined;
};

/** One of the given words. */
export function oneOf<T extends string>(noun: string, words: readonly T[], alsoEmpty?: ""): Decoder<T> {
  const known = new Map<unknown, T | "">(words.map((word) => [word, word]));
  if (alsoEmpty !== undefined) known.set(alsoEmpty, alsoEmpty);
  return (value, decoding) => {
    const word = known.get(value);
    if (word !== undefined) return word as T;
    if (typeof value === "string") return decoding.fail(unknown(noun, value, words));
    return wrongType(noun, value, `write one of ${words.join(", ")}`, decoding);
  };
}

/** A list; items that fail are left out of the result and recorded. */
export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, decoding) => {
    if (!Array.isArray(value)) return wrongType("list", value, "write a list", decoding);
    const list: T[] = [];
    for (let i = 0; i < value.length; i++) {
      const before = decoding.problemCount;
      const decoded = item(value[i], decoding);
      if (decoding.problemCount !== before) decoding.place(before, i);
      if (decoded !== undefined) list.push(decoded);
    }
    return list;
  };
}

/** A mapping with keys of the user's choice. */
export function recordOf<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, decoding) => {
    if (!isRecord(value)) return wrongType("mapping", value, "write keys with values", decoding);
    const record: Record<string, T> = {};
    for (const key of Object.keys(value)) {
      const before = decoding.problemCount;
      const decoded = item(value[key], decoding);
      if (decoding.problemCount !== before) decoding.place(before, key);
      if (decoded !== undefined) record[key] = decoded;
    }
    return record;
  };
}

type FieldDecoders<T> = { readonly [K in keyof T]-?: Decoder<NonNullable<T[K]>> };

/** An object with the given fields, others ignored; null is absent, as it is for the API. */
export function objectOf<T extends object>(
  fields: FieldDecoders<T>,
  required: readonly (keyof T & string)[] = [],
): Decoder<T> {
  const names = Object.keys(fields);
  const decoders = Object.values<Decoder<unknown>>(fields);
  return (value, decoding) => {
    if (!isRecord(value)) return wrongType("mapping", value, "write keys with values", decoding);
    const object: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const field = value[names[i]];
      if (field === undefined || field === null) continue;
      const before = decoding.problemCount;
      const decoded = decoders[i](field, decoding);
      if (decoding.problemCount !== before) decoding.place(before, names[i]);
      if (decoded !== undefined) object[names[i]] = decoded;
    }
    for (const name of required) {
      if (value[name] === undefined || value[name] === null) {
        decoding.fail(`missing field: ${name}; it has no default`);
      }
    }
    return object as T;
  };
}

/** Keeps equal results once: what many pods of one template have in common is then one object. */
export function shared<T extends object>(decoder: Decoder<T>): Decoder<T> {
  return (value, decoding) => decoding.share(decoder, value);
}

/** Records that a value has the wrong type. */
function wrongType(noun: string, value: unknown, wayOut: string, decoding: Decoding): undefined {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return decoding.fail(`invalid ${noun}: ${text.length > 60 ? `${text.slice(0, 57)}...` : text}; ${wayOut}`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `spec.containers[0].resources.requests["example.com/gpu"]`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) text += text === "" ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text;
}
