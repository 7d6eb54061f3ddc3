import type { Trace } from "../trace/trace.ts";

/** The resources that have measures of their own. */
export const measuredResources = ["cpu", "memory", "gpu"] as const;

export type MeasuredResource = (typeof measuredResources)[number];

/** How a resource is written in a title. */
export const resourceTitles: Readonly<Record<MeasuredResource, string>> = {
  cpu: "CPU",
  memory: "Memory",
  gpu: "GPU",
};

/** The resource's place in `trace.resources`; -1 when the trace has none of it. */
export function resourceIndex(trace: Trace, name: MeasuredResource): number {
  return trace.resources.findIndex((resource) => resource.name === name);
}

/** The most of a resource that the nodes present at one time ever offered; 0 when there is none. */
export function peakCapacity(trace: Trace, resource: number): number {
  if (resource < 0) return 0;
  const { joinedUs, lostUs, allocatable, count } = trace.nodes;
  const changes: { readonly atUs: number; readonly amount: number }[] = [];
  for (let node = 0; node < count; node++) {
    const amount = allocatable[resource][node];
    if (joinedUs[node] <= trace.facts.endUs) changes.push({ atUs: joinedUs[node], amount });
    if (lostUs[node] <= trace.facts.endUs) changes.push({ atUs: lostUs[node], amount: -amount });
  }
  // A node lost at the moment another joins does not make the cluster larger.
  changes.sort((a, b) => a.atUs - b.atUs || a.amount - b.amount);
  let capacity = 0;
  let peak = 0;
  for (const { amount } of changes) {
    capacity += amount;
    peak = Math.max(peak, capacity);
  }
  return peak;
}
