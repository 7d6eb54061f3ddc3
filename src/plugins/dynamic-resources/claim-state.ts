import type { DeviceClassObject, ResourceClaimObject } from "../../kubernetes/device-object.ts";
import { qualifiedName } from "../../kubernetes/lists-by-key.ts";
import { type CompiledNodeSelector, compileNodeSelector } from "../../kubernetes/node-selector.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";
import { type AllocatedDevices, allocatedDevices } from "./allocated-devices.ts";
import { type DeviceClasses, deviceBackedResources, deviceClassesOf } from "./device-classes.ts";
import { type DeviceInventory, deviceInventory } from "./device-inventory.ts";
import { devicesInFlight, isInFlight } from "./in-flight.ts";
import { podClaims } from "./pod-claims.ts";
import { nameOf, requestsOf, type WantedClaim } from "./requests.ts";

/** What PreFilter finds out of a pod with claims or with extended resources that devices may back. */
export interface ClaimState {
  readonly rejected: undefined;
  /** All claims of the pod in the order of its spec. */
  readonly claims: readonly ResourceClaimObject[];
  readonly wanted: readonly WantedClaim[];
  /** Where the claims that were allocated before are to be had. */
  readonly selectors: readonly CompiledNodeSelector[];
  /** Extended resources of the pod, sorted; the class that backs them, or undefined. */
  readonly extended: readonly (readonly [resource: string, deviceClass: string | undefined])[];
  readonly inventory: DeviceInventory;
  readonly classes: ReadonlyMap<string, DeviceClassObject>;
  readonly allocated: AllocatedDevices;
}

const known = new WeakMap<Cycle, ClaimState | { readonly rejected: Status } | undefined>();

/** Undefined when the plugin has nothing to do with the pod; once per cycle. */
export function claimStateOf(cycle: Cycle): ClaimState | { readonly rejected: Status } | undefined {
  if (known.has(cycle)) return known.get(cycle);
  const state = look(cycle);
  known.set(cycle, state);
  return state;
}

function look(cycle: Cycle): ClaimState | { readonly rejected: Status } | undefined {
  const { cluster, pod } = cycle;
  const { objects } = cluster;
  const classes = deviceClassesOf(objects);
  const resources = deviceBackedResources(pod);
  const backed = resources.some((resource) => classes.byResource.has(resource));
  if ((pod.spec.resourceClaims ?? []).length === 0 && !backed) return undefined;

  const found = podClaims(pod, objects);
  if ("rejected" in found) return found;
  if (found.claims.length === 0 && !backed) return undefined;

  const wanted: WantedClaim[] = [];
  const selectors: CompiledNodeSelector[] = [];
  for (const claim of found.claims) {
    const allocation = claim.status?.allocation;
    if (allocation !== undefined) {
      if (allocation.nodeSelector !== undefined) selectors.push(compileNodeSelector(allocation.nodeSelector));
      continue;
    }
    const label = qualifiedName(claim);
    if (isInFlight(cluster, label)) {
      return {
        rejected: unresolvable(`resource claim ${label} is in the process of being allocated`),
      };
    }
    const missing = missingClass(claim, classes);
    if (missing !== undefined) return { rejected: missing };
    wanted.push({ key: label, label, spec: claim.spec ?? {} });
  }
  return {
    rejected: undefined,
    claims: found.claims,
    wanted,
    selectors,
    extended: backed ? resources.map((resource) => [resource, classes.byResource.get(resource)]) : [],
    inventory: deviceInventory(objects),
    classes: classes.byName,
    allocated: allocatedDevices(objects, devicesInFlight(cluster)),
  };
}

function missingClass({ spec = {} }: ResourceClaimObject, { byName }: DeviceClasses): Status | undefined {
  for (const { alternatives } of requestsOf(spec)) {
    for (const alternative of alternatives) {
      const className = alternative.exact.deviceClassName ?? "";
      if (className === "") return unresolvable(`request ${nameOf(alternative)}: unsupported request type`);
      if (!byName.has(className)) {
        return unresolvable(`request ${nameOf(alternative)}: device class ${className} does not exist`);
      }
    }
  }
  return undefined;
}
