import { InvariantViolation } from "../../base/errors.ts";
import { labelsOf } from "../../kubernetes/object-meta.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";
import { allocate, type ClaimAllocation } from "./allocator.ts";
import type { ClaimState } from "./claim-state.ts";
import { extendedRequests } from "./extended-resources.ts";
import { poolsOf } from "./pools.ts";
import { AllocationError, type WantedClaim } from "./requests.ts";

/** What the filter found on a node; `allocations` is undefined when there was nothing to allocate. */
export type NodeVerdict =
  | { readonly rejected: Status }
  | { readonly rejected: undefined; readonly allocations: readonly ClaimAllocation[] | undefined };

const PASSES: NodeVerdict = { rejected: undefined, allocations: undefined };
const CANNOT_ALLOCATE: NodeVerdict = { rejected: unresolvable("cannot allocate all claims") };
const NOT_AVAILABLE: NodeVerdict = { rejected: unresolvable("resourceclaim not available on the node") };
const CANNOT_FIT: NodeVerdict = { rejected: unresolvable("cannot fit resource") };
const INVALID_POOLS: NodeVerdict = { rejected: unresolvable("invalid resource pools were encountered") };
const EXTENDED_CLAIM = "<extended-resources>";

/** @throws InvariantViolation with upstream's text when the allocator cannot go on: the cycle fails */
export function judgeNode(cycle: Cycle, state: ClaimState, node: number): NodeVerdict {
  const backed = backedResources(cycle, state, node);
  if (backed === undefined) return CANNOT_FIT;
  if (state.claims.length === 0 && backed.size === 0) return PASSES;

  const { nodes } = cycle;
  const labels = labelsOf(nodes.object(node));
  const nodeName = nodes.name(node);
  const available = state.selectors.every((selector) => selector.matches(labels, nodeName));
  const wanted = state.extended.length === 0 ? state.wanted : [...state.wanted, extendedClaim(cycle, backed)];
  let allocations: readonly ClaimAllocation[] | undefined;
  if (wanted.length > 0) {
    const { inventory, classes, allocated } = state;
    const pools = poolsOf(inventory, labels, nodeName);
    try {
      allocations = allocate({ classes, allocated, pools, labels, nodeName }, wanted);
    } catch (error) {
      if (!(error instanceof AllocationError)) throw error;
      throw new InvariantViolation(`running "DynamicResources" filter plugin: ${error.message}`);
    }
    if (allocations === undefined)
      return pools.some(({ invalid }) => invalid) ? INVALID_POOLS : CANNOT_ALLOCATE;
  }
  return available ? { rejected: undefined, allocations } : NOT_AVAILABLE;
}

/** The extended resources that devices have to provide on this node, by class; undefined when nobody provides one. */
function backedResources(
  { nodes }: Cycle,
  { extended }: ClaimState,
  node: number,
): ReadonlyMap<string, string> | undefined {
  const backed = new Map<string, string>();
  for (const [resource, deviceClass] of extended) {
    const index = nodes.resources.find(resource);
    const allocatable = index === undefined ? 0 : (nodes.allocatable[index]?.[node] ?? 0);
    if (deviceClass !== undefined && allocatable === 0) backed.set(resource, deviceClass);
    else if (nodes.object(node).status?.allocatable?.[resource] === undefined) return undefined;
  }
  return backed;
}

/** Exists in memory only, so that pods are told apart by their rows. */
function extendedClaim({ pod, row }: Cycle, resources: ReadonlyMap<string, string>): WantedClaim {
  const label = `${pod.namespace}/${EXTENDED_CLAIM}`;
  return {
    key: `${label}/${row}`,
    label,
    spec: { devices: { requests: extendedRequests(pod.spec, resources) } },
  };
}
