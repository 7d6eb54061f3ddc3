import { tolerates } from "../kubernetes/toleration.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import type { DecisionRecord, RecordedStatus } from "./recorded-case.ts";
import { taintText } from "./smallest-change-apply.ts";
import { roughText } from "./smallest-change-requests.ts";

/** Nodes that one plugin rejected for the same reasons. */
export interface RejectedGroup {
  /** Absent when the rejection is no plugin's own. */
  readonly plugin?: string;
  readonly code: string;
  readonly reasons: readonly string[];
  readonly count: number;
  readonly nodes: readonly RejectedNode[];
}

export interface RejectedNode {
  readonly name: string;
  /** What is wrong with this node in particular, where that is known. */
  readonly detail?: string;
}

/** The rejected nodes by plugin and reasons, the largest group first. */
export function rejectedGroups(record: DecisionRecord, cycle: Cycle): RejectedGroup[] {
  const groups = new Map<string, { readonly status: RecordedStatus; readonly nodes: RejectedNode[] }>();
  for (const [name, status] of Object.entries(record.filter ?? {})) {
    const key = JSON.stringify([status.plugin, status.code, status.reasons]);
    const group = groups.get(key) ?? { status, nodes: [] };
    groups.set(key, group);
    const row = cycle.nodes.rowOf(name);
    const detail = row === undefined ? undefined : rejectionDetail(cycle, row, status);
    group.nodes.push({ name, ...(detail !== undefined && { detail }) });
  }
  return [...groups.values()]
    .sort((a, b) => b.nodes.length - a.nodes.length)
    .map(({ status: { plugin, code, reasons = [] }, nodes }) => ({
      ...(plugin !== undefined && { plugin }),
      code,
      reasons,
      count: nodes.length,
      nodes,
    }));
}

type Detail = (cycle: Cycle, node: number, reasons: readonly string[]) => string | undefined;

const detailByPlugin: Readonly<Record<string, Detail>> = {
  NodeResourcesFit: (cycle, node, reasons) =>
    reasons.map((reason) => shortage(cycle, node, reason)).join("; "),
  TaintToleration: untolerated,
  NodeAffinity: unmatched,
};

/** What a plugin found on a node, in numbers and names; undefined when its reasons say it all. */
export function rejectionDetail(
  cycle: Cycle,
  node: number,
  { plugin, reasons = [] }: Pick<RecordedStatus, "plugin" | "reasons">,
): string | undefined {
  return plugin === undefined ? undefined : detailByPlugin[plugin]?.(cycle, node, reasons);
}

function shortage({ pod, nodes }: Cycle, node: number, reason: string): string {
  if (reason === "Too many pods") return `${nodes.podCount[node]} of ${nodes.allowedPods[node]} pods`;
  const resource = reason.replace("Insufficient ", "");
  const place = nodes.resources.find(resource);
  if (place === undefined) return reason;
  const asked = roughText(resource, pod.demand.of(place));
  const has = nodes.allocatable[place][node];
  const free = has - nodes.requested[place][node];
  const of = roughText(resource, has);
  const left =
    free < 0 ? `none free (${roughText(resource, -free)} too much asked` : roughText(resource, free);
  return `${resource}: asks ${asked}, ${left}${free < 0 ? ` of ${of})` : ` free of ${of}`}`;
}

function untolerated({ pod, nodes }: Cycle, node: number): string | undefined {
  const tolerations = pod.spec.tolerations ?? [];
  const taints = (nodes.object(node).spec?.taints ?? []).filter(
    (taint) =>
      taint.effect !== "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  return taints.length === 0
    ? undefined
    : taints.map((taint) => taintText(taint).replace("=:", ":")).join(", ");
}

function unmatched({ pod, nodes }: Cycle, node: number): string | undefined {
  const labels = nodes.object(node).metadata?.labels ?? {};
  const missing = Object.entries(pod.spec.nodeSelector ?? {}).filter(([key, value]) => labels[key] !== value);
  if (missing.length === 0) return undefined;
  return missing
    .map(
      ([key, value]) =>
        `wants ${key}=${value}, ${labels[key] === undefined ? "no such label" : `has ${labels[key]}`}`,
    )
    .join("; ");
}
