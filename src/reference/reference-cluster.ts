import type { NodeSpec } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { NodeHistory } from "./node-history.ts";
import { forgetPorts } from "./node-ports.ts";
import type { PlacedPod, PromisedClaim, ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";

/** All that a cluster is made of. */
export interface ReferenceClusterParts {
  /** In the order in which they were added. */
  readonly nodes: readonly NodeSpec[];
  /** Pods assumed or bound. */
  readonly placed: readonly PlacedPod[];
  /** Names in visiting order; that of nodes just added when absent. See `NodeHistory`. */
  readonly order?: readonly string[];
  /** Sizes of images by name; those of nodes just added when absent. See `NodeHistory`. */
  readonly imageSizes?: ReadonlyMap<string, number>;
  /** Everything else that the API server holds; nothing when absent. */
  readonly objects?: KubernetesObjects;
  /** None when absent. */
  readonly promisedClaims?: readonly PromisedClaim[];
  /** See `forgetPorts`; none when absent. */
  readonly forgottenPorts?: ReadonlyMap<PlacedPod, readonly string[]>;
}

export function clusterOf(parts: ReferenceClusterParts): ReferenceCluster {
  const history = new NodeHistory(parts.nodes);
  const specs = new Map(parts.nodes.map((spec) => [spec.object.metadata?.name ?? "", spec]));
  const podsOn = new Map<string, PlacedPod[]>();
  for (const placed of parts.placed) {
    const pods = podsOn.get(placed.node);
    if (pods === undefined) podsOn.set(placed.node, [placed]);
    else pods.push(placed);
  }
  const nodes = (parts.order ?? history.order()).map((name): ReferenceNode => {
    const spec = specs.get(name)!;
    return {
      name,
      object: spec.object,
      devices: spec.devices,
      pods: podsOn.get(name) ?? [],
    };
  });
  return {
    nodes,
    imageSizes: parts.imageSizes ?? history.imageSizes(),
    objects: parts.objects ?? NO_OBJECTS,
    promisedClaims: parts.promisedClaims ?? [],
    forgottenPorts: parts.forgottenPorts ?? new Map(),
  };
}

/** The cluster with a pod put on its node in thought. */
export function withPod(cluster: ReferenceCluster, placed: PlacedPod): ReferenceCluster {
  return changed(cluster, placed, 1, (pods) => [...pods, placed]);
}

/** The cluster with a pod taken off its node in thought; the last pod of the node takes its place. */
export function withoutPod(cluster: ReferenceCluster, placed: PlacedPod): ReferenceCluster {
  const without = changed(cluster, placed, -1, (pods) => {
    const left = [...pods];
    const place = left.indexOf(placed);
    const last = left.pop();
    if (last !== undefined && last !== placed) left[place] = last;
    return left;
  });
  const left = nodeNamed(without, placed.node)?.pods ?? [];
  return { ...without, forgottenPorts: forgetPorts(cluster.forgottenPorts, placed, left) };
}

/** The node of that name. */
export function nodeNamed({ nodes }: ReferenceCluster, name: string): ReferenceNode | undefined {
  return nodes.find((node) => node.name === name);
}

function changed(
  cluster: ReferenceCluster,
  placed: PlacedPod,
  by: 1 | -1,
  change: (pods: readonly PlacedPod[]) => readonly PlacedPod[],
): ReferenceCluster {
  const { before = cluster, changes = [] } = cluster.thought ?? {};
  return {
    ...cluster,
    nodes: cluster.nodes.map((node) =>
      node.name === placed.node ? { ...node, pods: change(node.pods) } : node,
    ),
    thought: { before, changes: [...changes, { placed, by }] },
  };
}
