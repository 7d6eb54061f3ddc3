import type {
  DeviceAllocationResult,
  ResourceClaimObject,
  ResourceClaimStatus,
} from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { changedList, type ListChange } from "../../kubernetes/list-lineage.ts";
import { qualifiedName } from "../../kubernetes/lists-by-key.ts";
import type { NodeSelector, NodeSelectorTerm } from "../../kubernetes/node-selector.ts";
import type { PodObject } from "../../kubernetes/pod.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { type DeviceInventory, deviceInventory } from "./device-inventory.ts";
import { takeFromFlight } from "./in-flight.ts";
import { extendedClaimKey } from "./node-verdict.ts";
import { podClaims } from "./pod-claims.ts";

type Allocation = NonNullable<ResourceClaimStatus["allocation"]>;

/**
 * PreBind: what Reserve took for the pod is written to its claims, and the pod joins those who use them; devices behind its
 * extended resources get a claim of their own (upstream: bindClaim of plugins/dynamicresources).
 */
export function bindClaims(cycle: Cycle, object: PodObject): KubernetesObjects {
  const { cluster, pod } = cycle;
  const { objects } = cluster;
  const found = podClaims(pod, objects);
  const own = "rejected" in found ? [] : found.claims;
  const extended = takeFromFlight(cluster, extendedClaimKey(cycle));
  if (own.length === 0 && extended === undefined) return objects;
  const { name = "", namespace = "default", uid = `${namespace}/${name}` } = object.metadata ?? {};
  const user = { resource: "pods", name, uid };
  const inventory = deviceInventory(objects);
  const { resourceClaims } = objects;
  const changes: ListChange<ResourceClaimObject>[] = inOrderOf(resourceClaims, own).map((claim) => {
    const results = takeFromFlight(cluster, qualifiedName(claim));
    const allocation = results === undefined ? claim.status?.allocation : allocationOf(inventory, results);
    const others = (claim.status?.reservedFor ?? []).filter((other) => other.uid !== uid);
    const status = { ...claim.status, ...(allocation && { allocation }), reservedFor: [...others, user] };
    return { before: claim, after: { ...claim, status } };
  });
  if (extended !== undefined) {
    const claim: ResourceClaimObject = {
      kind: "ResourceClaim",
      metadata: {
        name: `${name}-extended-resources`,
        namespace,
        ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid, controller: true }],
      },
      status: { allocation: allocationOf(inventory, extended), reservedFor: [user] },
    };
    changes.push({ before: undefined, after: claim });
  }
  return { ...objects, resourceClaims: changedList(resourceClaims, changes) };
}

/** Each claim once, in the order of the list. */
function inOrderOf(
  list: readonly ResourceClaimObject[],
  claims: readonly ResourceClaimObject[],
): readonly ResourceClaimObject[] {
  if (claims.length < 2) return claims;
  const places = new Map(claims.map((claim) => [claim, list.indexOf(claim)]));
  return [...places].sort(([, a], [, b]) => a - b).map(([claim]) => claim);
}

function allocationOf(inventory: DeviceInventory, results: readonly DeviceAllocationResult[]): Allocation {
  const nodeSelector = nodesOf(inventory, results);
  return { devices: { results }, ...(nodeSelector && { nodeSelector }) };
}

/** Where all the devices are to be had: on one node, on those that slices select, or everywhere (upstream: createNodeSelector). */
function nodesOf(
  { byPool }: DeviceInventory,
  results: readonly DeviceAllocationResult[],
): NodeSelector | undefined {
  const terms: NodeSelectorTerm[] = [];
  for (const { driver, pool, device: name } of results) {
    const devices = (byPool.get(`${driver}/${pool}`) ?? []).flatMap((slice) => slice.devices);
    const found = devices.find(({ device }) => device.name === name);
    if (found === undefined) continue;
    const { spec } = found.slice;
    const { nodeName, nodeSelector } = spec.perDeviceNodeSelection === true ? found.device : spec;
    if (nodeName) {
      const here = { key: "metadata.name", operator: "In", values: [nodeName] } as const;
      return { nodeSelectorTerms: [{ matchFields: [here] }] };
    }
    terms.push(...(nodeSelector?.nodeSelectorTerms ?? []).slice(0, 1));
  }
  if (terms.length === 0) return undefined;
  const matchExpressions = terms.flatMap((term) => term.matchExpressions ?? []);
  const matchFields = terms.flatMap((term) => term.matchFields ?? []);
  return { nodeSelectorTerms: [{ matchExpressions, matchFields }] };
}
