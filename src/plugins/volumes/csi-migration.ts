import type { NodeSelector, NodeSelectorTerm } from "../../kubernetes/node-selector.ts";
import type { CSINodeObject, PersistentVolumeObject } from "../../kubernetes/storage-object.ts";
import type { Volume } from "../../kubernetes/volume.ts";

/** A volume as its CSI driver knows it. */
export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
}

interface InTreePlugin {
  readonly driver: string;
  /** The label of nodes that stands for their zone; absent: zones mean nothing to the driver. */
  readonly zoneLabel?: string;
}

/** The in-tree plugins that were migrated, and the CSI drivers that stand for them (upstream: csi-translation-lib). */
const plugins = {
  aws: { driver: "ebs.csi.aws.com", zoneLabel: "topology.ebs.csi.aws.com/zone" },
  gce: { driver: "pd.csi.storage.gke.io", zoneLabel: "topology.gke.io/zone" },
  azure: { driver: "disk.csi.azure.com" },
  cinder: { driver: "cinder.csi.openstack.org", zoneLabel: "topology.cinder.csi.openstack.org/zone" },
  portworx: { driver: "pxd.portworx.com" },
} as const satisfies Readonly<Record<string, InTreePlugin>>;

/** By the name of the in-tree plugin, which is that of its provisioner too. */
export const inTreeDrivers: ReadonlyMap<string, string> = new Map([
  ["kubernetes.io/aws-ebs", plugins.aws.driver],
  ["kubernetes.io/gce-pd", plugins.gce.driver],
  ["kubernetes.io/azure-disk", plugins.azure.driver],
  ["kubernetes.io/cinder", plugins.cinder.driver],
  ["kubernetes.io/portworx-volume", plugins.portworx.driver],
]);

/** Whether the volume is written in the pod itself and counts for a CSI driver. */
export function isMigrated(volume: Volume): boolean {
  return migratedInline(volume) !== undefined;
}

/** What an in-tree volume of a pod is to its CSI driver, or why it cannot be told; undefined for a volume of another kind. */
export function migratedInline(volume: Volume): CsiVolume | string | undefined {
  const { awsElasticBlockStore: aws, gcePersistentDisk: gce, azureDisk: azure, cinder } = volume;
  if (aws !== undefined) return withHandle(plugins.aws, awsHandle(aws.volumeID));
  if (gce !== undefined) return withHandle(plugins.gce, { handle: gceHandle(gce.pdName) });
  if (azure !== undefined) {
    const { kind = "Managed", diskURI = "" } = azure;
    if (kind !== "Managed") return `kind(${kind}) is not supported in csi migration`;
    return withHandle(plugins.azure, { handle: diskURI });
  }
  if (cinder !== undefined) return withHandle(plugins.cinder, { handle: cinder.volumeID ?? "" });
  if (volume.portworxVolume === undefined) return undefined;
  return withHandle(plugins.portworx, { handle: volume.portworxVolume.volumeID ?? "" });
}

/** The same of a PersistentVolume. */
export function migratedVolume(volume: PersistentVolumeObject): CsiVolume | string | undefined {
  const { gcePersistentDisk: gce } = volume.spec ?? {};
  if (gce === undefined) return migratedInline(volume.spec ?? {});
  const place = gcePlace(volume);
  return "problem" in place
    ? place.problem
    : { driver: plugins.gce.driver, handle: gceHandle(gce.pdName, place.of) };
}

/**
 * Which nodes may use an in-tree volume where its plugin was migrated: the zones that it names are those of the driver's own
 * label. A text says why that cannot be told; undefined: as the volume itself says.
 */
export function migratedAffinity(
  volume: PersistentVolumeObject,
  csiNode: CSINodeObject | undefined,
): NodeSelector | string | undefined {
  const driver = pluginOf(volume)?.driver;
  const plugin = driver && [...inTreeDrivers.keys()].find((name) => inTreeDrivers.get(name) === driver);
  if (!plugin || !migratedPlugins(csiNode).includes(plugin)) return undefined;
  const found = migratedVolume(volume);
  return typeof found === "string" ? found : zonesOnNodes(volume);
}

export function isInTree(volume: PersistentVolumeObject): boolean {
  return pluginOf(volume) !== undefined;
}

function migratedPlugins(csiNode: CSINodeObject | undefined): readonly string[] {
  return csiNode?.metadata?.annotations?.["storage.alpha.kubernetes.io/migrated-plugins"]?.split(",") ?? [];
}

