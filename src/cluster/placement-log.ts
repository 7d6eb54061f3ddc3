import type { PodKind } from "./pod-kind.ts";

/**
 * Which kinds of pods came to which nodes and left them, in order: one entry per placement and release. Whoever counts pods
 * by kind remembers how far it has read. The log is a ring: a reader that fell behind its start counts anew.
 */
export class PlacementLog {
  readonly #kinds: PodKind[] = [];
  /** The node for a pod that came, its complement for one that left. */
  readonly #nodes: Int32Array;
  #end = 0;

  /** @param capacity entries kept; a power of two */
  constructor(capacity = 1 << 13) {
    this.#nodes = new Int32Array(capacity);
  }

  /** How many entries were ever written; also the position of the next one. */
  get end(): number {
    return this.#end;
  }

  /** The oldest position that can still be read. */
  get start(): number {
    return Math.max(0, this.#end - this.#nodes.length);
  }

  append(kind: PodKind, node: number, came: boolean): void {
    const place = this.#end & (this.#nodes.length - 1);
    this.#kinds[place] = kind;
    this.#nodes[place] = came ? node : ~node;
    this.#end++;
  }

  /** Replays the entry at a position from `start` to `end - 1`; the sign is 1 for a pod that came, -1 for one that left. */
  replay(position: number, into: { count(kind: PodKind, node: number, sign: 1 | -1): void }): void {
    const place = position & (this.#nodes.length - 1);
    const node = this.#nodes[place];
    if (node >= 0) into.count(this.#kinds[place], node, 1);
    else into.count(this.#kinds[place], ~node, -1);
  }
}
