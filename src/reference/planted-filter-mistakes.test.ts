import { describe, expect, it } from "vitest";
import type { HostPort, PodKind } from "../cluster/pod-kind.ts";
import type { NodeSelectorRequirement, NodeSelectorTerm } from "../kubernetes/node-selector.ts";
import type { Taint } from "../kubernetes/taint.ts";
import { type Toleration, tolerates } from "../kubernetes/toleration.ts";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { type Filter, keepWhere } from "../scheduler/selection.ts";
import { DifferentialCases } from "../testing/differential-cases.ts";
import { type PlantedMistake, withMistake, without } from "../testing/planted-mistake.ts";
import { referencePolicy } from "./reference-policy.ts";

const filterBy =
  (predicate: (cycle: Cycle, node: number) => boolean) =>
  (cycle: Cycle): Filter =>
    keepWhere((node) => predicate(cycle, node));

/** TaintToleration's filter with another idea of which taints forbid, or of what is tolerated. */
function taints(
  forbids: (taint: Taint) => boolean,
  bears: (toleration: Toleration, taint: Taint) => boolean,
): (plugin: Plugin) => Plugin {
  const passes = ({ pod, nodes }: Cycle, node: number): boolean =>
    (nodes.object(node).spec?.taints ?? []).every(
      (taint) =>
        !forbids(taint) || (pod.spec.tolerations ?? []).some((toleration) => bears(toleration, taint)),
    );
  return (plugin) => ({ ...plugin, filter: filterBy(passes) });
}

const isHard = ({ effect }: Taint): boolean => effect === "NoSchedule" || effect === "NoExecute";
const bearsAlike = (toleration: Toleration, taint: Taint): boolean => tolerates(toleration, taint);

/** NodeAffinity as it would judge a pod with other required terms. */
function requiredTerms(change: (term: NodeSelectorTerm) => NodeSelectorTerm): (plugin: Plugin) => Plugin {
  const changed = (pod: PodKind): PodKind => {
    const affinity = pod.spec.affinity?.nodeAffinity;
    const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (terms === undefined) return pod;
    const required = { nodeSelectorTerms: terms.map(change) };
    const nodeAffinity = { ...affinity, requiredDuringSchedulingIgnoredDuringExecution: required };
    return { ...pod, spec: { ...pod.spec, affinity: { nodeAffinity } } };
  };
  return (plugin) => ({
    ...plugin,
    filter: (cycle) => plugin.filter?.({ ...cycle, pod: changed(cycle.pod) }),
  });
}

const expressions = (change: (requirement: NodeSelectorRequirement) => NodeSelectorRequirement[]) =>
  requiredTerms((term) => ({ ...term, matchExpressions: (term.matchExpressions ?? []).flatMap(change) }));

function ports(clash: (wanted: HostPort, taken: HostPort) => boolean): (plugin: Plugin) => Plugin {
  const free = ({ pod, cluster }: Cycle, node: number): boolean =>
    ![...cluster.portsOn(node)].some((taken) => pod.hostPorts.some((wanted) => clash(wanted, taken)));
  return (plugin) => ({ ...plugin, filter: filterBy(free) });
}

const devices =
  (take: (free: number[], milli: number, count: number) => number) =>
  (plugin: Plugin): Plugin => ({
    ...plugin,
    takeDevices({ pod, nodes }, node) {
      if (pod.devices === undefined) return 0;
      const first = nodes.devices.first[node];
      const free = Array.from({ length: nodes.devices.count[node] }, (_, i) => nodes.devices.free[first + i]);
      return take(free, pod.devices.milli, pod.devices.count);
    },
  });

/** The `count` fitting devices that come first in an order, as bits. */
function firstFitting(
  free: number[],
  milli: number,
  count: number,
  order: (a: number, b: number) => number,
): number {
  const fitting = [...free.keys()].filter((device) => free[device] >= milli).sort(order);
  return fitting.slice(0, count).reduce((bits, device) => bits | (1 << device), 0);
}

