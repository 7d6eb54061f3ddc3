import type { Cluster } from "../cluster/cluster.ts";
import type { NodeDevices } from "../cluster/device.ts";
import type { HostPort, PodKind } from "../cluster/pod-kind.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Nominations } from "../scheduler/nominations.ts";
import type { ReferenceClusterParts } from "./reference-cluster.ts";
import type { PlacedPod } from "./reference-plugin.ts";

/** The pod's own name, without its namespace. */
type PodName = (row: number) => string | undefined;

/**
 * What the reference looks at, read off a cluster: objects, who is where, and nothing that anybody has summed up. The order of
 * nodes, and of the pods of a node, is the cluster's.
 */
export function clusterInFull(
  cluster: Cluster,
  podName: PodName,
): Required<Omit<ReferenceClusterParts, "promisedClaims">> {
  const { nodes, objects } = cluster;
  const specs: NodeSpec[] = [];
  const placed: PlacedPod[] = [];
  const forgottenPorts = new Map<PlacedPod, readonly string[]>();
  for (const node of nodes.order) {
    const devices = devicesOf(cluster, node);
    specs.push({ object: nodes.object(node), ...(devices && { devices }) });
    const held = new Set(Array.from(cluster.portsOn(node), keyOf));
    for (const row of cluster.podsOn(node)) {
      const kind = cluster.kindOf(row);
      const pod: PlacedPod = {
        pod: podInFull(kind, podName(row)),
        node: nodes.name(node),
        devices: placesOf(cluster.devicesOf(row)),
        started: cluster.startTimeOf(row),
      };
      placed.push(pod);
      const forgotten = kind.hostPorts.map(keyOf).filter((key) => !held.has(key));
      if (forgotten.length > 0) forgottenPorts.set(pod, forgotten);
    }
  }
  return {
    nodes: specs,
    order: Array.from(nodes.order, (node) => nodes.name(node)),
    imageSizes: new Map([...nodes.images].map(([name, { size }]) => [name, size])),
    placed,
    objects,
    forgottenPorts,
  };
}

/** Who is expected on which node, in the order of the nominations to each; the pod at hand is not among them. */
export function nominatedInFull(
  { nodes }: Cluster,
  nominations: Nominations | undefined,
  podName: PodName,
  except: number,
): PlacedPod[] {
  if (nominations === undefined) return [];
  return [...nominations.nodes()].flatMap((node) =>
    nominations
      .on(node)
      .filter((row) => row !== except)
      .map((row) => ({
        pod: podInFull(nominations.kindOf(row), podName(row)),
        node: nodes.name(node),
        devices: [],
      })),
  );
}

/** A pod under its own name, as its kind has that of another one; its status names the node that it is nominated to now. */
export function podInFull(
  { object, devices }: PodKind,
  name: string | undefined,
  nominatedTo?: string,
): PodTemplate {
  const metadata = { ...object.metadata, ...(name !== undefined && { name }) };
  const { nominatedNodeName: _, ...status } = object.status ?? {};
  const own = { ...status, ...(nominatedTo !== undefined && { nominatedNodeName: nominatedTo }) };
  return { name: name ?? "", object: { ...object, metadata, status: own }, ...(devices && { devices }) };
}

function devicesOf({ nodes: { devices } }: Cluster, node: number): NodeDevices | undefined {
  const model = devices.model[node];
  if (model === -1) return undefined;
  return { model: devices.models.valueOf(model), count: devices.count[node] };
}

/** The places of the bits that are set. */
function placesOf(bits: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < 31; place++) if ((bits >> place) & 1) places.push(place);
  return places;
}

function keyOf({ ip, protocol, port }: HostPort): string {
  return `${ip}/${protocol}/${port}`;
}
