import { type Problem, UserError } from "../base/errors.ts";

/** More than anybody reads; a file of 200,000 bad pods must not fill the memory with messages. */
const greatestCount = 1000;

/** The problems of the files that are read together. */
export class InputProblems {
  readonly #problems: Problem[] = [];
  #left = 0;

  add(where: string, what: string): void {
    if (this.#problems.length < greatestCount) this.#problems.push({ where, what });
    else this.#left++;
  }

  /** Throws a UserError with all of them, if there are any. */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    if (this.#left > 0)
      this.#problems.push({ where: "", what: `${this.#left} further problems are not listed` });
    throw new UserError(this.#problems);
  }
}
