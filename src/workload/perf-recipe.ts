import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";

/** Stands in a text for a value; no scheduler_perf template has it, and every syntax for names and labels accepts it. */
const mark = (i: number) => `xq9z${i}z9qx`;
const marks = /xq9z(\d+)z9qx/g;

/** Values that change nothing about how the text around them is read. */
const plainValue = /^[A-Za-z0-9]+(?:[-._][A-Za-z0-9]+)*$/;

/** Makes an object list of the values; undefined when one of them is not to be put in unread. */
type Make = (values: readonly string[]) => KubernetesObjects | undefined;

/**
 * Objects of one template that differ in a few texts, made without reading each as YAML: the text is read once with marks in
 * the place of values that vary, and the marks are replaced in copies of what was read. Parts without marks are shared.
 */
export class PerfRecipe {
  readonly #read: (text: string) => KubernetesObjects | undefined;
  #literals: readonly string[] = [];
  /** What each action wrote so far; undefined where it varied. */
  #values: (string | undefined)[] = [];
  #make: Make | undefined;

  /** `read` gives undefined for a text that is no manifest. */
  constructor(read: (text: string) => KubernetesObjects | undefined) {
    this.#read = read;
  }

  /** The objects of a rendered template, or undefined when it has to be read whole. */
  objects(pieces: readonly string[]): KubernetesObjects | undefined {
    const literals = pieces.filter((_, i) => i % 2 === 0);
    const values = pieces.filter((_, i) => i % 2 === 1);
    const isAlike =
      literals.length === this.#literals.length && literals.every((text, i) => text === this.#literals[i]);
    if (!isAlike) {
      this.#literals = literals;
      this.#values = values;
      this.#make = undefined;
      return undefined;
    }
    for (const [i, value] of values.entries()) {
      if (this.#values[i] === value) continue;
      if (!plainValue.test(value)) return undefined;
      if (this.#values[i] === undefined) continue;
      this.#values[i] = undefined;
      this.#make = undefined;
    }
    this.#make ??= this.#learn();
    return this.#make(values);
  }

  #learn(): Make {
    const text = this.#literals.reduce(
      (whole, literal, i) => whole + literal + (i < this.#values.length ? (this.#values[i] ?? mark(i)) : ""),
      "",
    );
    const marked = this.#read(text);
    if (marked === undefined) return () => undefined;
    return (values) => {
      const filled = fill(marked, values);
      return filled === unread ? undefined : (filled as KubernetesObjects);
    };
  }
}

const unread = Symbol("has to be read");

/** A copy with the marks replaced; parts without marks are the same. */
function fill(part: unknown, values: readonly string[]): unknown {
  if (typeof part === "string") return fillText(part, values);
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) {
    let copy: unknown[] | undefined;
    for (const [i, item] of part.entries()) {
      const filled = fill(item, values);
      if (filled === unread) return unread;
      if (filled === item) continue;
      copy ??= [...(part as unknown[])];
      copy[i] = filled;
    }
    return copy ?? part;
  }
  const entries: [string, unknown][] = [];
  let same = true;
  for (const [key, item] of Object.entries(part)) {
    const filledKey = fillText(key, values);
    const filled = fill(item, values);
    if (filledKey === unread || filled === unread) return unread;
    entries.push([filledKey, filled]);
    same &&= filledKey === key && filled === item;
  }
  return same ? part : Object.fromEntries(entries);
}

/** A text that YAML might read as a number, a truth value or nothing is left to YAML. */
function fillText(text: string, values: readonly string[]): string | typeof unread {
  if (!text.includes("xq9z")) return text;
  const filled = text.replace(marks, (_, i: string) => values[Number(i)]);
  return /^[-+.\d]|^(?:true|false|null|yes|no|on|off|~)$/i.test(filled) ? unread : filled;
}
