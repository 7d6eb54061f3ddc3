import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { podRequests } from "../kubernetes/pod-requests.ts";
import { readManifestText } from "../kubernetes/read-manifest-text.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import type { Profile } from "../scheduler/profile.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { arbitraries } from "../testing/arbitraries.ts";
import { ExplainedCluster } from "./explain-cluster.ts";
import { situationOfCase } from "./explain-situation.ts";
import { decide } from "./explanation-decision.ts";
import { unplaced } from "./pod-place.ts";
import { isQueueScript, readCases } from "./recorded-case.ts";
import { type SmallestChange, smallestChange } from "./smallest-change.ts";
import { applyChanges, type Change } from "./smallest-change-apply.ts";
import { quantityText } from "./smallest-change-requests.ts";

const SUBSET = fileURLToPath(new URL("testdata/", import.meta.url));
const DEFAULT = shippedProfile("default");

/** Asks the scheduling cycle itself, not the derivation that the search leans on. */
function isPlaced(objects: KubernetesObjects, pod: string, profile: Profile): boolean {
  const world = new ExplainedCluster(objects);
  const { cluster } = world;
  const row = world.rowOf(pod);
  const kind = world.kindOf(row);
  if (profile.plugins.some(({ plugin }) => plugin.preEnqueue?.(kind, objects) !== undefined)) return false;
  return new SchedulingCycle({ cluster, profile, seed: 1 }).run(row, kind, 1).node !== -1;
}

function search(objects: KubernetesObjects, pod: string, profile: Profile = DEFAULT): SmallestChange {
  const isSchedulable = (changed: KubernetesObjects) =>
    decide({ objects: changed, pod, attempt: 1, start: 0 }, profile).record.outcome === "bound";
  return smallestChange({ objects, pod, profile, isSchedulable });
}

/** The same reduction, one unit (a millicore, a byte, a piece) smaller. */
function oneUnitLess(objects: KubernetesObjects, change: Change): Change {
  const pod = objects.pods.find((other) => `pod ${qualifiedName(other)}` === change.subject);
  const lowered = applyChanges(objects, [change]).pods.find(
    (other) => qualifiedName(other) === qualifiedName(pod!),
  );
  const amount = Number(podRequests(lowered!).get(change.field) ?? 0n);
  return { ...change, to: quantityText(change.field, amount + 1) };
}

/** Every object of a small cluster: nodes of all kinds, pods on some of them, and one that waits. */
const arbitraryObjects: fc.Arbitrary<KubernetesObjects> = fc
  .record({
    nodes: arbitraries.nodes(1, 4),
    pods: fc.array(fc.record({ template: arbitraries.podTemplate, on: fc.nat(3) }), { maxLength: 6 }),
    waiting: arbitraries.podTemplate,
  })
  .map(({ nodes, pods, waiting }) => {
    const named = ({ object }: { readonly object: PodObject }, name: string): PodObject => ({
      ...unplaced(object),
      metadata: { ...object.metadata, namespace: "default", name },
    });
    const placed = pods.map(({ template, on }, i): PodObject => {
      const pod = named(template, `p${i}`);
      const nodeName = nodes[on % nodes.length].object.metadata?.name ?? "";
      return { ...pod, spec: { ...pod.spec, nodeName } };
    });
    return {
      ...NO_OBJECTS,
      nodes: nodes.map(({ object }) => object),
      pods: [...placed, named(waiting, "waiting")],
    };
  });

