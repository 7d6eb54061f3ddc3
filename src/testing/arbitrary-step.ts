import fc from "fast-check";
import type { NodeSpec } from "../cluster/specs.ts";

/** What happens to a cluster; numbers are reduced to what there is. */
export type HistoryStep =
  | { readonly kind: "schedule"; readonly template: number; readonly attempt: number }
  /** The pod at a place among those that are placed is gone. */
  | { readonly kind: "release"; readonly pod: number }
  /** A node is as described from now on; its name and devices stay. */
  | { readonly kind: "updateNode"; readonly node: number; readonly spec: NodeSpec }
  /** Cordons the node, or uncordons it. */
  | { readonly kind: "cordon"; readonly node: number }
  | { readonly kind: "addNode"; readonly spec: NodeSpec }
  /** The node's pods are released first. */
  | { readonly kind: "removeNode"; readonly node: number };

const place = fc.nat({ max: 999 });

/** A pod of any kind comes, or comes again. */
export const schedule = fc.record({
  kind: fc.constant("schedule" as const),
  template: place,
  attempt: fc.integer({ min: 1, max: 3 }),
});

/** One step, with nodes that join or change drawn from `spec`. */
export const stepWith = (spec: fc.Arbitrary<NodeSpec>): fc.Arbitrary<HistoryStep> =>
  fc.oneof(
    { weight: 14, arbitrary: schedule },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("release" as const), pod: place }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("updateNode" as const), node: place, spec }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cordon" as const), node: place }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("addNode" as const), spec }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("removeNode" as const), node: place }) },
  );
