import { qualifiedNameProblem } from "./label-syntax.ts";

/** Name classes of resources. Sources: pkg/apis/core/v1/helper/helpers.go, pkg/scheduler/util/utils.go. */

/** @internal Without a domain, or of kubernetes.io. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || isPrefixedNativeResource(name);
}

function isPrefixedNativeResource(name: string): boolean {
  return name.includes("kubernetes.io/");
}

/** Not native, no quota name, and `requests.` before it is still a qualified name: `example.com/gpu`. */
export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith("requests.")) return false;
  return qualifiedNameProblem(`requests.${name}`) === undefined;
}

function isHugePagesResource(name: string): boolean {
  return name.startsWith("hugepages-");
}

function isAttachableVolumesResource(name: string): boolean {
  return name.startsWith("attachable-volumes-");
}

/** A resource that is counted by name beside cpu, memory, ephemeral-storage and pods; any other is ignored. */
export function isScalarResource(name: string): boolean {
  return (
    isExtendedResource(name) ||
    isHugePagesResource(name) ||
    isPrefixedNativeResource(name) ||
    isAttachableVolumesResource(name)
  );
}

/** A name that devices may back: an extended resource, or the implicit name of a DeviceClass. */
export function isDeviceBackedResource(name: string): boolean {
  return isExtendedResource(name) || name.startsWith("deviceclass.resource.kubernetes.io/");
}

/** A name that `spec.resources` of a pod may set for the pod as a whole. */
export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePagesResource(name);
}
