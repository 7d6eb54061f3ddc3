const NO_COUNT = 2 ** 31 - 1;

/**
 * The smallest of counts by domain, kept in two slots. With several changes in a row the second slot may go stale and the
 * minimum be wrong; so it is upstream, and preemption follows from it.
 * Source: pkg/scheduler/framework/plugins/podtopologyspread/filtering.go, `criticalPaths`.
 */
export class TwoSmallest {
  #first: number;
  #second: number;
  #least = NO_COUNT;
  #next = NO_COUNT;

  /** @param emptyValue the domain that the slots hold before anything is known */
  constructor(emptyValue: number) {
    this.#first = emptyValue;
    this.#second = emptyValue;
  }

  get least(): number {
    return this.#least;
  }

  update(value: number, count: number): void {
    if (value === this.#first) {
      this.#least = count;
      this.#sort();
    } else if (value === this.#second) {
      this.#next = count;
      this.#sort();
    } else if (count < this.#least) {
      this.#second = this.#first;
      this.#next = this.#least;
      this.#first = value;
      this.#least = count;
    } else if (count < this.#next) {
      this.#second = value;
      this.#next = count;
    }
  }

  clone(): TwoSmallest {
    const copy = new TwoSmallest(this.#first);
    copy.#second = this.#second;
    copy.#least = this.#least;
    copy.#next = this.#next;
    return copy;
  }

  #sort(): void {
    if (this.#least <= this.#next) return;
    [this.#first, this.#second] = [this.#second, this.#first];
    [this.#least, this.#next] = [this.#next, this.#least];
  }
}
