import { steadyNodes } from "./one-phase.ts";
import type { Scenario } from "./scenario.ts";
import type { PhasesContent, PodNames } from "./workload.ts";

/**
 * Operations one after another hold no chance: every seed gives the same scenario. Pods of a phase are created at the
 * client's rate, evenly spaced from the phase's begin.
 */
export function drawPhases(content: PhasesContent): Scenario {
  const count = content.podTemplate.length;
  const arrivalUs = new Float64Array(count);
  const gapUs = 1e6 / content.createRate;
  for (const { firstPod, endPod } of content.phases) {
    for (let pod = firstPod; pod < endPod; pod++) arrivalUs[pod] = (pod - firstPod) * gapUs;
  }
  const nodeTimes = steadyNodes(content.nodes.length);
  nodeTimes.joinUs.fill(Number.POSITIVE_INFINITY, content.nodesAtStart);
  return {
    nodes: content.nodes,
    nodeTimes,
    templates: content.templates,
    pods: {
      count,
      template: content.podTemplate,
      arrivalUs,
      runUs: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
      boundTo: new Int32Array(count).fill(-1),
      nameOf: naming(content.podNames),
    },
    phases: content.phases,
    waitsAtMostUs: content.waitsAtMostUs,
    churn: content.churn,
    horizonUs: content.horizonUs,
    surroundings: content.surroundings,
  };
}

function naming(ranges: readonly PodNames[]): (row: number) => string {
  const lists = new Map<PodNames, readonly string[]>();
  return (row) => {
    const place = placeOf(row, ranges);
    const range = ranges[place];
    const { namespace, prefix, digits, names } = range;
    if (names === undefined) return `${namespace}/${prefix}${String(row).padStart(digits, "0")}`;
    const list = lists.get(range) ?? names.split("\n");
    lists.set(range, list);
    return `${namespace}/${list[row - (place === 0 ? 0 : ranges[place - 1].end)]}`;
  };
}

/** The first range that ends after the row. */
function placeOf(row: number, ranges: readonly PodNames[]): number {
  let low = 0;
  let high = ranges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle].end > row) high = middle;
    else low = middle + 1;
  }
  return low;
}
