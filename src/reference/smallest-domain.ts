const NOTHING = 2 ** 31 - 1;

/**
 * The two domains with the fewest pods, as upstream remembers them (podtopologyspread/filtering.go, criticalPaths): a third
 * one is forgotten, so that after several changes the least may be wrong.
 */
export class SmallestDomain {
  readonly #slots: [Slot, Slot] = [
    { value: "", count: NOTHING },
    { value: "", count: NOTHING },
  ];

  get least(): number {
    return this.#slots[0].count;
  }

  update(value: string, count: number): void {
    const [first, second] = this.#slots;
    const known = [first, second].findIndex((slot) => slot.value === value);
    if (known !== -1) {
      this.#slots[known] = { value, count };
      this.#slots.sort((a, b) => a.count - b.count);
    } else if (count < first.count) {
      this.#slots[1] = first;
      this.#slots[0] = { value, count };
    } else if (count < second.count) {
      this.#slots[1] = { value, count };
    }
  }
}

interface Slot {
  readonly value: string;
  readonly count: number;
}
