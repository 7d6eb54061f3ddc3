import { assert } from "../base/assert.ts";
import { steadyNodes } from "./one-phase.ts";
import type { Scenario } from "./scenario.ts";
import type { PhasesContent } from "./workload.ts";

/**
 * Operations one after another hold no chance: every seed gives the same scenario. Pods of a phase are created at the
 * client's rate, evenly spaced from the phase's begin.
 */
export function drawPhases(content: PhasesContent): Scenario {
  assert(
    content.nodePhase.every((phase) => phase === 0),
    "nodes that join with a later phase; the reader refuses them",
  );
  const count = content.podTemplate.length;
  const arrivalUs = new Float64Array(count);
  const gapUs = 1e6 / content.createRate;
  for (const { firstPod, endPod } of content.phases) {
    for (let pod = firstPod; pod < endPod; pod++) arrivalUs[pod] = (pod - firstPod) * gapUs;
  }
  const width = String(Math.max(0, count - 1)).length;
  return {
    nodes: content.nodes,
    nodeTimes: steadyNodes(content.nodes.length),
    templates: content.templates,
    pods: {
      count,
      template: content.podTemplate,
      arrivalUs,
      runUs: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
      boundTo: new Int32Array(count).fill(-1),
      nameOf: (row) => {
        const { object } = content.templates[content.podTemplate[row]];
        const { namespace = "default", generateName = "pod-" } = object.metadata ?? {};
        return `${namespace}/${generateName}${String(row).padStart(width, "0")}`;
      },
    },
    phases: content.phases,
    churn: content.churn,
    horizonUs: content.horizonUs,
    surroundings: content.surroundings,
  };
}
