import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";

/**
 * The i-th volume and claim of a `createPods` with volume templates, bound to each other. Source: scheduler_perf,
 * `CreatePodWithPersistentVolume` and `getCustomVolumeFactory`: the handle of a CSI volume is its name, which has the
 * namespace in it; the ID of an EBS volume has not.
 */
export function boundVolume(
  paths: { readonly volume: string | undefined; readonly claim: string },
  i: number,
  namespace: string,
  templates: PerfTemplates,
): { readonly volume: PersistentVolumeObject; readonly claim: PersistentVolumeClaimObject } {
  if (paths.volume === undefined)
    throw new Unsupported("persistentVolumeClaimTemplatePath without persistentVolumeTemplatePath");
  const [volume] = templates.render(paths.volume, {}).persistentVolumes;
  const [claim] = templates.render(paths.claim, {}).persistentVolumeClaims;
  if (volume === undefined || claim === undefined)
    throw new Unsupported(
      `volume templates ${paths.volume} and ${paths.claim}, which are not a volume and a claim`,
    );
  const name = `${namespace}-vol-${i}`;
  const claimName = `pvc-${i}`;
  const { csi, awsElasticBlockStore } = volume.spec ?? {};
  return {
    volume: {
      ...volume,
      metadata: { ...volume.metadata, name },
      spec: {
        ...volume.spec,
        claimRef: { namespace, name: claimName },
        ...(csi === undefined ? {} : { csi: { ...csi, volumeHandle: name } }),
        ...(awsElasticBlockStore === undefined
          ? {}
          : { awsElasticBlockStore: { ...awsElasticBlockStore, volumeID: `vol-${i}` } }),
      },
      status: { phase: "Bound" },
    },
    claim: {
      ...claim,
      metadata: { ...claim.metadata, name: claimName, namespace },
      spec: { ...claim.spec, volumeName: name },
      status: { phase: "Bound" },
    },
  };
}
