import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import { type Cycle, definePlugin, type Judge } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import { signVolumes } from "./signing/sign-volumes.ts";
import { claimNotFound, podClaims } from "./volumes/pod-claims.ts";
import { type Storage, storageOf } from "./volumes/storage.ts";

const WRONG_ZONE = unresolvable("node(s) had no available volume zone");

/** The labels of volumes that are read, each with the one that a node may have in its stead. */
const topologyLabels = [
  { key: "failure-domain.beta.kubernetes.io/zone", instead: "topology.kubernetes.io/zone" },
  { key: "failure-domain.beta.kubernetes.io/region", instead: "topology.kubernetes.io/region" },
  { key: "topology.kubernetes.io/zone", instead: "topology.kubernetes.io/zone" },
  { key: "topology.kubernetes.io/region", instead: "topology.kubernetes.io/region" },
] as const;

/** A label that a node must have, with one of these values. */
interface Requirement {
  readonly label: (typeof topologyLabels)[number];
  readonly values: ReadonlySet<string>;
}

/** Keeps pods in the zones and regions of their bound volumes, as the volumes' labels name them (upstream: plugins/volumezone). */
export const volumeZone = definePlugin({
  name: "VolumeZone",
  reads: ({ spec }) => ((spec.volumes ?? []).length === 0 ? "nothing" : "cluster"),
  preFilter(cycle) {
    const found = requirementsOf(cycle);
    return found !== undefined && "code" in found ? { rejected: found } : undefined;
  },
  filter(cycle) {
    const judge = judgeOf(cycle);
    return judge && keepWhere((node) => judge(node) === undefined);
  },
  judge: judgeOf,
  sign: signVolumes,
  eventsToRegister: ["NodeAdd", "NodeUpdate"],
});

function judgeOf(cycle: Cycle): Judge | undefined {
  const requirements = requirementsOf(cycle);
  if (requirements === undefined || "code" in requirements) return undefined;
  const { nodes } = cycle;
  return (node) => {
    const labels = nodes.object(node).metadata?.labels ?? {};
    // A cluster of one zone may not label its nodes at all.
    if (topologyLabels.every(({ key }) => labels[key] === undefined)) return undefined;
    const satisfied = requirements.every(({ label, values }) => {
      const value = labels[label.key] ?? labels[label.instead];
      return value !== undefined && values.has(value);
    });
    return satisfied ? undefined : WRONG_ZONE;
  };
}

/** What the pod's volumes ask of a node; undefined when they ask nothing; a status when PreFilter turns the pod down. */
function requirementsOf({ pod, cluster }: Cycle): readonly Requirement[] | Status | undefined {
  // Claims of ephemeral volumes are not looked at.
  const claims = podClaims(pod).filter(({ ephemeral }) => !ephemeral);
  if (claims.length === 0) return undefined;
  const storage = storageOf(cluster.objects);
  const requirements: Requirement[] = [];
  for (const { name, key } of claims) {
    if (name === "") return unresolvable("PersistentVolumeClaim had no name");
    const claim = storage.claims.get(key);
    if (claim === undefined) return claimNotFound(name);
    const volumeName = claim.spec?.volumeName ?? "";
    if (volumeName === "") {
      const problem = unboundProblem(storage, claim);
      if (problem !== undefined) return unresolvable(problem);
      continue;
    }
    const volume = storage.volumes.get(volumeName);
    if (volume === undefined) return unresolvable(`persistentvolume ${JSON.stringify(volumeName)} not found`);
    requirements.push(...labelsToMatch(volume));
  }
  return requirements.length === 0 ? undefined : requirements;
}

/** Why a claim without a volume cannot wait for the pod to be placed; undefined when it can. */
function unboundProblem({ classes }: Storage, { spec }: PersistentVolumeClaimObject): string | undefined {
  const className = spec?.storageClassName ?? "";
  if (className === "") return "PersistentVolumeClaim had no pv name and storageClass name";
  const quoted = JSON.stringify(className);
  const storageClass = classes.get(className);
  if (storageClass === undefined) return `storageclass.storage.k8s.io ${quoted} not found`;
  const mode = storageClass.volumeBindingMode;
  if (mode === undefined) return `VolumeBindingMode not set for StorageClass ${quoted}`;
  return mode === "WaitForFirstConsumer" ? undefined : "PersistentVolume had no name";
}

/** A label's value is a list of zones with `__` between them; one with an empty zone is ignored. */
function labelsToMatch({ metadata }: PersistentVolumeObject): Requirement[] {
  return topologyLabels.flatMap((label) => {
    const zones = metadata?.labels?.[label.key]?.split("__").map((zone) => zone.trim());
    return zones === undefined || zones.includes("") ? [] : [{ label, values: new Set(zones) }];
  });
}
