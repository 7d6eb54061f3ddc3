/** The mean of a quantity weighted by how long it had each value. */
export class TimeMean {
  #sum = 0;
  #durationUs = 0;

  add(value: number, durationUs: number): void {
    this.#sum += value * durationUs;
    this.#durationUs += durationUs;
  }

  /** null when no time has passed. */
  get value(): number | null {
    return this.#durationUs === 0 ? null : this.#sum / this.#durationUs;
  }
}
