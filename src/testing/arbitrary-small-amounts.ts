import fc from "fast-check";
import type { NodeSpec } from "../cluster/specs.ts";
import { arbitraryNodes, type ClusterHistory } from "./arbitrary-history.ts";
import { stepWith } from "./arbitrary-step.ts";
import { nodeOf, podOf } from "./drills.ts";

const amount = fc.constantFrom(0, 7, 49, 100, 103, 1000);

const node: fc.Arbitrary<NodeSpec> = fc
  .record({ cpu: amount, memory: amount })
  .map(({ cpu, memory }) => nodeOf(cpu, memory));

const request = fc.option(fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 120 })), { nil: undefined, freq: 3 });

/** Clusters of small whole amounts, where the last bit of a division decides now and then, and nodes that become too small. */
export const arbitrarySmallAmounts: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: arbitraryNodes(2, 8, node),
  templates: fc.array(
    fc.record({ cpu: request, memory: request }).map(({ cpu, memory }) => podOf(cpu, memory)),
    { minLength: 1, maxLength: 3 },
  ),
  steps: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: stepWith(node) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("updateNode" as const),
          node: fc.nat({ max: 9 }),
          spec: node,
        }),
      },
    ),
    { minLength: 8, maxLength: 30, size: "max" },
  ),
});
