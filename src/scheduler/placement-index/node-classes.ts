import type { NodeFact } from "../node-fact.ts";
import { IntPairs } from "./int-pairs.ts";

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
  readonly #steps: readonly IntPairs[];
  /** How many rows each class has. */
  readonly #sizes: number[] = [];
  #inUse = 0;

  constructor(length: number, facts: readonly NodeFact[], raw: readonly Int32Array[]) {
    this.facts = facts;
    this.#raw = raw;
    this.classOf = new Int32Array(length).fill(-1);
    this.#steps = [...raw, ...facts].map(() => new IntPairs());
  }

  /** Classes that have a row. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Classes that ever were. */
  get count(): number {
    return this.#steps.length === 0 ? 1 : this.#steps[this.#steps.length - 1].size;
  }

  classify(row: number, node: number): void {
    let own = 0;
    let step = 0;
    for (let i = 0; i < this.#raw.length; i++) own = this.#steps[step++].numberOf(own, this.#raw[i][row]);
    for (let i = 0; i < this.facts.length; i++) {
      own = this.#steps[step++].numberOf(own, this.facts[i].at(node));
    }
    const before = this.classOf[row];
    if (before === own) return;
    this.classOf[row] = own;
    if (before !== -1 && --this.#sizes[before] === 0) this.#inUse--;
    while (this.#sizes.length <= own) this.#sizes.push(0);
    if (this.#sizes[own]++ === 0) this.#inUse++;
  }
}
