import type { PodObject } from "../../../kubernetes/pod.ts";

/** The declared features that a pod needs of its node, in ascending order (upstream: component-helpers/nodedeclaredfeatures). */
export function requiredFeatures({ spec = {} }: PodObject): string[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const mounts = [...containers, ...(spec.ephemeralContainers ?? [])].flatMap(
    (container) => container.volumeMounts ?? [],
  );
  const features: string[] = [];
  const restartsAll = containers.some((container) =>
    (container.restartPolicyRules ?? []).some(({ action }) => action === "RestartAllContainers"),
  );
  if (restartsAll) features.push("RestartAllContainersOnContainerExits");
  if (spec.hostNetwork === true && spec.hostUsers === false)
    features.push("UserNamespacesHostNetworkSupport");
  if (mounts.some((mount) => (mount.bindMountOptions ?? []).length > 0)) {
    features.push("VolumeBindMountOptions");
  }
  return features;
}
