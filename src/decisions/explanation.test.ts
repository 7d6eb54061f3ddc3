import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { readManifestText } from "../kubernetes/read-manifest-text.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { type Situation, situationOfCase } from "./explain-situation.ts";
import { explain, findPod } from "./explanation.ts";
import { isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";

const SUBSET = fileURLToPath(new URL("testdata/", import.meta.url));

/** Each attempt of some recorded cases, explained. */
async function explainedCases(family: string, most: number) {
  const lines = await readCases(`${SUBSET}${family}.jsonl.gz`);
  const cases = lines.filter((line): line is RecordedCase => !isQueueScript(line)).slice(0, most);
  return cases.flatMap((recorded) => {
    const [profile] = profilesFromCase(recorded.config, recorded.gates);
    return recorded.expected.slice(0, 8).map((expected, place) => {
      const situation = situationOfCase(recorded, profile, place);
      return { expected, explanation: explain({ situation, profile, tieBreak: "first" }) };
    });
  });
}

describe("explain, on recorded cases", () => {
  const families = readdirSync(SUBSET)
    .flatMap((name) => /^(.*)\.jsonl\.gz$/.exec(name)?.[1] ?? [])
    // Batching hints at nodes; devices in flight are known to the replay's own cluster only.
    .filter((name) => !["batching", "dynamic-resources", "sampling"].includes(name));

  it.each(families)("says what kube-scheduler said: %s", async (family) => {
    for (const { expected, explanation } of await explainedCases(family, 3)) {
      if (expected.outcome === "unschedulable") expect(explanation.verdict).toBe(expected.message);
      if (expected.outcome !== "bound") continue;
      expect(explanation.node).toBe(expected.node);
      for (const { plugin, winner } of explanation.choice?.scores ?? []) {
        expect(winner).toMatchObject(expected.scores?.[plugin][expected.node ?? ""] ?? {});
      }
      const rejected = explanation.rejected.flatMap(({ nodes, plugin, reasons }) =>
        nodes.map(({ name }) => [name, plugin, reasons] as const),
      );
      expect(new Map(rejected.map(([name, ...status]) => [name, status]))).toEqual(
        new Map(Object.entries(expected.filter ?? {}).map(([name, s]) => [name, [s.plugin, s.reasons]])),
      );
    }
  });
});

const CLUSTER = `---
{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {allocatable: {cpu: 4, memory: 8Gi, pods: 9}}}
---
{kind: Node, apiVersion: v1, metadata: {name: n2}, status: {allocatable: {cpu: 8, memory: 8Gi, pods: 9}}}
---
{kind: Node, apiVersion: v1, metadata: {name: n3}, spec: {taints: [{key: gpu, effect: NoSchedule}]}, status: {allocatable: {cpu: 8, memory: 8Gi, pods: 9}}}
---
{kind: Pod, apiVersion: v1, metadata: {name: web, namespace: shop}, spec: {containers: [{name: c, resources: {requests: {cpu: 3, memory: 1Gi}}}]}}
`;

function situation(text: string, pod: string): Situation {
  return { objects: readManifestText(text, "cluster.yaml"), pod, attempt: 1, start: 0 };
}

describe("explain", () => {
  const profile = shippedProfile("default");
  const ask = (node: string) => explain({ situation: situation(CLUSTER, "shop/web"), profile, node });

  it("compares the chosen node with the runner-up, plugin by plugin, and the points add up", () => {
    const { node, choice } = ask("n2");
    expect([node, choice?.runnerUp?.node]).toEqual(["n2", "n1"]);
    const sum = choice?.scores.reduce((total, { winner }) => total + winner.weighted, 0);
    expect(sum).toBe(choice?.total);
    const fit = choice?.scores.find(({ plugin }) => plugin === "NodeResourcesFit");
    expect(fit?.winner.parts).toBe("with the pod cpu 3 of 8 (38 %), memory 1Gi of 8Gi (13 %)");
  });

  it("says by how many points a node lost, and to which plugin's score most of them", () => {
    const { asked, choice } = ask("n1");
    expect(asked?.verdict).toBe("lost");
    expect(asked?.behind).toBe((choice?.total ?? 0) - (choice?.runnerUp?.total ?? 0));
    expect(asked?.lines?.reduce((sum, { behind }) => sum + behind, 0)).toBe(asked?.behind);
    expect(asked?.words).toMatch(/^n1 lost by \d+ points .* NodeResources/);
  });

  it("says which plugin rejected a node, what it found there, and what would change that", () => {
    const { asked, smallestChange } = ask("n3");
    expect(asked?.words).toBe(
      "n3 is rejected by TaintToleration: node(s) had untolerated taint(s) (gpu:NoSchedule).",
    );
    expect(smallestChange?.sets[0]).toMatchObject({ changes: [{ kind: "tolerate" }], nodes: ["n3"] });
  });

  it("names the nearest node when there is none of that name", () => {
    expect(() => ask("n33")).toThrow('unknown node: "n33", did you mean n3?');
  });

  it("says where two policies part", () => {
    const diff = shippedProfile("most-allocated");
    const { difference } = explain({ situation: situation(CLUSTER, "shop/web"), profile, diff });
    expect(difference?.sides.map(({ policy, node }) => [policy, node])).toEqual([
      ["default", "n2"],
      ["most-allocated", "n1"],
    ]);
    expect(difference?.parts).toMatchObject({ at: "score", plugin: "NodeResourcesFit" });
    const same = explain({ situation: situation(CLUSTER, "shop/web"), profile, diff: profile });
    expect(same.difference?.parts.at).toBe("nowhere");
  });

  it("says whether a bound pod would come to the same node again", () => {
    const text = situation(CLUSTER, "shop/web");
    expect(explain({ situation: text, profile, standsOn: "n1" })).toMatchObject({ sameNode: false });
    expect(explain({ situation: text, profile, standsOn: "n2" })).toMatchObject({ sameNode: true });
  });

  it("names the nearest pods, and pods of that name elsewhere", () => {
    const { pods } = readManifestText(CLUSTER, "cluster.yaml");
    expect(() => findPod(pods, "shop/wev")).toThrow('unknown pod: "shop/wev", did you mean shop/web?');
    expect(() => findPod(pods, "web")).toThrow('unknown pod: "default/web", did you mean shop/web?');
  });
});