describe("the smallest change", () => {
  it("always makes the pod schedulable, and a smaller reduction of a request never does", () => {
    let found = 0;
    fc.assert(
      fc.property(arbitraryObjects, (objects) => {
        if (isPlaced(objects, "default/waiting", DEFAULT)) return;
        for (const { changes } of search(objects, "default/waiting").sets.slice(0, 3)) {
          found++;
          expect(isPlaced(applyChanges(objects, changes), "default/waiting", DEFAULT)).toBe(true);
        }
        const [first] = search(objects, "default/waiting").sets;
        if (first?.changes.length !== 1 || first.changes[0].kind !== "lower-request") return;
        const less = oneUnitLess(objects, first.changes[0]);
        expect(isPlaced(applyChanges(objects, [less]), "default/waiting", DEFAULT)).toBe(false);
      }),
      { numRuns: 150 },
    );
    expect(found).toBeGreaterThan(20);
  });

  it("always makes a recorded unschedulable pod schedulable, in nearly every recorded case", async () => {
    let unschedulable = 0;
    let helped = 0;
    for (const file of readdirSync(SUBSET).filter((name) => name.endsWith(".gz"))) {
      for (const recorded of (await readCases(`${SUBSET}${file}`)).slice(0, 4)) {
        if (isQueueScript(recorded) || recorded.batching === true) continue;
        const [profile] = profilesFromCase(recorded.config, recorded.gates);
        recorded.expected.slice(0, 8).forEach(({ outcome, pod }, place) => {
          if (outcome !== "unschedulable" && outcome !== "gated") return;
          const situation = situationOfCase(recorded, profile, place);
          const outcomeIn = (objects: KubernetesObjects) =>
            decide({ ...situation, objects }, profile).record.outcome;
          if (outcomeIn(situation.objects) === "bound") return;
          unschedulable++;
          const { objects } = situation;
          const isSchedulable = (changed: KubernetesObjects) => outcomeIn(changed) === "bound";
          const [set] = smallestChange({ objects, pod, profile, isSchedulable }).sets;
          if (set === undefined) return;
          helped++;
          expect(outcomeIn(applyChanges(objects, set.changes))).toBe("bound");
        });
      }
    }
    expect(unschedulable).toBeGreaterThan(60);
    expect(helped / unschedulable).toBeGreaterThan(0.95);
  });

  const node = (name: string, rest = "", spec = "") =>
    `{kind: Node, apiVersion: v1, metadata: {name: ${name}, labels: {zone: ${name}${rest}}}, spec: {${spec}}, status: {allocatable: {cpu: 4, memory: 8Gi, pods: 9}}}`;
  const pod = (name: string, spec: string, requests = "{cpu: 1}") =>
    `{kind: Pod, apiVersion: v1, metadata: {name: ${name}, labels: {app: web}}, spec: {containers: [{name: c, resources: {requests: ${requests}}}], ${spec}}}`;
  const smallest = (...objects: readonly string[]) =>
    search(readManifestText(`---\n${objects.join("\n---\n")}`, "cluster.yaml"), "default/p").sets;
  const words = (...objects: readonly string[]) =>
    smallest(...objects)[0]?.changes.map((change) => change.words);

  it("lowers a request by exactly what is missing", () => {
    expect(words(node("n1"), pod("a", "nodeName: n1"), pod("p", "", "{cpu: 3001m}"))).toEqual([
      "ask for 1m less cpu: 3 instead of 3001m",
    ]);
    expect(words(node("n1"), pod("p", "", "{cpu: 5, memory: 9Gi}"))).toEqual([
      "ask for 1 less cpu: 4 instead of 5",
      "ask for 1Gi less memory: 8Gi instead of 9Gi",
    ]);
  });

  it("tolerates a taint, uncordons a node, or sets the label that the selector asks for", () => {
    expect(words(node("n1", "", "taints: [{key: gpu, value: a, effect: NoExecute}]"), pod("p", ""))).toEqual([
      "let the pod tolerate the taint gpu=a:NoExecute",
    ]);
    expect(words(node("n1", "", "unschedulable: true"), pod("p", ""))).toEqual(["uncordon node n1"]);
    expect(words(node("n1"), pod("p", "nodeSelector: {disk: ssd}"))).toEqual(["label node n1 with disk=ssd"]);
  });

  it("combines changes of one node when one alone does not help", () => {
    const tainted = node("n1", "", "taints: [{key: gpu, effect: NoSchedule}]");
    expect(words(tainted, pod("p", "", "{cpu: 5}"))).toEqual([
      "let the pod tolerate the taint gpu:NoSchedule",
      "ask for 1 less cpu: 4 instead of 5",
    ]);
  });

  it("raises a skew as little as will do", () => {
    const spread =
      "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]";
    const full = node("n2", "", "taints: [{key: gpu, effect: NoSchedule}]");
    const sets = smallest(
      node("n1"),
      full,
      pod("a", "nodeName: n1"),
      pod("b", "nodeName: n1"),
      pod("p", spread),
    );
    expect(sets.map(({ changes }) => changes[0].words)).toContain("allow a skew of 3 instead of 1 over zone");
  });

  it("evicts a pod, and names the budget that does not allow it", () => {
    const port = "hostNetwork: true";
    const holder = (name: string) =>
      `{kind: Pod, apiVersion: v1, metadata: {name: ${name}, labels: {app: web}}, spec: {nodeName: n1, containers: [{name: c, ports: [{hostPort: 80}]}]}}`;
    const wants = `{kind: Pod, apiVersion: v1, metadata: {name: p}, spec: {${port}, containers: [{name: c, ports: [{hostPort: 80}]}]}}`;
    const budget =
      "{kind: PodDisruptionBudget, apiVersion: policy/v1, metadata: {name: keep, namespace: default}, spec: {selector: {matchLabels: {app: web}}}, status: {disruptionsAllowed: 0}}";
    const changes = smallest(node("n1"), holder("a"), wants, budget).map((set) => set.changes[0]);
    expect(changes[0].words).toBe("give up host port 80/TCP of the pod");
    expect(changes.find(({ kind }) => kind === "evict")).toMatchObject({
      words: "evict pod default/a (priority 0) from node n1, which the budget default/keep does not allow",
      budgets: ["default/keep"],
    });
  });

  it("removes all gates of a gated pod", () => {
    const [set] = smallest(node("n1"), pod("p", "schedulingGates: [{name: a}, {name: b}]"));
    expect(set.changes.map((change) => change.words)).toEqual([
      "remove the scheduling gate b from the pod",
      "remove the scheduling gate a from the pod",
    ]);
  });
});
