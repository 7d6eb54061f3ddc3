import type { NodeDevices } from "../cluster/device.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { ResourceClaimObject } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import type { Status } from "../scheduler/status.ts";

/** A pod that counts on a node, and the indexes of the devices that it holds there. */
export interface PlacedPod {
  readonly pod: PodTemplate;
  /** Name of the node. */
  readonly node: string;
  readonly devices: readonly number[];
  /** When it started, by any clock; absent: as its status says. */
  readonly started?: number;
}

/** A node with everything on it, as plain objects. */
export interface ReferenceNode {
  readonly name: string;
  readonly object: NodeObject;
  readonly devices: NodeDevices | undefined;
  readonly pods: readonly PlacedPod[];
}

/**
 * What a plugin of the reference looks at: nodes in visiting order, the size of each image that some node reported, and all
 * other objects that are known. A cluster never changes: another state is another cluster.
 */
export interface ReferenceCluster {
  readonly nodes: readonly ReferenceNode[];
  readonly imageSizes: ReadonlyMap<string, number>;
  readonly objects: KubernetesObjects;
  /** Claims with the devices that bound pods were promised, of which the API server does not know yet. */
  readonly promisedClaims: readonly PromisedClaim[];
  /** Ports that pods hold and that the scheduler takes for free: another pod that held the same ones has left the node. */
  readonly forgottenPorts: ReadonlyMap<PlacedPod, readonly string[]>;
  /** How this cluster was made in thought from the one of the cycle; absent when nothing was. */
  readonly thought?: Thought;
}

/** A claim as it will be. */
export type PromisedClaim = ResourceClaimObject;

/** What a cluster holds beside nodes and pods. */
export type Holdings = Pick<ReferenceCluster, "objects" | "promisedClaims">;

/** Pods put on nodes (1) and taken off them (-1), one after another, while a cycle runs (upstream: AddPod, RemovePod). */
export interface Thought {
  /** The cluster of the cycle, before all changes. */
  readonly before: ReferenceCluster;
  readonly changes: readonly { readonly placed: PlacedPod; readonly by: 1 | -1 }[];
}

/**
 * A plugin in the most literal shape: one pod, one node, one answer. Scores are int64 as upstream's are. Members that are
 * absent are extension points that the plugin does not have.
 */
export interface ReferencePlugin {
  readonly preEnqueue?: (pod: PodTemplate, objects: KubernetesObjects) => Status | undefined;
  readonly preFilter?: (
    pod: PodTemplate,
    cluster: ReferenceCluster,
  ) => "skip" | { readonly names: readonly string[] } | { readonly rejected: Status } | undefined;
  readonly filter?: (pod: PodTemplate, node: ReferenceNode, cluster: ReferenceCluster) => Status | undefined;
  readonly preScore?: (
    pod: PodTemplate,
    cluster: ReferenceCluster,
    feasible: readonly ReferenceNode[],
  ) => "skip" | { readonly error: string } | undefined;
  readonly score?: (
    pod: PodTemplate,
    node: ReferenceNode,
    cluster: ReferenceCluster,
    feasible: readonly ReferenceNode[],
  ) => bigint;
  /** `scores[i]` belongs to `feasible[i]`. */
  readonly normalizeScore?: (
    scores: readonly bigint[],
    feasible: readonly ReferenceNode[],
    pod: PodTemplate,
    cluster: ReferenceCluster,
  ) => bigint[];
  /** What the other objects become once the pod is promised to a node; absent: nothing changes. */
  readonly reserve?: (pod: PodTemplate, node: ReferenceNode, cluster: ReferenceCluster) => Holdings;
  readonly takeDevices?: (pod: PodTemplate, node: ReferenceNode) => number[];
}

export function specOf(pod: PodTemplate): PodSpec {
  return pod.object.spec ?? {};
}

/** The namespace of a pod or of another object. */
export function namespaceOf({ metadata }: { readonly metadata?: { readonly namespace?: string } }): string {
  return metadata?.namespace || "default";
}
