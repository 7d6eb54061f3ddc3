import type { PodSpec } from "../kubernetes/pod.ts";
import { type Cycle, definePlugin } from "../scheduler/plugin.ts";
import { rememberedPerKind } from "../scheduler/remembered.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";

const MISMATCH = unresolvable("node(s) didn't match Pod's required features");

/** Features that a pod may need of its node, in the order of their names; the others matter to updates of running pods only. */
const features: readonly { readonly name: string; readonly neededBy: (spec: PodSpec) => boolean }[] = [
  { name: "RestartAllContainersOnContainerExits", neededBy: restartsAllContainers },
  {
    name: "UserNamespacesHostNetworkSupport",
    neededBy: ({ hostNetwork, hostUsers }) => hostNetwork === true && hostUsers === false,
  },
  { name: "VolumeBindMountOptions", neededBy: hasBindMountOptions },
];

/** 1 for each row whose node declares all that the pod needs; undefined when it needs nothing. */
const matching = rememberedPerKind(({ pod, nodes }: Cycle) => {
  const needed = neededFeatures(pod.spec);
  if (needed.length === 0) return undefined;
  const verdicts = new Uint8Array(nodes.count);
  for (const node of nodes.order) {
    verdicts[node] = declares(nodes.object(node).status?.declaredFeatures ?? [], needed) ? 1 : 0;
  }
  return verdicts;
});

/** Rejects nodes that do not declare a feature that the pod needs (upstream: plugins/nodedeclaredfeatures). */
export const nodeDeclaredFeatures = definePlugin({
  name: "NodeDeclaredFeatures",
  reads: "object",
  filter(cycle) {
    const verdicts = needsAny(cycle.pod.spec) ? matching(cycle) : undefined;
    return verdicts && keepWhere((node) => verdicts[node] === 1);
  },
  judge(cycle) {
    const verdicts = needsAny(cycle.pod.spec) ? matching(cycle) : undefined;
    return verdicts && ((node) => (verdicts[node] === 1 ? undefined : MISMATCH));
  },
  sign: ({ spec }) => ({ "v1.Pod.Spec.RequiredFeatures()": neededFeatures(spec) }),
  eventsToRegister: ["NodeAdd", "NodeUpdate"],
});

function needsAny(spec: PodSpec): boolean {
  return features.some(({ neededBy }) => neededBy(spec));
}

function neededFeatures(spec: PodSpec): readonly string[] {
  return features.filter(({ neededBy }) => neededBy(spec)).map(({ name }) => name);
}

/** Walks both lists in step, as upstream does, which trusts the node's list to be sorted: out of order is not declared. */
function declares(declared: readonly string[], needed: readonly string[]): boolean {
  let place = 0;
  return needed.every((name) => {
    while (place < declared.length && declared[place] < name) place++;
    return declared[place] === name;
  });
}

function restartsAllContainers({ containers = [], initContainers = [] }: PodSpec): boolean {
  return [...containers, ...initContainers].some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === "RestartAllContainers"),
  );
}

function hasBindMountOptions(spec: PodSpec): boolean {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  return [...containers, ...initContainers, ...ephemeralContainers].some(({ volumeMounts = [] }) =>
    volumeMounts.some(({ bindMountOptions = [] }) => bindMountOptions.length > 0),
  );
}
