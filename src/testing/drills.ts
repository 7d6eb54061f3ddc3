import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Affinity } from "../kubernetes/affinity.ts";
import type { ClusterHistory } from "./arbitrary-history.ts";
import { withName } from "./arbitrary-node.ts";
import { nodeName, ZONE } from "./arbitrary-parts.ts";
import type { HistoryStep } from "./arbitrary-step.ts";

/** Histories that go through all small numbers of a formula: random ones meet the few that tell it from a wrong one too late. */

const HOSTNAME = "kubernetes.io/hostname";

/** In thousandths of a core, and in bytes. */
export function nodeOf(cpu: number, memory: number): NodeSpec {
  return {
    object: { kind: "Node", metadata: {}, status: { allocatable: { cpu: `${cpu}m`, memory, pods: 110 } } },
  };
}

export function podOf(cpu: number | undefined, memory: number | undefined): PodTemplate {
  const requests = { ...(cpu !== undefined && { cpu: `${cpu}m` }), ...(memory !== undefined && { memory }) };
  return { name: "pod", object: { kind: "Pod", spec: { containers: [{ resources: { requests } }] } } };
}

/** Each pod on empty nodes of one size, one after another. */
function oneByOne(node: NodeSpec, templates: readonly PodTemplate[]): ClusterHistory {
  const steps: HistoryStep[] = [];
  for (let template = 0; template < templates.length; template++) {
    const schedule: HistoryStep = { kind: "schedule", template, attempt: 1 };
    const release: HistoryStep = { kind: "release", pod: 0 };
    // An index decides about what it has seen before.
    steps.push(schedule, release, schedule, release);
  }
  return { nodes: [0, 1, 2].map((i) => withName(node, nodeName(i))), templates, steps };
}

/** Every share of a node's cpu. It has no memory, so that nothing else is in the mean. */
export function everyShare(cpu: number): ClusterHistory {
  return oneByOne(
    nodeOf(cpu, 0),
    Array.from({ length: cpu + 1 }, (_, share) => podOf(share, undefined)),
  );
}

/** Pods whose shares of cpu and memory differ by so much, in every way. */
export function everyImbalance(size: number, difference: number): ClusterHistory {
  const templates: PodTemplate[] = [];
  for (let less = 0; less + difference <= size; less++) {
    templates.push(podOf(less, less + difference), podOf(less + difference, less));
  }
  return oneByOne(nodeOf(size, size), templates);
}

/** Pods that ask for nothing in words, and pods that say nothing. */
export function sayingNothing(): ClusterHistory {
  return oneByOne(nodeOf(1000, 1000), [
    podOf(0, undefined),
    podOf(undefined, 0),
    podOf(undefined, undefined),
    podOf(0, 0),
  ]);
}

/** Nodes that have become smaller than what is on them, and pods of every size that ask for none of what lacks. */
export function everyOvercommitment(cpu: number, memory: number): ClusterHistory {
  const filler: HistoryStep = { kind: "schedule", template: 0, attempt: 1 };
  const shrink = [0, 1].map((node): HistoryStep => ({ kind: "updateNode", node, spec: nodeOf(cpu, memory) }));
  const templates = [
    podOf(10 * cpu, 1),
    ...Array.from({ length: memory - 2 }, (_, size) => podOf(undefined, size)),
  ];
  const steps: HistoryStep[] = [filler, filler, ...shrink];
  for (let template = 1; template < templates.length; template++) {
    const schedule: HistoryStep = { kind: "schedule", template, attempt: 1 };
    steps.push(schedule, { kind: "release", pod: 2 }, schedule, { kind: "release", pod: 2 });
  }
  return { nodes: [0, 1].map((i) => withName(nodeOf(11 * cpu, memory), nodeName(i))), templates, steps };
}

/** Many nodes, one of which is better than all others until it has got some pods. */
export function oneBest(): ClusterHistory {
  const nodes = Array.from({ length: 1100 }, (_, i) =>
    withName(nodeOf(i === 500 ? 4000 : 800, 1000), nodeName(i)),
  );
  const steps = Array.from(
    { length: 40 },
    (): HistoryStep => ({ kind: "schedule", template: 0, attempt: 1 }),
  );
  return { nodes, templates: [podOf(100, 1)], steps };
}

function labelled(app: string, node: number): PodTemplate {
  const nodeSelector = { [HOSTNAME]: nodeName(node) };
  return { name: "pod", object: { kind: "Pod", metadata: { labels: { app } }, spec: { nodeSelector } } };
}

function preferring(weight: number): PodTemplate {
  const preferred = ["most", "some"].map((app) => ({
    weight: app === "most" ? 100 : weight,
    podAffinityTerm: { topologyKey: HOSTNAME, labelSelector: { matchLabels: { app } } },
  }));
  const affinity: Affinity = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
  return { name: "pod", object: { kind: "Pod", spec: { affinity } } };
}

/** A pod that would like to be apart by host and by zone, on the fullest of three nodes: the only one without a taint. Others lack a zone. */
export function ignoredNodes(): ClusterHistory {
  const zones = ["a", "a", "b", undefined, undefined, undefined, undefined];
  const nodes = zones.map((zone, i) => {
    const labels = { ...(zone !== undefined && { [ZONE]: zone }) };
    const taints = [{ key: "spot", effect: "PreferNoSchedule" as const }];
    const { object } = nodeOf(1000, 1000);
    const spec = i === 2 ? {} : { taints };
    return withName({ object: { ...object, metadata: { labels }, spec } }, nodeName(i));
  });
  const topologySpreadConstraints = [HOSTNAME, ZONE].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway" as const,
    labelSelector: { matchLabels: { app: "some" } },
  }));
  const spread: PodTemplate = { name: "pod", object: { kind: "Pod", spec: { topologySpreadConstraints } } };
  const steps = [0, 1, 1, 2, 2, 2].map(
    (template): HistoryStep => ({ kind: "schedule", template, attempt: 1 }),
  );
  return { nodes, templates: [labelled("some", 1), labelled("some", 2), spread], steps };
}

/** Pods that prefer one node by 100, which has a taint, another one by each lesser weight, and a third one by nothing. */
export function everyPreference(): ClusterHistory {
  const weights = Array.from({ length: 99 }, (_, i) => i + 1);
  const templates = [labelled("most", 0), labelled("some", 1), ...weights.map(preferring)];
  const taints = [{ key: "spot", effect: "PreferNoSchedule" as const }];
  const steps: HistoryStep[] = [0, 1].map((template) => ({ kind: "schedule", template, attempt: 1 }));
  for (let template = 2; template < templates.length; template++) {
    const schedule: HistoryStep = { kind: "schedule", template, attempt: 1 };
    steps.push(schedule, { kind: "release", pod: 2 }, schedule, { kind: "release", pod: 2 });
  }
  const nodes = [0, 1, 2].map((i) => {
    const { object } = nodeOf(1000, 1000);
    return withName({ object: { ...object, spec: i === 0 ? { taints } : {} } }, nodeName(i));
  });
  return { nodes, templates, steps };
}
