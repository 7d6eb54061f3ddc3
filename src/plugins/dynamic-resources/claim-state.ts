import type { PodKind } from "../../cluster/pod-kind.ts";
import type { DeviceClassObject, ResourceClaimObject } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { type CompiledNodeSelector, compileNodeSelector } from "../../kubernetes/node-selector.ts";
import { podRequests } from "../../kubernetes/pod-requests.ts";
import { isDeviceBackedResource } from "../../kubernetes/resource-name.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";
import { type AllocatedDevices, allocatedDevices } from "./allocated-devices.ts";
import { type DeviceInventory, deviceInventory } from "./device-inventory.ts";
import { classesByResource } from "./extended-resources.ts";
import { devicesInFlight, isInFlight } from "./in-flight.ts";
import { claimLabel, podClaims } from "./pod-claims.ts";
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

interface Classes {
  readonly byName: ReadonlyMap<string, DeviceClassObject>;
  readonly byResource: ReadonlyMap<string, string>;
}

const known = new WeakMap<Cycle, ClaimState | { readonly rejected: Status } | undefined>();
const classLists = new WeakMap<KubernetesObjects["deviceClasses"], Classes>();
const resourceLists = new WeakMap<PodKind, readonly string[]>();

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
  const classes = classesOf(objects);
  const resources = resourcesOf(pod);
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
    const label = claimLabel(claim);
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

function missingClass({ spec = {} }: ResourceClaimObject, { byName }: Classes): Status | undefined {
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

function classesOf({ deviceClasses }: KubernetesObjects): Classes {
  let classes = classLists.get(deviceClasses);
  if (classes === undefined) {
    classes = {
      byName: new Map(deviceClasses.map((deviceClass) => [deviceClass.metadata?.name ?? "", deviceClass])),
      byResource: classesByResource(deviceClasses),
    };
    classLists.set(deviceClasses, classes);
  }
  return classes;
}

/** Resources that the pod asks for and devices may back, sorted. */
function resourcesOf(pod: PodKind): readonly string[] {
  let resources = resourceLists.get(pod);
  if (resources === undefined) {
    resources = [...podRequests(pod.object)]
      .filter(([name, amount]) => amount !== 0n && isDeviceBackedResource(name))
      .map(([name]) => name)
      .sort();
    resourceLists.set(pod, resources);
  }
  return resources;
}
