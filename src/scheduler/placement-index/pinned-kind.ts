import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { KindPlan, OtherPlugin } from "./kind-plan.ts";
import { KindSay } from "./kind-say.ts";
import { RowJudge } from "./row-judge.ts";

/** Pods that PreFilter leaves one node, as those of DaemonSets: nothing is kept of the other nodes. */
export class PinnedKind {
  readonly epoch: number;
  readonly node: number;
  /** The plugin that named the node, as a bit. */
  readonly namedBy: number;
  readonly say: KindSay;
  readonly #judge: RowJudge;
  /** What the node's object says. */
  readonly #stands: boolean;

  constructor(plan: KindPlan, others: readonly OtherPlugin[], nodes: NodeColumns, node: number) {
    this.epoch = nodes.epoch;
    this.node = node;
    this.namedBy = plan.namedBy;
    this.say = new KindSay(others);
    this.#judge = new RowJudge(plan, nodes);
    const one = { rows: Uint32Array.of(node), length: 1 };
    for (const { run } of plan.standing.filters) if (one.length > 0) run(one);
    this.#stands = one.length > 0;
  }

  /** Whether the node would do. */
  get passes(): boolean {
    return this.#stands && this.#judge.judge(this.node, 0) >= 0;
  }
}
