import type { Container } from "../kubernetes/container.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodSpec } from "../kubernetes/pod.ts";

/**
 * What the API server adds to a pod when it is created, as far as scheduling reads it: a limit stands in for a missing
 * request. Source: pkg/apis/core/v1/defaults.go, `SetDefaults_Pod`.
 */
export function createdPodSpec(spec: PodSpec): PodSpec {
  const { containers, initContainers, resources } = spec;
  return {
    ...spec,
    ...(containers === undefined ? {} : { containers: containers.map(withRequests) }),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withRequests) }),
    ...(resources?.limits === undefined
      ? {}
      : { resources: { ...resources, requests: { ...resources.limits, ...resources.requests } } }),
  };
}

function withRequests(container: Container): Container {
  const { resources } = container;
  if (resources?.limits === undefined) return container;
  return {
    ...container,
    resources: { ...resources, requests: { ...resources.limits, ...resources.requests } },
  };
}

/** A node without `allocatable` offers its capacity. Source: the same file, `SetDefaults_NodeStatus`. */
export function createdNode(node: NodeObject): NodeObject {
  const { status } = node;
  if (status?.allocatable !== undefined || status?.capacity === undefined) return node;
  return { ...node, status: { ...status, allocatable: status.capacity } };
}
