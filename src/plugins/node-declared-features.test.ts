import { expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { cycleFor, passesAlone } from "../testing/plugin-observations.ts";
import { nodeDeclaredFeatures } from "./node-declared-features.ts";

const [RESTART, USERS, BIND] = [
  "RestartAllContainersOnContainerExits",
  "UserNamespacesHostNetworkSupport",
  "VolumeBindMountOptions",
];
const restarting: PodSpec = {
  initContainers: [{ restartPolicyRules: [{ action: "RestartAllContainers" }] }],
};
const hostNetwork: PodSpec = { hostNetwork: true, hostUsers: false };
const mounting: PodSpec = { ephemeralContainers: [{ volumeMounts: [{ bindMountOptions: ["noexec"] }] }] };

it.each<[string, PodSpec, string[], boolean]>([
  ["restarting all containers", restarting, [RESTART], true],
  ["restarting all containers", restarting, [BIND], false],
  ["a user namespace on the host's network", hostNetwork, ["Aaa", USERS], true],
  ["a user namespace on the host's network", hostNetwork, [], false],
  ["bind mount options", mounting, [RESTART, USERS, BIND], true],
  ["two features", { ...restarting, ...hostNetwork }, [RESTART, USERS], true],
  ["two features", { ...restarting, ...hostNetwork }, [RESTART], false],
  // The node's list is trusted to be sorted.
  ["restarting all containers", restarting, [USERS, RESTART], false],
])("%s (%j) with %j declared: %s", (_, spec, declaredFeatures, fits) => {
  const cluster = new Cluster();
  const node = cluster.addNode({
    object: { kind: "Node", metadata: { name: "n" }, status: { declaredFeatures } },
  });
  const cycle = cycleFor(cluster, { name: "p", object: { kind: "Pod", spec } });
  expect(passesAlone(nodeDeclaredFeatures, cycle, node)).toBe(fits);
  const reasons = ["node(s) didn't match Pod's required features"];
  const expected = fits ? undefined : { code: "UnschedulableAndUnresolvable", reasons };
  expect(nodeDeclaredFeatures.judge?.(cycle)?.(node)).toEqual(expected);
});

it("skips a pod that needs no feature", () => {
  const cluster = new Cluster();
  const spec: PodSpec = { hostNetwork: true, containers: [{ restartPolicyRules: [{ action: "Restart" }] }] };
  const cycle = cycleFor(cluster, { name: "p", object: { kind: "Pod", spec } });
  expect(nodeDeclaredFeatures.filter?.(cycle)).toBeUndefined();
});
