/** What a scan of a JSON text found, as offsets into the text. */
export interface JsonScan {
  /** The first place that is not JSON, and why; nothing when the text is one JSON value. */
  readonly error: { readonly offset: number; readonly expected: string } | undefined;
  /** Where the value at the path begins, or the deepest enclosing one that exists. */
  readonly found: number;
}

const blank = /[ \t\n\r]*/y;
const stringToken = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalarToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b/y;

/**
 * Walks a JSON text of which something is known to be wrong, and finds the place to name in the message:
 * `JSON.parse` of Node 20 does not say where it stopped, and knows nothing of paths.
 */
export function scanJson(text: string, path: readonly (string | number)[] = []): JsonScan {
  const scanner = new Scanner(text, path);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { error: { offset: error.offset, expected: error.expected }, found: scanner.found };
  }
  return { error: undefined, found: scanner.found };
}

class NotJson extends Error {
  readonly offset: number;
  readonly expected: string;

  constructor(offset: number, expected: string) {
    super(expected);
    this.offset = offset;
    this.expected = expected;
  }
}

class Scanner {
  found = 0;
  #at = 0;
  readonly #text: string;
  readonly #path: readonly (string | number)[];

  constructor(text: string, path: readonly (string | number)[]) {
    this.#text = text;
    this.#path = path;
  }

  document(): void {
    this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) throw new NotJson(this.#at, "the end of the object");
  }

  /** `depth` is how much of the path leads here, or -1 when this is off the path. */
  #value(depth: number): void {
    this.#skip();
    if (depth >= 0) this.found = this.#at;
    const first = this.#text[this.#at];
    if (first === "{") this.#members("}", () => this.#member(depth));
    else if (first === "[") {
      let index = 0;
      this.#members("]", () => this.#value(this.#below(depth, index++)));
    } else if (first === '"') this.#string("a string closed with a quote");
    else if (!this.#take(scalarToken)) throw new NotJson(this.#at, "a value");
  }

  #member(depth: number): void {
    this.#skip();
    const start = this.#at;
    this.#string("a key in quotes");
    const key: unknown = JSON.parse(this.#text.slice(start, this.#at));
    this.#skip();
    if (this.#text[this.#at] !== ":") throw new NotJson(this.#at, "a colon");
    this.#at++;
    this.#value(this.#below(depth, key));
  }

  #members(close: string, member: () => void): void {
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      member();
      this.#skip();
      const next = this.#text[this.#at];
      if (next !== "," && next !== close) throw new NotJson(this.#at, `a comma or ${close}`);
      this.#at++;
      if (next === close) return;
    }
  }

  #below(depth: number, key: unknown): number {
    return depth >= 0 && depth < this.#path.length && this.#path[depth] === key ? depth + 1 : -1;
  }

  #string(expected: string): void {
    if (!this.#take(stringToken)) throw new NotJson(this.#at, expected);
  }

  #skip(): void {
    this.#take(blank);
  }

  #take(token: RegExp): boolean {
    token.lastIndex = this.#at;
    if (!token.test(this.#text)) return false;
    this.#at = token.lastIndex;
    return true;
  }
}
