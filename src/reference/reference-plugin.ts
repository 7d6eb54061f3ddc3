import type { NodeDevices } from "../cluster/device.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { NamespaceObject } from "../kubernetes/cluster-object.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import type { Status } from "../scheduler/status.ts";

/** A pod that counts on a node, and the indexes of the devices that it holds there. */
export interface PlacedPod {
  readonly pod: PodTemplate;
  /** Name of the node. */
  readonly node: string;
  readonly devices: readonly number[];
}

/** A node with everything on it, as plain objects. */
export interface ReferenceNode {
  readonly name: string;
  readonly object: NodeObject;
  readonly devices: NodeDevices | undefined;
  readonly pods: readonly PlacedPod[];
}

/**
 * What a plugin of the reference looks at: nodes in visiting order, the size of each image that some node reported, and the
 * namespaces that are known.
 */
export interface ReferenceCluster {
  readonly nodes: readonly ReferenceNode[];
  readonly imageSizes: ReadonlyMap<string, number>;
  readonly namespaces: readonly NamespaceObject[];
}

/**
 * A plugin in the most literal shape: one pod, one node, one answer, nothing kept. Scores are int64 as upstream's are.
 * Members that are absent are extension points that the plugin does not have.
 */
export interface ReferencePlugin {
  readonly preEnqueue?: (pod: PodTemplate) => Status | undefined;
  readonly preFilter?: (
    pod: PodTemplate,
    cluster: ReferenceCluster,
  ) => "skip" | { readonly names: readonly string[] } | { readonly rejected: Status } | undefined;
  readonly filter?: (pod: PodTemplate, node: ReferenceNode, cluster: ReferenceCluster) => Status | undefined;
  readonly preScore?: (
    pod: PodTemplate,
    cluster: ReferenceCluster,
  ) => "skip" | { readonly error: string } | undefined;
  readonly score?: (pod: PodTemplate, node: ReferenceNode, cluster: ReferenceCluster) => bigint;
  readonly normalizeScore?: (scores: readonly bigint[]) => bigint[];
  readonly takeDevices?: (pod: PodTemplate, node: ReferenceNode) => number[];
}

export function specOf(pod: PodTemplate): PodSpec {
  return pod.object.spec ?? {};
}
