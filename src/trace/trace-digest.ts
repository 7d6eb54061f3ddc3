import { digest } from "../base/digest.ts";
import { podColumnsFrom } from "./pod-columns.ts";
import type { Trace } from "./trace.ts";

/**
 * The identity of what happened: 16 hexadecimal digits over the cluster (resources, nodes, when they joined and were
 * lost), the templates, the horizon, and for each pod its template, its times, its attempts, its node and its devices.
 *
 * It does not depend on how the run was named or made (workload, policy, seed, tie rule, version) nor on how a decision was
 * reached (nodes evaluated and feasible, scores, ties, reasons, who made room for whom): two runs in which every pod met the same fate at the same
 * time have one digest.
 */
export function traceDigest(trace: Trace): string {
  const { nodes, pods } = trace;
  const parts: (ArrayBufferView | string)[] = [JSON.stringify(plainParts(trace))];
  for (const column of nodes.allocatable) parts.push(canonical(column));
  parts.push(nodes.deviceCount, nodes.deviceModel, canonical(nodes.joinedUs), canonical(nodes.lostUs));
  podColumnsFrom(pods.count, {
    float64: (column) => {
      parts.push(canonical(pods[column]));
      return pods[column];
    },
    int32: (column) => {
      if (!decisionColumns.has(column)) parts.push(pods[column]);
      return pods[column];
    },
    uint8: (column) => {
      if (!decisionColumns.has(column)) parts.push(pods[column]);
      return pods[column];
    },
  });
  return digest(...parts);
}

/** How a decision was reached, and why a pod had to go: no part of what happened. */
const decisionColumns: ReadonlySet<string> = new Set([
  "preempted",
  "preemptions",
  "evaluated",
  "feasible",
  "score",
  "tied",
  "rejector",
  "reason",
]);

/** Lists instead of objects, because the order of an object's keys is not part of what happened. */
function plainParts({ facts, resources, templates, nodes, pods }: Trace): unknown {
  return [
    [String(facts.horizonUs), String(facts.endUs), nodes.count, pods.count],
    resources.map(({ name, unit }) => [name, unit]),
    templates.map(({ name, requests, priority, devices }) => [
      name,
      requests,
      priority,
      devices === undefined ? [] : [devices.count, devices.milli, devices.models ?? []],
    ]),
    [nodes.names, nodes.zones, nodes.deviceModels],
  ];
}

/** A machine may write NaN in several bit patterns, and zero in two; here each has one. */
function canonical(column: Float64Array): Float64Array {
  const copy = new Float64Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i];
    copy[i] = Number.isNaN(value) ? Number.NaN : value + 0;
  }
  return copy;
}
