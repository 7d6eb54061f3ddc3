import { grow } from "./column.ts";

const SMALLEST = 8;

/**
 * The pods on each node, in the order in which upstream's NodeInfo has them: a pod that leaves is replaced by the last one. All
 * lists live in one pool of numbers; one that outgrows its room moves to the end with twice as much.
 */
export class PodLists {
  #pool = new Int32Array(1024);
  #end = 0;
  #first = new Int32Array(16);
  #length = new Int32Array(16);
  #room = new Int32Array(16);

  /** Makes room for so many nodes. */
  reserve(nodes: number): void {
    this.#first = grow(this.#first, nodes);
    this.#length = grow(this.#length, nodes);
    this.#room = grow(this.#room, nodes);
  }

  lengthOf(node: number): number {
    return this.#length[node];
  }

  /** A copy. */
  of(node: number): number[] {
    const first = this.#first[node];
    const pods: number[] = [];
    for (let place = 0; place < this.#length[node]; place++) pods.push(this.#pool[first + place]);
    return pods;
  }

  /** Adds a pod; returns its place. */
  push(node: number, pod: number): number {
    const place = this.#length[node];
    if (place === this.#room[node]) this.#move(node, place);
    this.#pool[this.#first[node] + place] = pod;
    this.#length[node] = place + 1;
    return place;
  }

  /** Takes out the pod at a place; returns the pod that moved there, or -1. */
  remove(node: number, place: number): number {
    const last = this.#length[node] - 1;
    this.#length[node] = last;
    if (place === last) return -1;
    const first = this.#first[node];
    const moved = this.#pool[first + last];
    this.#pool[first + place] = moved;
    return moved;
  }

  #move(node: number, length: number): void {
    const room = Math.max(SMALLEST, 2 * length);
    this.#pool = grow(this.#pool, this.#end + room);
    const first = this.#first[node];
    this.#pool.copyWithin(this.#end, first, first + length);
    this.#first[node] = this.#end;
    this.#room[node] = room;
    this.#end += room;
  }
}
