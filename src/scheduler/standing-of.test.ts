import { describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { Cycle, Plugin } from "./plugin.ts";
import { keepWhere } from "./selection.ts";
import type { Standing } from "./standing.ts";
import { standingOf } from "./standing-of.ts";

const cluster = new Cluster();
const pod = cluster.kind({ name: "p", object: { kind: "Pod", spec: { containers: [{}] } } });
const cycle: Cycle = { pod, row: 0, nodes: cluster.nodes, cluster };

const filter: Plugin["filter"] = () => keepWhere((node) => node > 0);
const score: Plugin["score"] = () => undefined;
const standing: Standing = {
  refresh: () => true,
  filters: true,
  scores: false,
  facts: undefined,
  passes: (node) => node > 0,
  score: () => {},
};
const plugin: Plugin = {
  name: "Odd",
  filter,
  score,
  standing: { insteadOf: { filter, score }, of: () => standing },
};

describe("standingOf", () => {
  it("stands for a plugin with the members that it was made for, and for parts of it", () => {
    const { score: _, ...filtering } = plugin;
    expect(standingOf(plugin, cycle)).toBe(standing);
    expect(standingOf(filtering, cycle)).toBe(standing);
  });

  it("stands for no plugin with other members in their place", () => {
    const { standing: _, ...without } = plugin;
    expect(standingOf({ ...plugin, filter: () => undefined }, cycle)).toBeUndefined();
    expect(standingOf({ ...plugin, score: () => undefined }, cycle)).toBeUndefined();
    expect(standingOf({ ...plugin, normalizeScore: () => {} }, cycle)).toBeUndefined();
    expect(standingOf({ ...plugin, preFilter: () => undefined }, cycle)).toBeUndefined();
    expect(standingOf(without, cycle)).toBeUndefined();
  });
});
