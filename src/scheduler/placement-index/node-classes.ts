import type { NodeFact } from "../node-fact.ts";

const FACT_RANGE = 2 ** 32;
const FACT_OFFSET = 2 ** 31;

/**
 * Nodes that agree in some numbers, as classes 0, 1, 2, …; numbers are compared by value, one after another, so that no two
 * classes can be taken for one.
 */
export class NodeClasses {
  readonly facts: readonly NodeFact[];
  /** Raw scores by row that tell nodes apart as well. */
  readonly #raw: readonly Int32Array[];
  /** The class of each row. */
  readonly classOf: Int32Array;
  /** By number of values seen: the class so far and the next value give the class. */
  readonly #steps: readonly Map<number, number>[];
  #count = 1;

  constructor(length: number, facts: readonly NodeFact[], raw: readonly Int32Array[]) {
    this.facts = facts;
    this.#raw = raw;
    this.classOf = new Int32Array(length);
    this.#steps = [...raw, ...facts].map(() => new Map<number, number>());
  }

  /** Classes that ever were. */
  get count(): number {
    return this.#count;
  }

  classify(row: number, node: number): void {
    let known = 0;
    let step = 0;
    for (const raw of this.#raw) known = this.#next(step++, known, raw[row]);
    for (const { at } of this.facts) known = this.#next(step++, known, at(node));
    this.classOf[row] = known;
  }

  #next(step: number, known: number, value: number): number {
    const table = this.#steps[step];
    const key = known * FACT_RANGE + value + FACT_OFFSET;
    let next = table.get(key);
    if (next === undefined) {
      next = table.size;
      table.set(key, next);
      if (step === this.#steps.length - 1) this.#count = table.size;
    }
    return next;
  }
}
