import type { PodTemplate } from "../cluster/specs.ts";
import type { Profile } from "../scheduler/profile.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import type { Workload } from "../workload/workload.ts";

/** A part of a pod that Kubernetes' scheduler reads, the plugin that reads it, and whether a template has it. */
const PARTS: readonly {
  readonly part: string;
  readonly plugin: string;
  readonly in: (template: PodTemplate) => boolean;
}[] = [
  {
    part: "topology spread constraints",
    plugin: "PodTopologySpread",
    in: ({ object }) => (object.spec?.topologySpreadConstraints ?? []).length > 0,
  },
  {
    part: "terms of affinity between pods",
    plugin: "InterPodAffinity",
    in: ({ object }) =>
      object.spec?.affinity?.podAffinity !== undefined ||
      object.spec?.affinity?.podAntiAffinity !== undefined,
  },
  {
    part: "persistent volume claims",
    plugin: "VolumeBinding",
    in: ({ object }) =>
      (object.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim !== undefined),
  },
  {
    part: "resource claims",
    plugin: "DynamicResources",
    in: ({ object }) => (object.spec?.resourceClaims ?? []).length > 0,
  },
  {
    part: "priorities that could preempt",
    plugin: "DefaultPreemption",
    in: ({ object }) => (object.spec?.priority ?? 0) > 0,
  },
];

/** What the pods of a workload ask for that no plugin of a policy reads: decisions then differ from a real cluster's. */
export function unreadConstraints(workload: Workload, profiles: readonly Profile[]): string[] {
  const { templates } = drawScenario(workload, 0);
  return PARTS.flatMap(({ part, plugin, in: has }) => {
    const having = templates.filter(has).length;
    if (having === 0) return [];
    const without = profiles.filter(({ plugins }) => !plugins.some((entry) => entry.plugin.name === plugin));
    if (without.length === 0) return [];
    const who =
      without.length === profiles.length ? "no policy here" : without.map(({ name }) => name).join(", ");
    const verb =
      without.length === profiles.length ? "reads" : without.length === 1 ? "does not read" : "do not read";
    return [
      `${capitalized(part)} (${having} of ${templates.length} templates) are not honoured: ${who} ${verb} them, as ${plugin} would.`,
    ];
  });
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
