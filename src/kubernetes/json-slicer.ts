import { assert } from "../base/assert.ts";

/** One JSON object cut from a stream: an item of a list, or an object at the top. */
export interface JsonSlice {
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Its place in the list of items, or nothing for an object at the top. */
  readonly index: number | undefined;
  /** The `kind` of the list, when it stands before the items. */
  readonly listKind: string;
}

/** A place where the stream stops being a list of objects. */
export interface JsonBreak {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** Where in the outline of the stream the slicer stands. */
type Place = "top" | "envelope" | "items";

/** No single API object comes near; etcd refuses objects of more than a few MB. */
const greatestSlice = 256 * 2 ** 20;

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
/** Bytes that change nothing inside an object and outside a string. */
const isPlain = new Uint8Array(256).fill(1);
for (const byte of [quote, newline, openBrace, closeBrace, openBracket, closeBracket]) isPlain[byte] = 0;
/** The key, the colon and the bracket are not further apart than this. */
const keyReach = 200;
const itemsKey = /"items"\s*:\s*\[$/;

/**
 * Cuts `kubectl get … -o json` output into its objects without holding the whole. The input is a list (an object with
 * `items`), one object, several one after another, or an array of objects. Of a list what is around the items (the
 * *envelope*) is cut out as well, and handed over as an object at the top if it is no list after all.
 *
 * Why not a streaming parser: on a pretty-printed list of 1.86 GB (3,000 nodes, 200,000 pods; Node 20, one core) this
 * slicer with `JSON.parse` and decoding takes 20 to 25 s and 250 MiB. `@streamparser/json-node` with `$.items.*` takes 28 s
 * before any decoding, and knows neither the line of an item nor the list's kind. Slicing costs 2 to 4 ns a byte,
 * `JSON.parse` 2 to 3, decoding 20 to 25 us a pod of 9 kB.
 */
export class JsonSlicer {
  readonly #take: (slice: JsonSlice) => void;
  #place: Place = "top";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  /** Bytes before the present chunk, and before the present line. */
  #before = 0;
  #lineStart = 0;
  /** Parts of the slice being cut that were in earlier chunks. */
  #pieces: Buffer[] = [];
  #piecesLength = 0;
  #sliceLine = 0;
  #sliceColumn = 0;
  #envelope = "";
  #envelopeLine = 0;
  #envelopeColumn = 0;
  #index = 0;
  /** Commas since the last item. */
  #commas = 0;
  #topIsArray = false;
  #isList = false;
  #failed: JsonBreak | undefined;

  constructor(take: (slice: JsonSlice) => void) {
    this.#take = take;
  }

  /** Takes the next bytes; after a break it ignores them and returns that break again. */
  write(chunk: Buffer): JsonBreak | undefined {
    if (this.#failed !== undefined) return this.#failed;
    let inString = this.#inString;
    let escaped = this.#escaped;
    let depth = this.#depth;
    // The envelope and an item are cut from `start`; -1 when nothing is being cut.
    let start = this.#isCutting() ? 0 : -1;

    const { length } = chunk;
    for (let i = 0; i < length; i++) {
      if (inString) {
        if (escaped) {
          escaped = false;
          continue;
        }
        while (i < length && chunk[i] !== quote && chunk[i] !== backslash && chunk[i] !== newline) i++;
        if (i === length) break;
        if (chunk[i] === quote) inString = false;
        else if (chunk[i] === backslash) escaped = true;
        else this.#newline(i);
        continue;
      }
      if (start >= 0) {
        while (i < length && isPlain[chunk[i]] === 1) i++;
        if (i === length) break;
      }
      const byte = chunk[i];
      if (byte === quote) {
        if (start < 0) return this.#fail(i, "invalid JSON: a text outside an object");
        inString = true;
      } else if (byte === newline) this.#newline(i);
      else if (byte === openBrace || byte === openBracket) {
        if (start < 0) {
          if (byte === openBracket) {
            if (this.#place !== "top") return this.#fail(i, "invalid JSON: a list among the items");
            this.#enterArray();
          } else {
            if (this.#place === "items" && this.#commas !== (this.#index === 0 ? 0 : 1)) {
              return this.#fail(i, "invalid JSON: items are separated by one comma");
            }
            start = i;
            this.#begin(i);
            depth = 1;
          }
          continue;
        }
        depth++;
        if (byte === openBracket && depth === 2 && this.#place === "envelope") {
          if (this.#endsWithItems(chunk, start, i)) {
            this.#leaveEnvelope(chunk, start, i);
            start = -1;
            depth = 0;
          }
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        if (start < 0) {
          if (byte === closeBrace || this.#place !== "items") {
            return this.#fail(i, "invalid JSON: a closing bracket that nothing opened");
          }
          if (this.#commas > 0) return this.#fail(i, "invalid JSON: a comma after the last item");
          if (this.#topIsArray) this.#place = "top";
          else {
            start = i;
            this.#returnToEnvelope();
            depth = 1;
          }
          this.#topIsArray = false;
          continue;
        }
        depth--;
        if (depth === 0) {
          this.#emit(chunk, start, i + 1);
          start = -1;
        }
      } else if (start < 0 && byte > 0x20) {
        if (byte !== comma || this.#place !== "items") {
          return this.#fail(i, "invalid JSON: something other than an object");
        }
        this.#commas++;
      }
    }
    if (start >= 0) {
      this.#pieces.push(Buffer.from(chunk.subarray(start)));
      this.#piecesLength += chunk.length - start;
      if (this.#piecesLength > greatestSlice)
        return this.#fail(chunk.length, "invalid object: more than 256 MiB");
    }
    this.#inString = inString;
    this.#escaped = escaped;
    this.#depth = depth;
    this.#before += chunk.length;
    return undefined;
  }

  /** Says whether the input may end here. */
  end(): JsonBreak | undefined {
    if (this.#failed !== undefined) return this.#failed;
    if (this.#place === "top" && !this.#isCutting()) return undefined;
    const where =
      this.#isList || this.#topIsArray ? `inside or after item ${this.#index}` : "inside an object";
    return this.#fail(0, `invalid JSON: the file ends ${where}; it was cut off, write it again`);
  }

  #isCutting(): boolean {
    return this.#depth > 0;
  }

  #newline(at: number): void {
    this.#line++;
    this.#lineStart = this.#before + at + 1;
  }

  #fail(at: number, what: string): JsonBreak {
    this.#failed = { line: this.#line, column: this.#before + at - this.#lineStart + 1, what };
    return this.#failed;
  }

  #begin(at: number): void {
    this.#sliceLine = this.#line;
    this.#sliceColumn = this.#before + at - this.#lineStart + 1;
    if (this.#place !== "top") return;
    this.#place = "envelope";
    this.#envelope = "";
    this.#envelopeLine = this.#sliceLine;
    this.#envelopeColumn = this.#sliceColumn;
    this.#isList = false;
  }

  #enterArray(): void {
    this.#place = "items";
    this.#topIsArray = true;
    this.#index = 0;
    this.#commas = 0;
  }

  /** Whether the bracket at `at` opens the value of the key `items` of the envelope. */
  #endsWithItems(chunk: Buffer, start: number, at: number): boolean {
    let text = chunk.toString("latin1", Math.max(start, at - keyReach), at + 1);
    for (let i = this.#pieces.length - 1; i >= 0 && text.length < keyReach; i--) {
      text = this.#pieces[i].subarray(-keyReach).toString("latin1") + text;
    }
    return itemsKey.test(text);
  }

  #leaveEnvelope(chunk: Buffer, start: number, at: number): void {
    this.#envelope += this.#cut(chunk, start, at + 1);
    this.#place = "items";
    this.#isList = true;
    this.#index = 0;
    this.#commas = 0;
  }

  #returnToEnvelope(): void {
    this.#place = "envelope";
  }

  #emit(chunk: Buffer, start: number, end: number): void {
    const text = this.#cut(chunk, start, end);
    if (this.#place === "items") {
      const listKind = /"kind"\s*:\s*"(\w+)"/.exec(this.#envelope)?.[1] ?? "";
      this.#take({ text, line: this.#sliceLine, column: this.#sliceColumn, index: this.#index, listKind });
      this.#index++;
      this.#commas = 0;
      return;
    }
    assert(this.#place === "envelope", `a slice ended at the ${this.#place} of the stream`);
    this.#place = "top";
    const whole = { text: this.#envelope + text, line: this.#envelopeLine, column: this.#envelopeColumn };
    this.#take({ ...whole, index: undefined, listKind: "" });
  }

  #cut(chunk: Buffer, start: number, end: number): string {
    if (this.#pieces.length === 0) return chunk.toString("utf8", start, end);
    const text = Buffer.concat([...this.#pieces, chunk.subarray(start, end)]).toString("utf8");
    this.#pieces = [];
    this.#piecesLength = 0;
    return text;
  }
}