const mistakes: readonly PlantedMistake[] = [
  {
    name: "one pod too many fits",
    plugin: "NodeResourcesFit",
    change: (plugin) => ({
      ...plugin,
      filter: filterBy(
        ({ pod, nodes }, node) =>
          nodes.podCount[node] <= nodes.allowedPods[node] &&
          [...pod.requests.resources].every(
            (resource, i) =>
              nodes.resources.valueOf(resource) === "gpu" ||
              pod.requests.amounts[i] <= nodes.allocatable[resource][node] - nodes.requested[resource][node],
          ),
      ),
    }),
  },
  {
    name: "extended resources are not checked",
    plugin: "NodeResourcesFit",
    change: (plugin) => ({
      ...plugin,
      filter: filterBy(
        ({ pod, nodes }, node) =>
          nodes.podCount[node] < nodes.allowedPods[node] &&
          [0, 1, 2].every(
            (resource) =>
              pod.requests.of(resource) === 0 ||
              pod.requests.of(resource) <=
                nodes.allocatable[resource][node] - nodes.requested[resource][node],
          ),
      ),
    }),
  },
  {
    name: "NoExecute is ignored",
    plugin: "TaintToleration",
    change: taints(({ effect }) => effect === "NoSchedule", bearsAlike),
  },
  { name: "PreferNoSchedule forbids", plugin: "TaintToleration", change: taints(() => true, bearsAlike) },
  {
    name: "Exists with an empty key tolerates nothing",
    plugin: "TaintToleration",
    change: taints(
      isHard,
      (toleration, taint) => (toleration.key ?? "") !== "" && tolerates(toleration, taint),
    ),
  },
  {
    name: "Equal does not look at the value",
    plugin: "TaintToleration",
    change: taints(isHard, (toleration, taint) =>
      tolerates({ ...toleration, value: taint.value ?? "" }, taint),
    ),
  },
  {
    name: "verdicts outlive a change of the nodes",
    plugin: "TaintToleration",
    change: (plugin) => {
      const kept = new WeakMap<PodKind, Filter | undefined>();
      return {
        ...plugin,
        filter: (cycle) => {
          if (!kept.has(cycle.pod)) kept.set(cycle.pod, plugin.filter?.(cycle));
          return kept.get(cycle.pod);
        },
      };
    },
  },
  {
    name: "NotIn asks for the key",
    plugin: "NodeAffinity",
    change: expressions((requirement) =>
      requirement.operator === "NotIn"
        ? [requirement, { key: requirement.key, operator: "Exists" }]
        : [requirement],
    ),
  },
  {
    name: "Gt is read as a text in the list",
    plugin: "NodeAffinity",
    change: expressions((requirement) =>
      requirement.operator === "Gt" ? [{ ...requirement, operator: "In" }] : [requirement],
    ),
  },
  {
    name: "fields are ignored",
    plugin: "NodeAffinity",
    change: requiredTerms(({ matchExpressions }) => ({ matchExpressions: matchExpressions ?? [] })),
  },
  {
    name: "an empty term matches every node",
    plugin: "NodeAffinity",
    change: requiredTerms((term) =>
      (term.matchExpressions ?? []).length + (term.matchFields ?? []).length === 0
        ? { matchExpressions: [{ key: "absent", operator: "DoesNotExist" }] }
        : term,
    ),
  },
  { name: "the search is not reduced to named nodes", plugin: "NodeAffinity", change: without("preFilter") },
  {
    name: "0.0.0.0 is an address like any other",
    plugin: "NodePorts",
    change: ports((a, b) => a.port === b.port && a.protocol === b.protocol && a.ip === b.ip),
  },
  {
    name: ":: is a wildcard",
    plugin: "NodePorts",
    change: ports(
      (a, b) =>
        a.port === b.port &&
        a.protocol === b.protocol &&
        (a.ip === b.ip || [a.ip, b.ip].some((ip) => ip === "0.0.0.0" || ip === "::")),
    ),
  },
  {
    name: "the protocol of a port does not matter",
    plugin: "NodePorts",
    change: ports((a, b) => a.port === b.port && (a.ip === b.ip || a.ip === "0.0.0.0" || b.ip === "0.0.0.0")),
  },
  { name: "cordons are ignored", plugin: "NodeUnschedulable", change: without("filter") },
  {
    name: "a share is split over two devices",
    plugin: "DeviceShare",
    change: devices((free, milli, count) =>
      firstFitting(free, milli / 2, milli < 1000 ? 2 : count, (a, b) => free[a] - free[b] || a - b),
    ),
  },
  {
    name: "a share goes to the device with the most room",
    plugin: "DeviceShare",
    change: devices((free, milli, count) =>
      firstFitting(free, milli, count, (a, b) => free[b] - free[a] || a - b),
    ),
  },
  {
    name: "devices are taken in order of index",
    plugin: "DeviceShare",
    change: devices((free, milli, count) => firstFitting(free, milli, count, (a, b) => a - b)),
  },
  {
    name: "any model will do",
    plugin: "DeviceShare",
    change: (plugin) => ({
      ...plugin,
      filter: (cycle) => {
        const { devices: wanted } = cycle.pod;
        if (wanted === undefined) return undefined;
        const { models: _, ...any } = wanted;
        return plugin.filter?.({ ...cycle, pod: { ...cycle.pod, devices: any } });
      },
    }),
  },
];

const cases = new DifferentialCases(
  1500,
  11,
  shippedProfiles().map(({ name }) => referencePolicy(name)),
);

describe("mistakes planted in filters", () => {
  it("are the only difference: the shipped profiles decide as the reference does", () => {
    expect(cases.firstDifference(({ name }) => shippedProfile(name))).toBeUndefined();
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
