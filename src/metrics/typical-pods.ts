import type { Trace, TraceTemplate } from "../trace/trace.ts";
import { hasArrived } from "./arrived.ts";

/** A shape of pod that stands for the workload, and the share of the arriving pods that have it. */
export interface TypicalPod {
  /** A template of that shape. */
  readonly template: TraceTemplate;
  /** The weights of all typical pods add up to 1. */
  readonly weight: number;
}

/** What of a template matters; two templates with equal parts are one shape. */
export type Shape = readonly (number | string)[];

/** @internal More shapes than this are sampled, so that a trace in which every pod is its own shape stays cheap. */
export const TYPICAL_LIMIT = 128;

/**
 * The typical pods of Weng et al. ("Beware of Fragmentation", USENIX ATC '23): the pods of the workload (`popularity`: how many
 * there are of each template) grouped by shape, the most
 * frequent first (ties: the larger shape first), the shortest prefix that covers 95 % of all pods, weighted by frequency
 * within the prefix. A prefix of more than 128 shapes is replaced by 128 of them at equal steps of cumulated frequency.
 */
export function typicalPods(
  { templates }: Trace,
  popularity: ArrayLike<number>,
  shapeOf: (template: TraceTemplate) => Shape,
): TypicalPod[] {
  const groups = groupsOf(templates, popularity, shapeOf);
  let total = 0;
  for (const group of groups) total += group.count;
  const kept: Group[] = [];
  let covered = 0;
  for (const group of groups) {
    if (covered * 100 >= total * 95) break;
    kept.push(group);
    covered += group.count;
  }
  if (kept.length > TYPICAL_LIMIT) return sampled(kept, covered);
  return kept.map(({ template, count }) => ({ template, weight: count / covered }));
}

/** The models a template's devices may be of, as one word; empty for any. */
export function modelsOf(template: TraceTemplate): string {
  return (template.devices?.models ?? []).join("|");
}

interface Group {
  readonly template: TraceTemplate;
  readonly shape: Shape;
  count: number;
}

/** How many pods of each template arrive. */
export function arrivingByTemplate({ pods, templates }: Trace): Float64Array {
  const counts = new Float64Array(templates.length);
  for (let pod = 0; pod < pods.count; pod++) {
    if (hasArrived(pods, pod)) counts[pods.template[pod]]++;
  }
  return counts;
}

/** Groups of pods, the most frequent first. */
function groupsOf(
  templates: readonly TraceTemplate[],
  popularity: ArrayLike<number>,
  shapeOf: (template: TraceTemplate) => Shape,
): Group[] {
  const groups = new Map<string, Group>();
  for (const [i, template] of templates.entries()) {
    const count = popularity[i];
    if (count === 0) continue;
    const shape = shapeOf(template);
    const key = JSON.stringify(shape);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { template, shape, count });
    else group.count += count;
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || descending(a.shape, b.shape));
}

function descending(a: Shape, b: Shape): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i] < b[i] ? 1 : -1;
  }
  return 0;
}

function sampled(groups: readonly Group[], total: number): TypicalPod[] {
  const weights = new Map<TraceTemplate, number>();
  let group = 0;
  let covered = groups[0].count;
  for (let i = 0; i < TYPICAL_LIMIT; i++) {
    const position = ((i + 0.5) * total) / TYPICAL_LIMIT;
    while (covered < position) covered += groups[++group].count;
    const { template } = groups[group];
    weights.set(template, (weights.get(template) ?? 0) + 1 / TYPICAL_LIMIT);
  }
  return [...weights].map(([template, weight]) => ({ template, weight }));
}