function pluginOf({ spec = {} }: PersistentVolumeObject): InTreePlugin | undefined {
  if (spec.awsElasticBlockStore !== undefined) return plugins.aws;
  if (spec.gcePersistentDisk !== undefined) return plugins.gce;
  if (spec.azureDisk !== undefined) return plugins.azure;
  if (spec.cinder !== undefined) return plugins.cinder;
  return spec.portworxVolume && plugins.portworx;
}

const UNSPECIFIED = "UNSPECIFIED";

function withHandle(
  { driver }: InTreePlugin,
  found: { readonly handle: string } | { readonly problem: string },
): CsiVolume | string {
  return "problem" in found ? found.problem : { driver, handle: found.handle };
}

function awsHandle(id = ""): { readonly handle: string } | { readonly problem: string } {
  if (!id.startsWith("aws://")) return { handle: id };
  const path = id.slice("aws://".length).replace(/^[^/]*/, "");
  const handle = path.replace(/^\/+|\/+$/g, "");
  if (/^vol-[^/]*$/.test(handle)) return { handle };
  return {
    problem: `failed to translate Kubernetes ID to EBS Volume ID Invalid format for AWS volume (${id})`,
  };
}

function gceHandle(disk = "", place = `zones/${UNSPECIFIED}`): string {
  return `projects/${UNSPECIFIED}/${place}/disks/${disk}`;
}

const BETA_ZONE = "failure-domain.beta.kubernetes.io/zone";
const BETA_REGION = "failure-domain.beta.kubernetes.io/region";
const ZONE = "topology.kubernetes.io/zone";
const REGION = "topology.kubernetes.io/region";

/** The zone, or the region, that a GCE volume's labels say it is in. */
function gcePlace({
  metadata,
}: PersistentVolumeObject): { readonly of?: string } | { readonly problem: string } {
  const labels = metadata?.labels ?? {};
  const zones = (labels[BETA_ZONE] || labels[ZONE] || "").split("__");
  if (zones.length === 1) return zones[0] === "" ? {} : { of: `zones/${zones[0]}` };
  const regions = new Set<string>();
  for (const zone of zones) {
    const parts = zone.split("-");
    if (parts.length !== 3) {
      return {
        problem: `failed to get region from zones: zone in unexpected format, expected: {locale}-{region}-{zone}, got: ${zone}`,
      };
    }
    regions.add(parts.slice(0, 2).join("-"));
  }
  if (regions.size > 1) {
    const got = [...regions].sort().map((region) => `${region}:{}`);
    return {
      problem: `failed to get region from zones: multiple or no regions gotten from zones, got: map[${got.join(" ")}]`,
    };
  }
  return { of: `regions/${[...regions][0]}` };
}

/** The volume's node affinity with the driver's label for zones; undefined when there is nothing to replace or to add. */
function zonesOnNodes(volume: PersistentVolumeObject): NodeSelector | undefined {
  const zoneLabel = pluginOf(volume)?.zoneLabel;
  if (zoneLabel === undefined) return undefined;
  const { metadata, spec } = volume;
  const labels = metadata?.labels ?? {};
  let terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const inTerms = (label: string) =>
    terms.some(({ matchExpressions = [] }) => matchExpressions.some(({ key }) => key === label));
  const inLabels = (label: string) => labels[label] !== undefined;
  const beta = usesBeta(inTerms) ?? usesBeta(inLabels) ?? false;
  const zone = beta ? BETA_ZONE : ZONE;
  const values = zonesOf(labels[zone]);
  if (inTerms(zone)) terms = renamed(terms, zone, zoneLabel);
  else if (values.length > 0) {
    terms = (terms.length === 0 ? [{}] : terms).map((term) => ({
      ...term,
      matchExpressions: [...(term.matchExpressions ?? []), { key: zoneLabel, operator: "In", values }],
    }));
  } else if (terms.length === 0) return undefined;
  return { nodeSelectorTerms: beta ? renamed(terms, BETA_REGION, REGION) : terms };
}

function zonesOf(label = ""): string[] {
  const zones = label.split("__").map((zone) => zone.trim());
  return [...new Set(zones)].filter((zone) => zone !== "").sort();
}

function renamed(terms: readonly NodeSelectorTerm[], from: string, to: string): NodeSelectorTerm[] {
  return terms.map(({ matchExpressions = [], ...term }) => ({
    ...term,
    matchExpressions: matchExpressions.map((one) => (one.key === from ? { ...one, key: to } : one)),
  }));
}

/** Whether the label of old is used; undefined when neither is. */
function usesBeta(has: (label: string) => boolean): boolean | undefined {
  if (has(ZONE)) return false;
  return has(BETA_ZONE) ? true : undefined;
}
