import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { arbitraryNodes, type ClusterHistory, type HistoryStep, stepWith } from "./arbitrary-history.ts";
import { withName } from "./arbitrary-node.ts";
import { nodeName } from "./arbitrary-parts.ts";

/** Clusters of small whole amounts, of which every quotient comes up: the last bit of a division decides some of them. */

/** In thousandths of a core, and in bytes. */
function nodeOf(cpu: number, memory: number): NodeSpec {
  return {
    object: { kind: "Node", metadata: {}, status: { allocatable: { cpu: `${cpu}m`, memory, pods: 110 } } },
  };
}

function podOf(cpu: number | undefined, memory: number | undefined): PodTemplate {
  const requests = { ...(cpu !== undefined && { cpu: `${cpu}m` }), ...(memory !== undefined && { memory }) };
  return { name: "pod", object: { kind: "Pod", spec: { containers: [{ resources: { requests } }] } } };
}

/**
 * A pod of every size on empty nodes of one size, one after another. Without memory the share of cpu alone decides, so that each
 * score is seen.
 */
export function everyShare(cpu: number, memory = 0): ClusterHistory {
  const steps: HistoryStep[] = [];
  for (let template = 0; template <= cpu; template++) {
    const schedule: HistoryStep = { kind: "schedule", template, attempt: 1 };
    const release: HistoryStep = { kind: "release", pod: 0 };
    // An index decides about what it has seen before.
    steps.push(schedule, release, schedule, release);
  }
  return {
    nodes: [0, 1, 2].map((i) => withName(nodeOf(cpu, memory), nodeName(i))),
    templates: Array.from({ length: cpu + 1 }, (_, size) => podOf(size, memory === 0 ? undefined : 1)),
    steps,
  };
}

const amount = fc.constantFrom(0, 7, 49, 100, 103, 1000);

const node: fc.Arbitrary<NodeSpec> = fc
  .record({ cpu: amount, memory: amount })
  .map(({ cpu, memory }) => nodeOf(cpu, memory));

const request = fc.option(fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 120 })), { nil: undefined, freq: 8 });

/** Pods and nodes of any such amounts. */
export const arbitrarySmallAmounts: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: arbitraryNodes(2, 8, node),
  templates: fc.array(
    fc.record({ cpu: request, memory: request }).map(({ cpu, memory }) => podOf(cpu, memory)),
    { minLength: 1, maxLength: 3 },
  ),
  steps: fc.array(stepWith(node), { minLength: 8, maxLength: 30, size: "max" }),
});
