import type { NodeSelector, NodeSelectorTerm } from "../kubernetes/node-selector.ts";
import type { PersistentVolumeObject } from "../kubernetes/storage-object.ts";

/** The CSI drivers to which the in-tree plugins were migrated (upstream: csi-translation-lib); none for those that were not. */
export const CSI_DRIVERS: Readonly<Record<string, string | undefined>> = {
  "kubernetes.io/aws-ebs": "ebs.csi.aws.com",
  "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
  "kubernetes.io/azure-disk": "disk.csi.azure.com",
  "kubernetes.io/azure-file": "",
  "kubernetes.io/cinder": "cinder.csi.openstack.org",
  "kubernetes.io/portworx-volume": "pxd.portworx.com",
  "kubernetes.io/vsphere-volume": "",
};

/** The driver's own label for zones. */
const ZONE_LABELS: Readonly<Record<string, string | undefined>> = {
  "kubernetes.io/aws-ebs": "topology.ebs.csi.aws.com/zone",
  "kubernetes.io/gce-pd": "topology.gke.io/zone",
  "kubernetes.io/cinder": "topology.cinder.csi.openstack.org/zone",
};

/** A volume that cannot be translated. */
export class Untranslatable extends Error {}

interface InTreeSources {
  readonly awsElasticBlockStore?: { readonly volumeID?: string };
  readonly gcePersistentDisk?: { readonly pdName?: string };
  readonly azureDisk?: { readonly diskURI?: string; readonly kind?: string };
  readonly cinder?: { readonly volumeID?: string };
  readonly portworxVolume?: { readonly volumeID?: string };
}

/** The plugin of a source that was migrated. */
export function inTreePlugin(source: InTreeSources): string | undefined {
  if (source.awsElasticBlockStore) return "kubernetes.io/aws-ebs";
  if (source.gcePersistentDisk) return "kubernetes.io/gce-pd";
  if (source.azureDisk) return "kubernetes.io/azure-disk";
  if (source.cinder) return "kubernetes.io/cinder";
  return source.portworxVolume && "kubernetes.io/portworx-volume";
}

/**
 * The handle by which the CSI driver knows the volume.
 * @param labels of the PersistentVolume; none for a volume of a pod
 * @throws Untranslatable
 */
export function csiHandle(source: InTreeSources, labels: Readonly<Record<string, string>> = {}): string {
  const { awsElasticBlockStore, gcePersistentDisk, azureDisk, cinder, portworxVolume } = source;
  if (awsElasticBlockStore) {
    const { volumeID = "" } = awsElasticBlockStore;
    if (!volumeID.startsWith("aws://")) return volumeID;
    const last = /^aws:\/\/[^/]*\/+(vol-[^/]*)\/*$/.exec(volumeID)?.[1];
    if (last !== undefined) return last;
    throw new Untranslatable(
      `failed to translate Kubernetes ID to EBS Volume ID Invalid format for AWS volume (${volumeID})`,
    );
  }
  if (gcePersistentDisk) {
    const zone =
      labels["failure-domain.beta.kubernetes.io/zone"] || labels["topology.kubernetes.io/zone"] || "";
    const place = zone.includes("__")
      ? `regions/${regionOf(zone.split("__"))}`
      : `zones/${zone || "UNSPECIFIED"}`;
    return `projects/UNSPECIFIED/${place}/disks/${gcePersistentDisk.pdName ?? ""}`;
  }
  if (azureDisk) {
    if (azureDisk.kind === undefined || azureDisk.kind === "Managed") return azureDisk.diskURI ?? "";
    throw new Untranslatable(`kind(${azureDisk.kind}) is not supported in csi migration`);
  }
  return (cinder ?? portworxVolume)?.volumeID ?? "";
}

function regionOf(zones: readonly string[]): string {
  const failed = "failed to get region from zones:";
  for (const zone of zones) {
    if (zone.split("-").length === 3) continue;
    throw new Untranslatable(
      `${failed} zone in unexpected format, expected: {locale}-{region}-{zone}, got: ${zone}`,
    );
  }
  const regions = [...new Set(zones.map((zone) => zone.slice(0, zone.lastIndexOf("-"))))].sort();
  if (regions.length === 1) return regions[0];
  const map = regions.map((region) => `${region}:{}`).join(" ");
  throw new Untranslatable(`${failed} multiple or no regions gotten from zones, got: map[${map}]`);
}

/** Where the volume may be used once it is its CSI driver's; undefined: anywhere. */
export function csiAffinity({ metadata, spec = {} }: PersistentVolumeObject): NodeSelector | undefined {
  const required = spec.nodeAffinity?.required;
  const driverLabel = ZONE_LABELS[inTreePlugin(spec) ?? ""];
  if (driverLabel === undefined) return required;
  const labels = metadata?.labels ?? {};
  const terms = required?.nodeSelectorTerms ?? [];
  const keys = new Set(terms.flatMap(({ matchExpressions = [] }) => matchExpressions.map(({ key }) => key)));
  const both = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];
  const zoneLabel =
    both.find((label) => keys.has(label)) ?? both.find((label) => labels[label] !== undefined) ?? both[0];
  const names: Record<string, string> = { [zoneLabel]: driverLabel };
  if (zoneLabel === both[1])
    names["failure-domain.beta.kubernetes.io/region"] = "topology.kubernetes.io/region";
  const changed: NodeSelectorTerm[] = terms.map((term) => ({
    ...term,
    matchExpressions: (term.matchExpressions ?? []).map((one) => ({
      ...one,
      key: names[one.key ?? ""] ?? one.key ?? "",
    })),
  }));
  const values = (labels[zoneLabel] ?? "").split("__").flatMap((zone) => zone.trim() || []);
  if (keys.has(zoneLabel) || values.length === 0) return required && { nodeSelectorTerms: changed };
  const inZone = { key: driverLabel, operator: "In" as const, values };
  if (changed.length === 0) changed.push({});
  return {
    nodeSelectorTerms: changed.map((term) => ({
      ...term,
      matchExpressions: [...(term.matchExpressions ?? []), inZone],
    })),
  };
}
