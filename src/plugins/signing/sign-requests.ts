import type { PodKind } from "../../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { podRequests } from "../../kubernetes/pod-requests.ts";
import { isScalarResource } from "../../kubernetes/resource-name.ts";
import type { SignFragments } from "../../scheduler/batching/sign.ts";
import { deviceBackedResources, deviceClassesOf } from "../dynamic-resources/device-classes.ts";

/** Of these nothing is as good as zero: upstream has a field for each, and a map for the others. */
const FIELDS: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

/** What the pod asks for; one that devices provide depends on claims, and is declined. */
export function signRequests(
  pod: PodKind,
  objects: Pick<KubernetesObjects, "deviceClasses">,
): SignFragments | "declines" {
  const { byResource } = deviceClassesOf(objects);
  if (deviceBackedResources(pod).some((name) => byResource.has(name))) return "declines";
  const requests = [...podRequests(pod.object)].flatMap(([name, amount]) =>
    (FIELDS.has(name) ? amount !== 0n : isScalarResource(name)) ? [[name, String(amount)] as const] : [],
  );
  return { "v1.Pod.Spec.ContainerRequestsAndOverheads()": requests.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
