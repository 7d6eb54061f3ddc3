import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { UserError } from "../base/errors.ts";

/** Written at once: gzip gains by it, and the memory holds no more. */
const CHUNK = 2 ** 20;

/**
 * JSON lines written while a run goes on, gzipped when the path ends with .gz (in several members, which readers join). The file
 * stands at its path when it is whole; until then it is beside it as `.part`.
 */
export class DecisionFile {
  readonly #path: string;
  readonly #part: string;
  readonly #file: number;
  #lines: string[] = [];
  #length = 0;

  /** @throws UserError when the file cannot be written */
  constructor(path: string, header: object) {
    this.#path = path;
    this.#part = `${path}.part`;
    this.#file = this.#attempt(() => openSync(this.#part, "w"));
    this.add(header);
  }

  add(line: object): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#lines.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK) this.#flush();
  }

  finish(): void {
    this.#flush();
    this.#attempt(() => {
      closeSync(this.#file);
      renameSync(this.#part, this.#path);
    });
  }

  /** The run failed: nothing is left behind. */
  discard(): void {
    closeSync(this.#file);
    rmSync(this.#part, { force: true });
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    const text = Buffer.from(this.#lines.join(""));
    this.#lines = [];
    this.#length = 0;
    const bytes = this.#path.endsWith(".gz") ? gzipSync(text) : text;
    for (let done = 0; done < bytes.length; ) done += this.#attempt(() => writeSync(this.#file, bytes, done));
  }

  #attempt<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      const { message } = error as Error;
      throw new UserError([
        { where: this.#path, what: `invalid output file: ${message}; choose another with --decisions` },
      ]);
    }
  }
}
