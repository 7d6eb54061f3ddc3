import type { PodTemplate } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { counted } from "./listed-pod.ts";

/** What the pods refer to and the snapshot does not contain, or this version does not read, with its effect on decisions. */
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

  const claiming = podsThat(({ volumes }) =>
    (volumes ?? []).some((volume) => volume.persistentVolumeClaim ?? volume.ephemeral),
  );
  if (claiming > 0) {
    notes.push(
      `${counted(claiming, "pod")} mount persistent volumes: zones, attachment limits and binding of volumes do not restrict where they go here.`,
    );
  }
  const devices = podsThat(({ resourceClaims }) => (resourceClaims ?? []).length > 0);
  if (devices > 0) {
    notes.push(
      `${counted(devices, "pod")} have resource claims: dynamically allocated devices do not restrict where they go here.`,
    );
  }
  const groups = podsThat(({ schedulingGroup }) => schedulingGroup !== undefined);
  if (groups > 0)
    notes.push(`${counted(groups, "pod")} belong to pod groups: here they are placed one by one.`);
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
    notes.push(
      "No Service is in the snapshot: default topology spreading, which counts the pods of a service together, has no effect on its pods.",
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
  return notes;
}
