import { formatPath } from "./decoder.ts";
import type { InputProblems } from "./input-problems.ts";
import { scanJson } from "./json-scan.ts";
import { type JsonBreak, type JsonSlice, JsonSlicer } from "./json-slicer.ts";
import { listItems } from "./list-items.ts";
import type { ObjectCollector } from "./object-collector.ts";

/** Reads JSON as it comes: a list of objects, one object, several in a row, or an array. */
export class JsonStreamReader {
  readonly #file: string;
  readonly #collector: ObjectCollector;
  readonly #problems: InputProblems;
  readonly #slicer = new JsonSlicer((slice) => this.#take(slice));
  /** After text that is not JSON the brackets cannot be trusted: one such problem ends the file. */
  #broken = false;

  constructor(file: string, collector: ObjectCollector, problems: InputProblems) {
    this.#file = file;
    this.#collector = collector;
    this.#problems = problems;
  }

  /** Takes the next bytes; false when the file is broken and no more is wanted. */
  write(chunk: Buffer): boolean {
    this.#report(this.#slicer.write(chunk));
    return !this.#broken;
  }

  end(): void {
    this.#report(this.#slicer.end());
  }

  #report(stop: JsonBreak | undefined): void {
    if (stop === undefined || this.#broken) return;
    this.#broken = true;
    this.#problems.add(`${this.#file}:${stop.line}:${stop.column}`, stop.what);
  }

  #take(slice: JsonSlice): void {
    if (this.#broken) return;
    let raw: unknown;
    try {
      raw = JSON.parse(slice.text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#broken = true;
      const { offset, expected } = scanJson(slice.text).error ?? { offset: 0, expected: "JSON" };
      this.#problems.add(
        this.#where(slice, offset),
        `invalid JSON: ${expected} is missing here; write the file again`,
      );
      return;
    }
    // Its items have been taken one by one.
    if (slice.index === undefined && listItems(raw) !== undefined) return;
    for (const { path, what } of this.#collector.add(raw, slice.listKind)) {
      const outer = slice.index === undefined ? [] : ["items", slice.index];
      const place = formatPath([...outer, ...path]);
      const where = this.#where(slice, scanJson(slice.text, path).found);
      this.#problems.add(where, place === "" ? what : `${place}: ${what}`);
    }
  }

  /** The place of a character of the slice in the file. */
  #where(slice: JsonSlice, offset: number): string {
    const before = slice.text.slice(0, offset);
    const lastNewline = before.lastIndexOf("\n");
    const line = slice.line + before.split("\n").length - 1;
    const column = lastNewline < 0 ? slice.column + offset : offset - lastNewline;
    return `${this.#file}:${line}:${column}`;
  }
}
