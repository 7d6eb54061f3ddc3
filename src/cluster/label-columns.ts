import { Interner } from "../base/interner.ts";
import { type Column, grow } from "./column.ts";

interface LabelColumn {
  values: Int32Array;
  /** Id 0 stands for "lacks the key". */
  readonly ids: Interner;
}

/** Labels of nodes as columns of small integers, made for a key when somebody first asks for it. */
export class LabelColumns {
  readonly #columns = new Map<string, LabelColumn>();
  readonly #labelsOf: (node: number) => Readonly<Record<string, string>> | undefined;
  #count = 0;

  constructor(labelsOf: (node: number) => Readonly<Record<string, string>> | undefined) {
    this.#labelsOf = labelsOf;
  }

  column(key: string): Column {
    return this.#columnOf(key).values;
  }

  valueId(key: string, value: string): number {
    return this.#columnOf(key).ids.find(`=${value}`) ?? -1;
  }

  /** To be called when a node joined or its labels may have changed. */
  refresh(node: number): void {
    this.#count = Math.max(this.#count, node + 1);
    for (const [key, column] of this.#columns) this.#fill(column, key, node);
  }

  #columnOf(key: string): LabelColumn {
    let column = this.#columns.get(key);
    if (column === undefined) {
      column = { values: new Int32Array(this.#count), ids: new Interner([""]) };
      this.#columns.set(key, column);
      for (let node = 0; node < this.#count; node++) this.#fill(column, key, node);
    }
    return column;
  }

  #fill(column: LabelColumn, key: string, node: number): void {
    column.values = grow(column.values, node + 1);
    const value = this.#labelsOf(node)?.[key];
    column.values[node] = value === undefined ? 0 : column.ids.intern(`=${value}`);
  }
}
