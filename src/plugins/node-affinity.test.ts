import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { NodeSelectorTerm, PreferredSchedulingTerm } from "../kubernetes/node-selector.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { nodeAffinity } from "./node-affinity.ts";

const { cluster, row } = drawCluster(`
node  labels
n1    disk=ssd,rank=1
n2    disk=hdd,rank=10
n3    rank=x
`);

function pod(spec: PodSpec): PodTemplate {
  return { name: "p", object: { kind: "Pod", spec } };
}

function requiring(...nodeSelectorTerms: NodeSelectorTerm[]): PodTemplate {
  return pod({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });
}

function preferring(...terms: PreferredSchedulingTerm[]): PodTemplate {
  return pod({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms } } });
}

function passing(template: PodTemplate): string[] {
  const rows = rowsThatPass(nodeAffinity(), cycleFor(cluster, template), [...cluster.nodes.order]);
  return rows.map((node) => cluster.nodes.name(node));
}

describe("NodeAffinity", () => {
  it.each<[string, PodTemplate, string[]]>([
    ["nothing", pod({}), ["n1", "n2", "n3"]],
    ["a node selector", pod({ nodeSelector: { disk: "ssd" } }), ["n1"]],
    ["no term at all", requiring(), []],
    ["an empty term", requiring({}), []],
    [
      "NotIn, which a missing key satisfies",
      requiring({ matchExpressions: [{ key: "disk", operator: "NotIn", values: ["ssd"] }] }),
      ["n2", "n3"],
    ],
    [
      "Gt, which compares numbers",
      requiring({ matchExpressions: [{ key: "rank", operator: "Gt", values: ["5"] }] }),
      ["n2"],
    ],
    [
      "one term that does not parse and one that does",
      requiring(
        { matchExpressions: [{ key: "rank", operator: "Gt", values: ["1.5"] }] },
        { matchFields: [{ key: "metadata.name", operator: "In", values: ["n3"] }] },
      ),
      ["n3"],
    ],
  ])("keeps the nodes that satisfy %s", (_, template, expected) => {
    expect(passing(template)).toEqual(expected);
  });

  it("says so of a node it rejects", () => {
    expect(
      nodeAffinity().judge?.(cycleFor(cluster, pod({ nodeSelector: { disk: "ssd" } })))?.(row("n2")),
    ).toEqual({
      code: "UnschedulableAndUnresolvable",
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    });
  });

  it("rejects at once a pod whose terms name no common node", () => {
    const named = (name: string) => ({ key: "metadata.name", operator: "In" as const, values: [name] });
    const conflict = requiring({ matchFields: [named("n1"), named("n2")] });
    expect(nodeAffinity().preFilter?.(cycleFor(cluster, conflict))).toEqual({
      rejected: { code: "UnschedulableAndUnresolvable", reasons: ["pod affinity terms conflict"] },
    });
    // One term without a name, and any node may do.
    const open = requiring(
      { matchFields: [named("n1")] },
      { matchExpressions: [{ key: "disk", operator: "Exists" }] },
    );
    expect(nodeAffinity().preFilter?.(cycleFor(cluster, open))).toBeUndefined();
  });

  it("adds up the weights of preferred terms that match", () => {
    const template = preferring(
      { weight: 2, preference: { matchExpressions: [{ key: "disk", operator: "Exists" }] } },
      { weight: 5, preference: { matchExpressions: [{ key: "disk", operator: "In", values: ["hdd"] }] } },
      { weight: 0, preference: { matchExpressions: [{ key: "rank", operator: "Exists" }] } },
    );
    const scores = scoresOf(nodeAffinity(), cycleFor(cluster, template), ["n1", "n2", "n3"].map(row));
    expect(scores?.raw).toEqual([2, 7, 0]);
    expect(scores?.normalized).toEqual([28, 100, 0]);
  });

  it("fails the cycle on a preferred term that does not parse", () => {
    const template = preferring({
      weight: 1,
      preference: { matchExpressions: [{ key: "rank", operator: "Gt", values: ["1.5"] }] },
    });
    expect(() => nodeAffinity().score?.(cycleFor(cluster, template))).toThrow(
      'running PreScore plugin "NodeAffinity": [0].matchExpressions[0].values[0]: Invalid value: "1.5"',
    );
  });

  const exists = (key: string) => ({ matchExpressions: [{ key, operator: "Exists" as const }] });

  it("adds the affinity of its args to every pod's own", () => {
    const plugin = nodeAffinity({
      addedAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [exists("disk")] },
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 3, preference: exists("disk") }],
      },
    });
    const all = ["n1", "n2", "n3"].map(row);
    const selecting = cycleFor(cluster, pod({ nodeSelector: { disk: "ssd" } }));
    expect(rowsThatPass(plugin, selecting, all)).toEqual([row("n1")]);
    expect(all.map((node) => plugin.judge?.(selecting)?.(node)?.reasons)).toEqual([
      undefined,
      ["node(s) didn't match Pod's node affinity/selector"],
      ["node(s) didn't match scheduler-enforced node affinity"],
    ]);
    expect(rowsThatPass(plugin, cycleFor(cluster, pod({})), all)).toEqual([row("n1"), row("n2")]);
    const preference = preferring({ weight: 4, preference: exists("rank") });
    expect(scoresOf(plugin, cycleFor(cluster, preference), all)?.raw).toEqual([7, 7, 4]);
  });

  it("refuses an added affinity that does not parse", () => {
    const bad = { matchExpressions: [{ key: "rank", operator: "Gt" as const, values: ["1.5"] }] };
    expect(() =>
      nodeAffinity({
        addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [bad] } },
      }),
    ).toThrow("invalid addedAffinity: nodeSelectorTerms[0].matchExpressions[0].values[0]");
  });
});
