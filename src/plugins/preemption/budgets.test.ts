import { describe, expect, it } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import type { PodDisruptionBudgetObject } from "../../kubernetes/cluster-object.ts";
import type { LabelSelector } from "../../kubernetes/label-selector.ts";
import { violatingPods } from "./budgets.ts";

type Status = NonNullable<PodDisruptionBudgetObject["status"]>;

function budget(selector: LabelSelector | undefined, status: Status = {}, namespace = "default") {
  return {
    kind: "PodDisruptionBudget",
    metadata: { name: "b", namespace },
    spec: selector === undefined ? {} : { selector },
    status,
  } as const satisfies PodDisruptionBudgetObject;
}

/** Pods by the labels `app=…`, in the order in which they are asked about; the places of those that violate. */
function violating(budgets: readonly PodDisruptionBudgetObject[], apps: readonly (string | undefined)[]) {
  const cluster = new Cluster();
  cluster.objects = { ...cluster.objects, podDisruptionBudgets: budgets };
  const node = cluster.addNode({ object: { kind: "Node", metadata: { name: "n" } } });
  apps.forEach((app, row) => {
    const metadata = { namespace: "default", ...(app !== undefined && { labels: { app } }) };
    cluster.assume(row, cluster.kind({ name: "p", object: { kind: "Pod", metadata } }), node, 0);
  });
  const rows = apps.map((_, row) => row);
  return [...violatingPods({ cluster, podName: (row) => `p${row}` }, rows)];
}

const web: LabelSelector = { matchLabels: { app: "web" } };
const any: LabelSelector = { matchExpressions: [{ key: "app", operator: "Exists" }] };

describe("disruption budgets", () => {
  it("allow what they allow, to the first that are asked about", () => {
    expect(violating([budget(web, { disruptionsAllowed: 1 })], ["web", "db", "web", "web"])).toEqual([2, 3]);
  });

  it("allow nothing without a status", () => {
    expect(violating([budget(web)], ["web"])).toEqual([0]);
  });

  it("guard their own namespace only", () => {
    expect(violating([budget(web, {}, "other")], ["web"])).toEqual([]);
  });

  it.each<[string, LabelSelector | undefined]>([
    ["an empty", {}],
    ["no", undefined],
    ["an invalid", { matchExpressions: [{ key: "app", operator: "In", values: [] }] }],
  ])("guard nobody with %s selector", (_, selector) => {
    expect(violating([budget(selector)], ["web"])).toEqual([]);
  });

  it("guard no pod without labels", () => {
    const absent: LabelSelector = { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] };
    expect(violating([budget(absent)], [undefined])).toEqual([]);
  });

  it("do not count a pod whose disruption they know of", () => {
    expect(
      violating([budget(web, { disruptedPods: { p0: "2030-01-01T00:00:00Z" } })], ["web", "web"]),
    ).toEqual([1]);
  });

  it("are charged in the order of their list until one is exhausted, so that the order decides", () => {
    const full = budget(any, { disruptionsAllowed: 0 });
    const one = budget(web, { disruptionsAllowed: 1 });
    // Behind the exhausted budget the other is not charged for db, nor for the first web.
    expect(violating([full, one], ["web", "web"])).toEqual([0, 1]);
    const two = budget(any, { disruptionsAllowed: 2 });
    expect(violating([one, two], ["web", "web", "db", "db"])).toEqual([1, 3]);
    expect(violating([two, one], ["web", "web", "db", "db"])).toEqual([1, 2, 3]);
  });
});
