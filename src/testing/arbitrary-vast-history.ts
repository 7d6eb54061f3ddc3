import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { ClusterHistory } from "./arbitrary-history.ts";
import { withName } from "./arbitrary-node.ts";
import { nodeName } from "./arbitrary-parts.ts";
import { stepWith } from "./arbitrary-step.ts";

const place = fc.nat({ max: 999 });

const sized = (cpu: number): NodeSpec => ({
  object: { kind: "Node", status: { allocatable: { cpu, memory: "64Gi", pods: 110 } } },
});

/** More nodes than the groups hold into which an index divides them, all alike but for a few, one of which is the best at first. */
export const arbitraryVastHistory: fc.Arbitrary<ClusterHistory> = fc
  .record({
    length: fc.integer({ min: 1000, max: 2200 }),
    others: fc.array(fc.record({ place, cpu: fc.integer({ min: 3, max: 40 }) }), {
      minLength: 1,
      maxLength: 6,
      size: "max",
    }),
    templates: fc.array(fc.constantFrom("500m", "1", "3").map(podOf), { minLength: 1, maxLength: 2 }),
    steps: fc.array(stepWith(fc.integer({ min: 3, max: 40 }).map(sized)), {
      minLength: 12,
      maxLength: 30,
      size: "max",
    }),
  })
  .map(({ length, others, ...rest }) => {
    const nodes = Array.from({ length }, () => sized(8));
    for (const { place: at, cpu } of others) nodes[Math.trunc((at * length) / 1000)] = sized(cpu);
    return { ...rest, nodes: nodes.map((node, i) => withName(node, nodeName(i))) };
  });

function podOf(cpu: string): PodTemplate {
  return {
    name: "pod",
    object: { kind: "Pod", spec: { containers: [{ resources: { requests: { cpu } } }] } },
  };
}
