import { EPHEMERAL_STORAGE } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { DeviceClassObject } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { podRequests } from "../../kubernetes/pod-requests.ts";
import { isDeviceBackedResource } from "../../kubernetes/resource-name.ts";
import { classesByResource } from "./extended-resources.ts";

export interface DeviceClasses {
  readonly byName: ReadonlyMap<string, DeviceClassObject>;
  /** The class that backs an extended resource, by name. */
  readonly byResource: ReadonlyMap<string, string>;
}

const NONE: readonly string[] = [];
const classLists = new WeakMap<KubernetesObjects["deviceClasses"], DeviceClasses>();
const resourceLists = new WeakMap<PodKind, readonly string[]>();

/** The device classes of the cluster, built once per list. */
export function deviceClassesOf({ deviceClasses }: Pick<KubernetesObjects, "deviceClasses">): DeviceClasses {
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
export function deviceBackedResources(pod: PodKind): readonly string[] {
  if (pod.demand.resources.every((resource) => resource <= EPHEMERAL_STORAGE)) return NONE;
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
