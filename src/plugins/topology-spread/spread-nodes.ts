import type { Column } from "../../cluster/column.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import { compileNodeSelector } from "../../kubernetes/node-selector.ts";
import { labelsOf } from "../../kubernetes/object-meta.ts";
import { type TolerationOptions, tolerates } from "../../kubernetes/toleration.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import type { SpreadConstraint, SpreadConstraints } from "./spread-constraints.ts";

/** The label whose every node is a domain of its own when a constraint scores. */
export const HOSTNAME = "kubernetes.io/hostname";

/** What the nodes are to one constraint, whatever pods are on them. */
export interface SpreadKey {
  readonly constraint: SpreadConstraint;
  /** Each node's value of the topology key; 0 when it lacks the key. */
  readonly values: Column;
  /** The number that stands for the empty value; -1 when no node has it. */
  readonly emptyValue: number;
  /** Greater by one than every value. */
  readonly valueCount: number;
  /** 1 for each node that the constraint's inclusion policies let count. */
  readonly included: Uint8Array;
}

/** What the nodes are to the constraints of one pod. */
export interface SpreadNodes {
  readonly keys: readonly SpreadKey[];
  /** 1 for each node that has all keys. */
  readonly carriesAll: Uint8Array;
}

export function spreadNodes(
  { pod, nodes }: Pick<Cycle, "pod" | "nodes">,
  { list }: SpreadConstraints,
  options: TolerationOptions,
): SpreadNodes {
  const columns = list.map(({ topologyKey }) => nodes.label(topologyKey));
  const affine = list.some(({ honorsAffinity }) => honorsAffinity) ? affineNodes(pod, nodes) : undefined;
  const tolerable = list.some(({ honorsTaints }) => honorsTaints)
    ? tolerableTaints(pod, nodes, options)
    : undefined;
  const carriesAll = new Uint8Array(nodes.count);
  for (const node of nodes.order) carriesAll[node] = columns.every((column) => column[node] !== 0) ? 1 : 0;
  const keys = list.map((constraint, i): SpreadKey => {
    const values = columns[i];
    const included = new Uint8Array(nodes.count);
    let greatest = 0;
    for (const node of nodes.order) {
      if (values[node] > greatest) greatest = values[node];
      if (constraint.honorsAffinity && affine?.[node] === 0) continue;
      if (constraint.honorsTaints && tolerable?.[nodes.taintSet[node]] === 0) continue;
      included[node] = 1;
    }
    const emptyValue = nodes.labelValue(constraint.topologyKey, "");
    return {
      constraint,
      values,
      emptyValue,
      valueCount: Math.max(greatest, emptyValue) + 1,
      included,
    };
  });
  return { keys, carriesAll };
}

/** A node that lacks the key is in the domain of the empty value. */
export function domainOf({ values, emptyValue }: SpreadKey, node: number): number {
  return values[node] === 0 && emptyValue !== -1 ? emptyValue : values[node];
}

/** 1 for each node that satisfies the pod's node selector and required terms; undefined when there is nothing to satisfy. */
function affineNodes({ spec }: PodKind, nodes: NodeColumns): Uint8Array | undefined {
  const pairs = Object.entries(spec.nodeSelector ?? {});
  const affinity = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (pairs.length === 0 && affinity === undefined) return undefined;
  const terms = affinity && compileNodeSelector(affinity);
  const verdicts = new Uint8Array(nodes.count);
  for (const node of nodes.order) {
    const labels = labelsOf(nodes.object(node));
    const satisfied = pairs.every(([key, value]) => labels.get(key) === value);
    if (satisfied && (terms?.matches(labels, nodes.name(node)) ?? true)) verdicts[node] = 1;
  }
  return verdicts;
}

/** By distinct list of taints: 1 when the pod tolerates all that forbid it the node. */
function tolerableTaints({ spec }: PodKind, nodes: NodeColumns, options: TolerationOptions): Uint8Array {
  const tolerations = spec.tolerations ?? [];
  return Uint8Array.from(nodes.taintSets, (taints) => {
    const forbidding = taints.filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
    return forbidding.every((taint) => tolerations.some((one) => tolerates(one, taint, options))) ? 1 : 0;
  });
}
