import {
  compileNodeSelector,
  type NodeSelectorRequirement,
  type NodeSelectorTerm,
} from "../kubernetes/node-selector.ts";
import { labelsOf } from "../kubernetes/object-meta.ts";
import { type Change, pointer } from "./smallest-change-apply.ts";
import { type Complaint, resolves } from "./smallest-change-trial.ts";

/** A node's name as a label; it says who the node is, so that nothing here changes it. */
const HOSTNAME = "kubernetes.io/hostname";

/** Labels that the node would need for the pod's node selector and one term of its node affinity. */
export function affinityLabels(complaint: Complaint): Change[][] {
  const { pod } = complaint;
  const pairs = Object.entries(pod.spec?.nodeSelector ?? {});
  const selector = pairs.map(
    ([key, value]): NodeSelectorRequirement => ({ key, operator: "In", values: [value] }),
  );
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms: readonly NodeSelectorTerm[] = required?.nodeSelectorTerms ?? (required ? [] : [{}]);
  return labelsForTerms(complaint, terms, selector);
}

/** For each term, the labels that make it hold on the node together with the other requirements. */
export function labelsForTerms(
  complaint: Complaint,
  terms: readonly NodeSelectorTerm[],
  further: readonly NodeSelectorRequirement[] = [],
): Change[][] {
  const { node } = complaint;
  const { name = "" } = node.metadata ?? {};
  return terms.flatMap(({ matchExpressions = [] }) => {
    const labels = new Map(labelsOf(node));
    const changes: Change[] = [];
    for (const requirement of [...further, ...matchExpressions]) {
      if (holds(requirement, labels)) continue;
      const value = valueFor(requirement);
      if (requirement.key === HOSTNAME || value === undefined) return [];
      changes.push(setLabel(name, requirement.key, labels.get(requirement.key) ?? null, value));
      if (value === null) labels.delete(requirement.key);
      else labels.set(requirement.key, value);
    }
    return changes.length > 0 && resolves(complaint, changes) ? [changes] : [];
  });
}

export function setLabel(node: string, key: string, from: string | null, to: string | null): Change {
  const words =
    to === null
      ? `remove the label ${key} from node ${node}`
      : `label node ${node} with ${key}=${to}${from === null ? "" : ` instead of ${from}`}`;
  return { kind: "set-label", subject: `node ${node}`, field: key, from, to, words, share: 1 };
}

function holds(requirement: NodeSelectorRequirement, labels: ReadonlyMap<string, string>): boolean {
  const nodeSelectorTerms = [{ matchExpressions: [requirement] }];
  return compileNodeSelector({ nodeSelectorTerms }).matches(labels, "");
}

/** A value with which the requirement holds; null when the label must go, undefined when none will do. */
function valueFor({ operator, values = [] }: NodeSelectorRequirement): string | null | undefined {
  const bound = Number(values[0]);
  switch (operator) {
    case "In":
      return values[0];
    case "Exists":
      return "true";
    case "NotIn":
    case "DoesNotExist":
      return null;
    case "Gt":
      return Number.isSafeInteger(bound + 1) ? String(bound + 1) : undefined;
    case "Lt":
      return Number.isSafeInteger(bound - 1) ? String(bound - 1) : undefined;
  }
}

/** What the pod may stop asking of its node's labels: pairs of its selector, and its required affinity. */
export function selectorEdits({ trials, pod }: Complaint): Change[] {
  const subject = `pod ${trials.pod}`;
  const pairs = Object.entries(pod.spec?.nodeSelector ?? {}).map(([key, value]): Change => {
    const words = `stop selecting nodes by ${key}=${value}`;
    const field = pointer("spec", "nodeSelector", key);
    return { kind: "edit-pod", subject, field, from: value, to: null, words, share: 1.5 };
  });
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  if (pod.spec?.affinity?.nodeAffinity?.[required] === undefined) return pairs;
  const field = pointer("spec", "affinity", "nodeAffinity", required);
  const words = "drop the required node affinity of the pod";
  return [...pairs, { kind: "edit-pod", subject, field, from: "terms", to: null, words, share: 1.5 }];
}
