import type { Selection } from "../selection.ts";

/** Classes of nodes with a node in a window that passes, and what is known of each. */
export class FoundClasses {
  /** One node of each class, and how many of its nodes are in the window. */
  nodes: Required<Selection> = { rows: new Uint32Array(0), counts: new Int32Array(0), length: 0 };
  /** Which class it is. */
  own = new Int32Array(0);
  /** The best score of its nodes in the window, and how many have it. */
  best = new Int32Array(0);
  ties = new Int32Array(0);
  /** Greater than every class. */
  bound = 0;

  /** @param bound greater than every class to come */
  clear(bound: number): void {
    this.nodes.length = 0;
    this.bound = bound;
    if (this.own.length >= bound) return;
    const room = 2 * bound;
    this.nodes = { rows: new Uint32Array(room), counts: new Int32Array(room), length: 0 };
    this.own = new Int32Array(room);
    this.best = new Int32Array(room);
    this.ties = new Int32Array(room);
  }

  /** A class without nodes, as yet; how many classes there are with it. */
  add(own: number, node: number): number {
    const { nodes } = this;
    const place = nodes.length++;
    nodes.rows[place] = node;
    nodes.counts[place] = 0;
    this.own[place] = own;
    this.best[place] = -1;
    this.ties[place] = 0;
    return place + 1;
  }
}
