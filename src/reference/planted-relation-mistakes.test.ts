import { describe, expect, it } from "vitest";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { PodAffinity, PodAffinityTerm, TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { interPodAffinity } from "../plugins/inter-pod-affinity.ts";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { arbitraries } from "../testing/arbitraries.ts";
import { DifferentialCases } from "../testing/differential-cases.ts";
import { type PlantedMistake, withMistake, without } from "../testing/planted-mistake.ts";
import { referencePolicy } from "./reference-policy.ts";

function lacking<T extends object, K extends keyof T>(from: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = from;
  return rest;
}

/** The plugin as it would decide about something else. */
const lookingAt =
  (change: (cycle: Cycle) => Cycle) =>
  ({ filter, judge, score, ...plugin }: Plugin): Plugin => ({
    ...plugin,
    ...(filter && { filter: (cycle) => filter(change(cycle)) }),
    ...(judge && { judge: (cycle) => judge(change(cycle)) }),
    ...(score && { score: (cycle) => score(change(cycle)) }),
  });

/** About another pod. */
const spec = (change: (spec: PodSpec) => PodSpec) =>
  lookingAt((cycle) => ({ ...cycle, pod: { ...cycle.pod, spec: change(cycle.pod.spec) } }));

/** With other pods on the nodes. */
const others = (change: (pod: PodKind) => PodKind) => {
  const changed = new WeakMap<PodKind, PodKind>();
  return lookingAt((cycle) => {
    const { cluster } = cycle;
    const kindOf = (row: number): PodKind => {
      const kind = cluster.kindOf(row);
      const other = changed.get(kind) ?? change(kind);
      changed.set(kind, other);
      return other;
    };
    return { ...cycle, cluster: clusterWith(cluster, { kindOf }) };
  });
};

function clusterWith(cluster: Cycle["cluster"], other: Partial<Cycle["cluster"]>): Cycle["cluster"] {
  return {
    podsOn: (node) => cluster.podsOn(node),
    portsOn: (node) => cluster.portsOn(node),
    nodeOf: (row) => cluster.nodeOf(row),
    devicesOf: (row) => cluster.devicesOf(row),
    kindOf: (row) => cluster.kindOf(row),
    startTimeOf: (row) => cluster.startTimeOf(row),
    kinds: cluster.kinds,
    objects: cluster.objects,
    ...other,
  };
}

const constraints = (change: (constraint: TopologySpreadConstraint) => TopologySpreadConstraint) =>
  spec((from) => ({
    ...from,
    ...(from.topologySpreadConstraints && {
      topologySpreadConstraints: from.topologySpreadConstraints.map(change),
    }),
  }));

function withTerms(
  from: PodAffinity | undefined,
  change: (terms: readonly PodAffinityTerm[]) => readonly PodAffinityTerm[],
): PodAffinity | undefined {
  const required = from?.requiredDuringSchedulingIgnoredDuringExecution;
  if (from === undefined || required === undefined) return from;
  return { ...from, requiredDuringSchedulingIgnoredDuringExecution: change(required) };
}

/** Other required terms, both of affinity and of anti-affinity. */
const required = (change: (terms: readonly PodAffinityTerm[]) => readonly PodAffinityTerm[]) =>
  spec((from) => {
    const affinity = withTerms(from.affinity?.podAffinity, change);
    const anti = withTerms(from.affinity?.podAntiAffinity, change);
    return {
      ...from,
      affinity: {
        ...from.affinity,
        ...(affinity && { podAffinity: affinity }),
        ...(anti && { podAntiAffinity: anti }),
      },
    };
  });

const declaring = (passes: (declared: readonly string[], needed: readonly string[]) => boolean) => {
  const featuresOf = ({ hostNetwork, hostUsers, ...from }: PodSpec): string[] => [
    ...(/RestartAllContainers/.test(JSON.stringify(from)) ? ["RestartAllContainersOnContainerExits"] : []),
    ...(hostNetwork === true && hostUsers === false ? ["UserNamespacesHostNetworkSupport"] : []),
    ...(/bindMountOptions/.test(JSON.stringify(from)) ? ["VolumeBindMountOptions"] : []),
  ];
  return (plugin: Plugin): Plugin => ({
    ...plugin,
    filter: ({ pod, nodes }) => {
      const needed = featuresOf(pod.spec);
      if (needed.length === 0) return undefined;
      return keepWhere((node) => passes(nodes.object(node).status?.declaredFeatures ?? [], needed));
    },
  });
};

const mistakes: readonly PlantedMistake[] = [
  {
    name: "pods that are being deleted count",
    plugin: "PodTopologySpread",
    change: others((pod) => ({ ...pod, terminating: false })),
  },
  {
    name: "minDomains is ignored",
    plugin: "PodTopologySpread",
    change: constraints((constraint) => lacking(constraint, "minDomains")),
  },
  {
    name: "tainted nodes are domains like any other",
    plugin: "PodTopologySpread",
    change: constraints((constraint) => ({ ...constraint, nodeTaintsPolicy: "Ignore" })),
  },
  {
    name: "nodes that the pod does not want are domains",
    plugin: "PodTopologySpread",
    change: constraints((constraint) => ({ ...constraint, nodeAffinityPolicy: "Ignore" })),
  },
  {
    name: "matchLabelKeys are ignored",
    plugin: "PodTopologySpread",
    change: constraints((constraint) => lacking(constraint, "matchLabelKeys")),
  },
  {
    name: "the skew may be greater by one",
    plugin: "PodTopologySpread",
    change: constraints((constraint) => ({ ...constraint, maxSkew: (constraint.maxSkew ?? 0) + 1 })),
  },
  {
    name: "pods of other namespaces count",
    plugin: "PodTopologySpread",
    change: others((pod) => ({ ...pod, namespace: "default" })),
  },
  {
    name: "services are not looked at",
    plugin: "PodTopologySpread",
    change: lookingAt(({ cluster, ...cycle }) => ({
      ...cycle,
      cluster: clusterWith(cluster, { objects: { ...cluster.objects, services: [] } }),
    })),
  },
  {
    name: "pods that are there mind nobody",
    plugin: "InterPodAffinity",
    change: others((pod) => ({ ...pod, spec: lacking(pod.spec, "affinity") })),
  },
  {
    name: "one of several required terms is enough",
    plugin: "InterPodAffinity",
    change: required((terms) => terms.slice(0, 1)),
  },
  {
    name: "namespace selectors are ignored",
    plugin: "InterPodAffinity",
    change: required((terms) => terms.map((term) => lacking(term, "namespaceSelector"))),
  },
  {
    name: "listed namespaces are ignored",
    plugin: "InterPodAffinity",
    change: required((terms) => terms.map((term) => lacking(term, "namespaces"))),
  },
  {
    name: "required affinity of pods that are there does not attract",
    plugin: "InterPodAffinity",
    change: () => interPodAffinity({ hardPodAffinityWeight: 0 }),
  },
  {
    name: "preferences of pods that are there do not count",
    plugin: "InterPodAffinity",
    change: () => interPodAffinity({ ignorePreferredTermsOfExistingPods: true }),
  },
  {
    name: "a pod that is being deleted attracts nobody",
    plugin: "InterPodAffinity",
    change: others((pod) => (pod.terminating ? { ...pod, labels: new Map() } : pod)),
  },
  { name: "features are not asked for", plugin: "NodeDeclaredFeatures", change: without("filter") },
  {
    name: "a list out of order is searched whole",
    plugin: "NodeDeclaredFeatures",
    change: declaring((declared, needed) => needed.every((name) => declared.includes(name))),
  },
  {
    name: "one of the features is enough",
    plugin: "NodeDeclaredFeatures",
    change: declaring((declared, needed) => needed.some((name) => declared.includes(name))),
  },
  {
    name: "containers that are added later ask for nothing",
    plugin: "NodeDeclaredFeatures",
    change: spec((from) => lacking(from, "ephemeralContainers")),
  },
];

const cases = new DifferentialCases(
  500,
  11,
  shippedProfiles().map(({ name }) => referencePolicy(name)),
  arbitraries.relatedHistory,
);

describe("mistakes planted in what pods mean to one another", () => {
  it("are the only difference: the shipped profiles decide as the reference does", () => {
    expect(cases.firstDifference(({ name }) => shippedProfile(name))).toBeUndefined();
  });

  it("are not the wrapping: other objects that say the same change nothing", () => {
    const same = others((pod) => ({ ...pod }));
    const both = (policy: string) =>
      ["PodTopologySpread", "InterPodAffinity"].reduce(
        (profile, plugin) => withMistake(profile, { name: "none", plugin, change: same }),
        shippedProfile(policy),
      );
    expect(cases.firstDifference(({ name }) => both(name))).toBeUndefined();
  });

  for (const mistake of mistakes) {
    it(`are found: ${mistake.plugin}: ${mistake.name}`, () => {
      const found = cases.firstDifference(({ name }) => withMistake(shippedProfile(name), mistake));
      if (process.env["STOWAGE_COVERAGE"] !== undefined) {
        console.log(`${mistake.plugin}: ${mistake.name}: case ${found?.place}`);
      }
      expect(found).toBeDefined();
    });
  }
});
