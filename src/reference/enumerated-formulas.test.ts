import { describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { ResourceAmounts } from "../kubernetes/object-meta.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { imageLocality } from "../plugins/image-locality.ts";
import { interPodAffinity } from "../plugins/inter-pod-affinity.ts";
import { nodeResourcesBalancedAllocation } from "../plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit, type ScoringStrategy } from "../plugins/node-resources-fit.ts";
import { podTopologySpread } from "../plugins/pod-topology-spread.ts";
import { taintToleration } from "../plugins/taint-toleration.ts";
import type { NormalizeScore, Plugin } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";

/** The formulas of scores, written here once more as their documentation has them, at every small value instead of some. */

const upTo = (most: number, least = 0): number[] =>
  Array.from({ length: most - least + 1 }, (_, i) => least + i);

function nodeWith(name: string, allocatable: ResourceAmounts): NodeSpec {
  return { object: { kind: "Node", metadata: { name }, status: { allocatable } } };
}

function podWith(requests: ResourceAmounts, spec: PodSpec = {}): PodTemplate {
  return { name: "p", object: { kind: "Pod", spec: { containers: [{ resources: { requests } }], ...spec } } };
}

/** Integer division as Go has it, exact. */
const divided = (a: number, b: number): number => Number(BigInt(a) / BigInt(b));

/** Raw scores of all nodes of a cluster, in the order of their rows. */
function raw(plugin: Plugin, cluster: Cluster, pod: PodTemplate): readonly number[] {
  return scoresOf(plugin, cycleFor(cluster, pod), [...upTo(cluster.nodes.count - 1)])!.raw;
}

function normalized(normalize: NormalizeScore, scores: readonly number[]): number[] {
  const column = Int32Array.from(scores);
  normalize(column, { rows: Uint32Array.from(scores.keys()), length: scores.length });
  return [...column];
}

/** A node for each pair of amounts, each with a pod that holds `held` of both. */
function grid(amounts: readonly number[], held: number): { cluster: Cluster; nodes: [number, number][] } {
  const cluster = new Cluster();
  const nodes = amounts.flatMap((cpu) => amounts.map((memory): [number, number] => [cpu, memory]));
  const holder = cluster.kind(podWith({ cpu: `${held}m`, memory: held }));
  nodes.forEach(([cpu, memory], i) => {
    const row = cluster.addNode(nodeWith(`n${i}`, { cpu: `${cpu}m`, memory, pods: 10 }));
    if (held > 0) cluster.assume(i, holder, row, 0);
  });
  return { cluster, nodes };
}

const BENT = [
  { utilization: 0, score: 10 },
  { utilization: 37, score: 2 },
  { utilization: 70, score: 9 },
  { utilization: 100, score: 0 },
];

function onBentLine(utilization: number): number {
  const next = BENT.findIndex((point) => utilization <= point.utilization);
  if (next === 0) return BENT[0].score * 10;
  const [from, to] = [BENT[next - 1], BENT[next]];
  const rise = (to.score - from.score) * 10 * (utilization - from.utilization);
  return from.score * 10 + divided(rise, to.utilization - from.utilization);
}

const resources = [
  { name: "cpu", weight: 3 },
  { name: "memory", weight: 5 },
];
type Scored = (requested: number, allocatable: number) => number;
const rounded = (sum: number, weights: number): number => divided(2 * sum + weights, 2 * weights);

const strategies: readonly [ScoringStrategy, Scored, (scores: readonly [number, number]) => number][] = [
  [
    { type: "LeastAllocated", resources },
    (r, a) => (r > a ? 0 : divided((a - r) * 100, a)),
    ([cpu, memory]) => divided(3 * cpu + 5 * memory, 8),
  ],
  [
    { type: "MostAllocated", resources },
    (r, a) => divided(Math.min(r, a) * 100, a),
    ([cpu, memory]) => divided(3 * cpu + 5 * memory, 8),
  ],
  [
    { type: "RequestedToCapacityRatio", resources, shape: BENT },
    (r, a) => onBentLine(r > a ? 100 : divided(r * 100, a)),
    ([cpu, memory]) => {
      const weights = (cpu > 0 ? 3 : 0) + (memory > 0 ? 5 : 0);
      return weights === 0 ? 0 : rounded(3 * cpu + 5 * memory, weights);
    },
  ],
];

describe("scores by what is allocated", () => {
  it.each(strategies)("are those of the formula for $type, whatever is asked, held and offered", (...row) => {
    const [strategy, of, together] = row;
    const plugin = nodeResourcesFit({ scoringStrategy: strategy });
    for (const held of [0, 3]) {
      const { cluster, nodes } = grid(upTo(12, 1), held);
      for (const cpu of upTo(13, 1)) {
        for (const memory of upTo(13, 1)) {
          const scores = raw(plugin, cluster, podWith({ cpu: `${cpu}m`, memory }));
          const expected = nodes.map(([a, b]) => together([of(cpu + held, a), of(memory + held, b)]));
          expect(scores, `${cpu} and ${memory} beside ${held}`).toEqual(expected);
        }
      }
    }
  });

  it("are those of the formula for one resource at every utilization", () => {
    const cluster = new Cluster();
    for (const a of upTo(210, 1)) cluster.addNode(nodeWith(`n${a}`, { cpu: `${a}m`, memory: 1, pods: 10 }));
    for (const [strategy, of] of strategies) {
      const plugin = nodeResourcesFit({
        scoringStrategy: { ...strategy, resources: [{ name: "cpu", weight: 1 }] },
      });
      for (const cpu of upTo(215, 1)) {
        const expected = upTo(210, 1).map((a) => of(cpu, a));
        expect(raw(plugin, cluster, podWith({ cpu: `${cpu}m` })), `${strategy.type} ${cpu}`).toEqual(
          expected,
        );
      }
    }
  });

  it("are those of the formula for balance, whatever is asked, held and offered", () => {
    const plugin = nodeResourcesBalancedAllocation();
    const balance = (a: number, b: number): number =>
      Math.trunc((1 - Math.abs((Math.min(a, 1) - Math.min(b, 1)) / 2)) * 100);
    for (const held of [0, 3]) {
      const { cluster, nodes } = grid(upTo(12, 1), held);
      for (const cpu of upTo(13)) {
        for (const memory of upTo(13, cpu === 0 ? 1 : 0)) {
          const expected = nodes.map(([a, b]) => {
            const change = balance((cpu + held) / a, (memory + held) / b) - balance(held / a, held / b);
            return 50 + divided(50 + change, 2);
          });
          const scores = raw(plugin, cluster, podWith({ cpu: `${cpu}m`, memory }));
          expect(scores, `${cpu} and ${memory} beside ${held}`).toEqual(expected);
        }
      }
    }
  });
});

describe("scores by images", () => {
  it("are those of the formula, whatever an image weighs and however many nodes have it", () => {
    const mebibyte = 2 ** 20;
    const sizes = [...upTo(30), ...upTo(2100).filter((size) => size % 37 === 0)];
    for (const total of upTo(5, 1)) {
      const cluster = new Cluster();
      for (const place of upTo(total - 1)) {
        const images = upTo(total, 1)
          .filter((holders) => place < holders)
          .flatMap((holders) =>
            sizes.map((size) => ({ names: [`i${size}-${holders}:v`], sizeBytes: size * mebibyte + 5 })),
          );
        cluster.addNode({ object: { kind: "Node", metadata: { name: `n${place}` }, status: { images } } });
      }
      for (const holders of upTo(total, 1)) {
        for (const size of sizes) {
          for (const containers of [1, 3]) {
            const others = upTo(containers - 1, 1).map((i) => ({ image: `absent-${i}` }));
            const pod = podWith({}, { containers: [{ image: `i${size}-${holders}:v` }, ...others] });
            const spread = Math.trunc((size * mebibyte + 5) * (holders / total));
            const [low, high] = [23 * mebibyte, 1000 * mebibyte * containers];
            const score = divided(100 * (Math.min(Math.max(spread, low), high) - low), high - low);
            const expected = upTo(total - 1).map((place) => (place < holders ? score : 0));
            expect(raw(imageLocality, cluster, pod), `${size} on ${holders} of ${total}`).toEqual(expected);
          }
        }
      }
    }
  });
});

describe("normalised scores", () => {
  it("of taints are those of the formula for all small counts", () => {
    for (const a of upTo(25)) {
      for (const b of upTo(25)) {
        for (const c of upTo(25)) {
          const most = Math.max(a, b, c);
          const expected = [a, b, c].map((s) => (most === 0 ? 100 : 100 - divided(100 * s, most)));
          expect(normalized(taintToleration().normalizeScore!, [a, b, c])).toEqual(expected);
        }
      }
    }
  });

  it("of affinity are those of the formula, which divides first, over every range up to 400", () => {
    const normalize = interPodAffinity().normalizeScore!;
    for (const low of [-150, 0, 37]) {
      for (const range of upTo(400)) {
        const scores = upTo(low + range, low);
        const expected = scores.map((s) => (range === 0 ? 0 : Math.trunc(100 * ((s - low) / range))));
        expect(normalized(normalize, scores)).toEqual(expected);
      }
    }
    expect(normalized(normalize, [0, 29, 57, 58, 100])).toEqual([0, 28, 56, 57, 100]);
  });

  it("of spreading are those of the formula for all small scores, and 0 where a key is missing", () => {
    const { plugin, cluster, pod } = spreading(3, 1);
    cluster.addNode({ object: { kind: "Node", metadata: { name: "keyless" } } });
    const scoring = pluginScore(plugin, cycleFor(cluster, pod))!;
    for (const a of upTo(30)) {
      for (const b of upTo(30)) {
        for (const c of upTo(30)) {
          const [least, most] = [Math.min(a, b, c), Math.max(a, b, c)];
          const expected = [a, b, c].map((s) => (most === 0 ? 100 : divided(100 * (most + least - s), most)));
          expect(normalized(scoring.normalizeScore!, [a, b, c, 77])).toEqual([...expected, 0]);
        }
      }
    }
  });
});

describe("raw scores of spreading", () => {
  it("are those of the formula for every number of pods, nodes in company, and skew", () => {
    for (const maxSkew of [1, 2, 5]) {
      const { plugin, cluster, pod } = spreading(24, maxSkew);
      const cycle = cycleFor(cluster, pod);
      for (const company of upTo(24, 1)) {
        const nodes = upTo(company - 1);
        const expected = nodes.map((pods) => Math.round(pods * Math.log(company + 2) + (maxSkew - 1)));
        expect(scoresOf(plugin, cycle, nodes)!.raw, `${company} nodes, skew ${maxSkew}`).toEqual(expected);
      }
    }
  });
});

/** A pod that is spread softly by host name over nodes of which the n-th, from 0, holds n pods like it. */
function spreading(count: number, maxSkew: number): { plugin: Plugin; cluster: Cluster; pod: PodTemplate } {
  const cluster = new Cluster();
  const labelSelector = { matchLabels: { app: "web" } };
  const topologyKey = "kubernetes.io/hostname";
  const spread = [{ topologyKey, maxSkew, whenUnsatisfiable: "ScheduleAnyway" as const, labelSelector }];
  const pod: PodTemplate = {
    name: "p",
    object: {
      kind: "Pod",
      metadata: { labels: { app: "web" } },
      spec: { topologySpreadConstraints: spread },
    },
  };
  let next = 0;
  for (const place of upTo(count - 1)) {
    const name = `n${place}`;
    const row = cluster.addNode({
      object: { kind: "Node", metadata: { name, labels: { [topologyKey]: name } } },
    });
    for (let pods = 0; pods < place; pods++) cluster.assume(next++, cluster.kind(pod), row, 0);
  }
  return { plugin: podTopologySpread(), cluster, pod };
}
