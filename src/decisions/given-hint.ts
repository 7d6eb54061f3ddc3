import type { NodeHints } from "../scheduler/batching/node-hints.ts";

/** The hint that another cycle got, for one that is to follow it. */
export class GivenHint implements NodeHints {
  node = -1;

  covers(): boolean {
    return true;
  }

  hint(): number {
    return this.node;
  }

  chose(): void {}
}
