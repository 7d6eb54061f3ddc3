import type { NodeColumns } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { type Extender, ExtenderError } from "./extender.ts";
import type { Selection } from "./selection.ts";
import { type Status, unresolvable, unschedulable } from "./status.ts";

/** The greatest points that extenders give by convention; plugins' scores go to 100 (upstream: MaxExtenderPriority). */
const POINTS_PER_SCORE = 100 / 10;

/** The pod about which extenders are asked. */
export interface ExtendedPod {
  readonly kind: PodKind;
  /** With its own name, which the kind does not have. */
  readonly object: PodObject;
}

/**
 * Asks the extenders which feasible nodes to keep, one after another: the selection is narrowed in place, in their order
 * (upstream: findNodesThatPassExtenders in pkg/scheduler/schedule_one.go).
 * @returns what they said of the nodes that they dropped, by row
 * @throws ExtenderError of one that is not ignorable
 */
export function filterByExtenders(
  extenders: readonly Extender[],
  { kind, object }: ExtendedPod,
  nodes: NodeColumns,
  feasible: Selection,
): ReadonlyMap<number, Status> {
  const dropped = new Map<number, Status>();
  for (const { filter, isInterested, ignorable } of extenders) {
    if (feasible.length === 0) break;
    if (filter === undefined || !isInterested(kind)) continue;
    try {
      const verdict = filter(object, nodeObjects(nodes, feasible));
      for (const [name, reason] of Object.entries(verdict.failed))
        note(nodes, dropped, name, unschedulable(reason));
      for (const [name, reason] of Object.entries(verdict.failedAndUnresolvable)) {
        note(nodes, dropped, name, unresolvable(reason));
      }
      keep(nodes, feasible, verdict.nodes);
    } catch (error) {
      if (!(error instanceof ExtenderError && ignorable)) throw error;
    }
  }
  return dropped;
}

function note(nodes: NodeColumns, dropped: Map<number, Status>, name: string, status: Status): void {
  const row = nodes.rowOf(name);
  if (row !== undefined) dropped.set(row, status);
}

function keep(nodes: NodeColumns, feasible: Selection, names: readonly string[]): void {
  feasible.length = 0;
  for (const name of names) feasible.rows[feasible.length++] = nodes.rowOf(name) ?? 0;
}

/**
 * Adds the points of extenders to the totals of nodes (upstream: prioritizeNodes). Failures are passed over, as upstream does
 * whether the extender is ignorable or not.
 * @returns 1 for each place of `feasible` that an extender gave points: upstream draws lots among equal totals of these
 */
export function addExtenderScores(
  extenders: readonly Extender[],
  { kind, object }: ExtendedPod,
  nodes: NodeColumns,
  feasible: Selection,
  totals: { [place: number]: number },
): Uint8Array {
  const scored = new Uint8Array(feasible.length);
  const objects = nodeObjects(nodes, feasible);
  for (const { prioritize, isInterested } of extenders) {
    if (prioritize === undefined || !isInterested(kind)) continue;
    try {
      const { points, weight } = prioritize(object, objects);
      for (let i = 0; i < feasible.length; i++) {
        const own = points.get(nodes.name(feasible.rows[i]));
        if (own === undefined) continue;
        totals[i] += own * weight * POINTS_PER_SCORE;
        scored[i] = 1;
      }
    } catch (error) {
      if (!(error instanceof ExtenderError)) throw error;
    }
  }
  return scored;
}

function nodeObjects(nodes: NodeColumns, { rows, length }: Selection) {
  return Array.from(rows.subarray(0, length), (row) => nodes.object(row));
}
