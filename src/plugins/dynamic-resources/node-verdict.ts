import { InvariantViolation } from "../../base/errors.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { ResourceClaimSpec } from "../../kubernetes/device-object.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";
import type { ClaimState } from "./claim-state.ts";
import { extendedRequests } from "./extended-resources.ts";
import { type FoundDevices, NodeSearches } from "./node-searches.ts";
import { AllocationError, type WantedClaim } from "./requests.ts";

/** What the filter found on a node, by place in `wanted`; `found` is undefined when there was nothing to allocate. */
export type NodeVerdict =
  | { readonly rejected: Status }
  | {
      readonly rejected: undefined;
      readonly wanted: readonly WantedClaim[];
      readonly found: FoundDevices | undefined;
    };

const PASSES: NodeVerdict = { rejected: undefined, wanted: [], found: undefined };
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
  const { inventory, classes, allocated, selectors } = state;
  const searches = NodeSearches.of(inventory, nodes.object(node));
  const nodeName = nodes.name(node);
  const available = selectors.every((selector) => selector.matches(searches.labels, nodeName));
  const wanted = state.extended.length === 0 ? state.wanted : [...state.wanted, extendedClaim(cycle, backed)];
  let found: FoundDevices | undefined;
  if (wanted.length > 0) {
    try {
      found = searches.allocate(classes, allocated, wanted);
    } catch (error) {
      if (!(error instanceof AllocationError)) throw error;
      throw new InvariantViolation(`running "DynamicResources" filter plugin: ${error.message}`);
    }
    if (found === undefined)
      return searches.pools.some(({ invalid }) => invalid) ? INVALID_POOLS : CANNOT_ALLOCATE;
  }
  return available ? { rejected: undefined, wanted, found } : NOT_AVAILABLE;
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

/** The key under which the devices behind a pod's extended resources are held. */
export function extendedClaimKey({ pod, row }: Cycle): string {
  return `${pod.namespace}/${EXTENDED_CLAIM}/${row}`;
}

/** Exists in memory only, so that pods are told apart by their rows. */
function extendedClaim(cycle: Cycle, resources: ReadonlyMap<string, string>): WantedClaim {
  const { pod } = cycle;
  return {
    key: extendedClaimKey(cycle),
    label: `${pod.namespace}/${EXTENDED_CLAIM}`,
    spec: extendedSpec(pod, resources),
  };
}

const extendedSpecs = new WeakMap<PodKind, Map<string, ResourceClaimSpec>>();

/** The same object for the same resources, so that searches for it are known to be the same. */
function extendedSpec(pod: PodKind, resources: ReadonlyMap<string, string>): ResourceClaimSpec {
  let specs = extendedSpecs.get(pod);
  if (specs === undefined) {
    specs = new Map();
    extendedSpecs.set(pod, specs);
  }
  const key = JSON.stringify([...resources]);
  let spec = specs.get(key);
  if (spec === undefined) {
    spec = { devices: { requests: extendedRequests(pod.spec, resources) } };
    specs.set(key, spec);
  }
  return spec;
}
