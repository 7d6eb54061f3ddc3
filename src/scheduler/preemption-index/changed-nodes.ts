import type { ChangeLog } from "../../cluster/change-log.ts";
import type { Column } from "../../cluster/column.ts";

/** Places of nodes, each once. */
interface ChangedPlaces {
  readonly places: Int32Array;
  readonly length: number;
}

/** Which nodes changed since the last time, by several logs. */
export class ChangedNodes {
  readonly #logs: readonly ChangeLog[];
  /** How far each log was read; none was in the beginning. */
  readonly #read: number[];
  readonly #places: Int32Array;
  /** By place: the last time that it was met. */
  readonly #met: Uint32Array;
  #time = 0;
  #begun = false;

  constructor(logs: readonly ChangeLog[], places: number) {
    this.#logs = logs;
    this.#read = logs.map(() => 0);
    this.#places = new Int32Array(places);
    this.#met = new Uint32Array(places);
  }

  /**
   * Undefined: all of them may have.
   * @param positions places of nodes by row; a node that is not there has none
   * @param also rows of nodes that count as changed
   */
  since(positions: Column, also: readonly number[]): ChangedPlaces | undefined {
    const logs = this.#logs;
    const read = this.#read;
    let entries = 0;
    let lost = !this.#begun;
    for (let i = 0; i < logs.length; i++) {
      entries += logs[i].end - read[i];
      if (read[i] < logs[i].start) lost = true;
    }
    // The same node is often met several times: only far more entries than nodes are not worth the reading.
    if (lost || entries > 8 * this.#places.length + 64) {
      for (let i = 0; i < logs.length; i++) read[i] = logs[i].end;
      this.#begun = true;
      return undefined;
    }
    this.#time++;
    let length = 0;
    const meet = (row: number): void => {
      const place = positions[row];
      if (!(place >= 0) || this.#met[place] === this.#time) return;
      this.#met[place] = this.#time;
      this.#places[length++] = place;
    };
    for (let i = 0; i < logs.length; i++) {
      const { end } = logs[i];
      for (let position = read[i]; position < end; position++) meet(logs[i].at(position));
      read[i] = end;
    }
    for (const row of also) meet(row);
    return { places: this.#places, length };
  }
}
