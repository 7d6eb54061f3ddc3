/** Gives each distinct string a small integer, in order of first sight. Strings stop at the door; columns hold these. */
export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #values: string[] = [];

  constructor(initial: readonly string[] = []) {
    for (const value of initial) this.intern(value);
  }

  get size(): number {
    return this.#values.length;
  }

  intern(value: string): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.#values.length;
      this.#ids.set(value, id);
      this.#values.push(value);
    }
    return id;
  }

  /** The id of a value already seen; undefined otherwise. */
  find(value: string): number | undefined {
    return this.#ids.get(value);
  }

  valueOf(id: number): string {
    return this.#values[id];
  }

  values(): readonly string[] {
    return this.#values;
  }
}
