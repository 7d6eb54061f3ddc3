import type { Change } from "./smallest-change-apply.ts";
import { dropped, pointer } from "./smallest-change-apply.ts";
import { labelsForTerms } from "./smallest-change-labels.ts";
import { type Complaint, fewest } from "./smallest-change-trial.ts";

/** Claims of the pod that are missing or unbound get a volume, or the node the labels that bound volumes ask for. */
export function claimRemedies(complaint: Complaint): Change[][] {
  const { pod, trials } = complaint;
  const { namespace: given, name: pods = "" } = pod.metadata ?? {};
  const namespace = given || "default";
  const { persistentVolumeClaims, persistentVolumes } = trials.objects;
  const claimOf = (name: string) =>
    persistentVolumeClaims.find(
      ({ metadata = {} }) => (metadata.namespace || "default") === namespace && metadata.name === name,
    );
  const names = (pod.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName ?? ""];
    return ephemeral === undefined ? [] : [`${pods}-${name}`];
  });
  const toBind = [...new Set(names)].flatMap((name): Change[] => {
    const claim = claimOf(name);
    const { volumeName = "" } = claim?.spec ?? {};
    const known = persistentVolumes.some(({ metadata }) => metadata?.name === volumeName);
    if (claim !== undefined && volumeName !== "" && known) return [];
    const missing = claim === undefined;
    const words = `${missing ? "create" : "bind"} the claim ${namespace}/${name}${missing ? ", bound" : ""} to a volume that the node reaches`;
    return [
      {
        kind: missing ? "create-claim" : "bind-claim",
        subject: `claim ${namespace}/${name}`,
        field: "volumeName",
        from: volumeName === "" ? null : volumeName,
        to: `for-${namespace}-${name}`,
        words,
        share: 1,
      },
    ];
  });
  const terms = names.flatMap((name) => {
    const volume = persistentVolumes.find(
      ({ metadata }) => metadata?.name === claimOf(name)?.spec?.volumeName,
    );
    return volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  });
  return [...fewest(complaint, toBind), ...labelsForTerms(complaint, terms)];
}

/** Volumes that the pod may do without. */
export function volumeRemedies(complaint: Complaint): Change[][] {
  const { pod, trials } = complaint;
  const drops = (pod.spec?.volumes ?? [])
    .map(({ name = "" }, i) => dropped(trials.pod, pointer("spec", "volumes", i), "volume", name))
    .reverse();
  return fewest(complaint, drops);
}
