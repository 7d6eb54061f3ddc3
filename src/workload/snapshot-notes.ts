import type { PodTemplate } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { counted } from "./listed-pod.ts";

/** Kinds whose selectors default topology spreading counts pods by, beside those of services. */
const spreadingOwners = new Set(["ReplicaSet", "StatefulSet", "ReplicationController"]);

/** What the pods refer to and the snapshot does not contain, claims apart, with its effect on decisions. */
export function snapshotNotes(
  objects: KubernetesObjects,
  templates: readonly PodTemplate[],
  podTemplate: Int32Array,
): readonly string[] {
  const pods = new Float64Array(templates.length);
  for (const template of podTemplate) pods[template]++;
  const podsThat = (holds: (spec: PodSpec) => boolean) =>
    templates.reduce((sum, { object }, i) => sum + (holds(object.spec ?? {}) ? pods[i] : 0), 0);
  const notes: string[] = [];

  const groups = podsThat(({ schedulingGroup }) => schedulingGroup !== undefined);
  if (groups > 0)
    notes.push(
      `${counted(groups, "pod")} belong to pod groups: without the feature gate GenericWorkload they are placed one by one.`,
    );
  if (objects.namespaces.length === 0) {
    const selecting = podsThat(({ affinity }) => {
      const terms = [affinity?.podAffinity, affinity?.podAntiAffinity];
      return terms.some((part) => part !== undefined && JSON.stringify(part).includes('"namespaceSelector"'));
    });
    if (selecting > 0) {
      notes.push(
        `${counted(selecting, "pod")} select namespaces by label and no Namespace is in the snapshot: such terms match namespaces by name only.`,
      );
    }
  }
  if (objects.services.length === 0) {
    const owners = objects.owners.some(({ kind }) => spreadingOwners.has(kind));
    notes.push(
      owners
        ? "No Service is in the snapshot: default topology spreading counts pods together by the owners that are listed, not by services."
        : "No Service is in the snapshot: default topology spreading, which counts the pods of a service together, has no effect on its pods.",
    );
  }
  if (objects.podDisruptionBudgets.length === 0) {
    const ranks = new Set(templates.map(({ object }) => object.spec?.priority ?? 0));
    if (ranks.size > 1) {
      notes.push(
        "No PodDisruptionBudget is in the snapshot: preemption picks its victims as if any pod may be disrupted.",
      );
    }
  }
  const taintRules = objects.others.filter(({ kind }) => kind === "DeviceTaintRule").length;
  if (taintRules > 0) {
    notes.push(
      `${counted(taintRules, "DeviceTaintRule")} not read: devices have only the taints of their slices.`,
    );
  }
  return notes;
}
