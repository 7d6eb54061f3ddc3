import { describe, expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";
import type { Plugin, PostFilterResult } from "./plugin.ts";
import type { PostFilterOutcome } from "./post-filter.ts";
import { defineProfile } from "./profile.ts";
import { SchedulingCycle } from "./scheduling-cycle.ts";
import { unschedulable } from "./status.ts";

const nothingFits: Plugin = {
  name: "NothingFits",
  filter: () => (candidates) => {
    candidates.length = 0;
  },
  judge: () => () => unschedulable("full"),
};

const words = (text: string) => () => text;

function outcomeOf(...results: (PostFilterResult | undefined)[]): PostFilterOutcome | undefined {
  const { cluster } = drawCluster("node\nn1\nn2");
  const plugins = results.map((result, i): { plugin: Plugin } => ({
    plugin: { name: `p${i}`, postFilter: () => result },
  }));
  const profile = defineProfile({ name: "test", plugins: [{ plugin: nothingFits }, ...plugins] });
  const cycle = new SchedulingCycle({ cluster, profile, seed: 1 });
  cycle.run(0, cluster.kind({ name: "p", object: { kind: "Pod" } }), 1);
  return cycle.postFilter();
}

describe("PostFilter", () => {
  it("is nothing without a plugin for it", () => {
    expect(outcomeOf()).toBeUndefined();
  });

  it("is nothing without nodes", () => {
    const { cluster } = drawCluster("node");
    const plugin: Plugin = { name: "p", postFilter: () => ({ code: "Success", message: words("done") }) };
    const profile = defineProfile({ name: "test", plugins: [{ plugin }] });
    const cycle = new SchedulingCycle({ cluster, profile, seed: 1 });
    cycle.run(0, cluster.kind({ name: "p", object: { kind: "Pod" } }), 1);
    expect(cycle.postFilter()).toBeUndefined();
  });

  it("goes on after plain Unschedulable, and adds up the words and the last nomination", () => {
    const outcome = outcomeOf(
      { code: "Unschedulable", message: words("a"), nominate: 0 },
      undefined,
      { code: "Unschedulable", message: words("") },
      { code: "Unschedulable", message: words("b") },
    );
    expect([outcome?.nominate, outcome?.message()]).toEqual([0, "a, b"]);
  });

  it("ends at the first success, which alone is told", () => {
    const outcome = outcomeOf(
      { code: "Unschedulable", message: words("a"), nominate: -1 },
      { code: "Success", message: words("b"), nominate: 1 },
      { code: "Unschedulable", message: words("c"), nominate: 0 },
    );
    expect([outcome?.nominate, outcome?.message()]).toEqual([1, "b"]);
  });

  it("leaves the nomination alone after an error", () => {
    const outcome = outcomeOf({ code: "Error", message: words("broken"), nominate: 1 });
    expect([outcome?.nominate, outcome?.message()]).toEqual([undefined, "broken"]);
  });

  it("tells plugins the verdict on each node, and whether another one ended PreFilter first", () => {
    const { cluster } = drawCluster("node\nn1\nn2");
    const seen: unknown[] = [];
    const ends: Plugin = {
      name: "Ends",
      preFilter: () => ({ rejected: { code: "UnschedulableAndUnresolvable", reasons: ["no"] } }),
    };
    const late: Plugin = {
      name: "Late",
      preFilter: () => undefined,
      postFilter(cycle) {
        seen.push(cycle.verdictOn(0), cycle.ranPreFilter("Late"), cycle.ranPreFilter("Ends"));
        return undefined;
      },
    };
    const run = (...plugins: Plugin[]) => {
      const profile = defineProfile({ name: "test", plugins: plugins.map((plugin) => ({ plugin })) });
      const cycle = new SchedulingCycle({ cluster, profile, seed: 1 });
      cycle.run(0, cluster.kind({ name: "p", object: { kind: "Pod" } }), 1);
      cycle.postFilter();
    };
    run(ends, late);
    run(late, nothingFits);
    expect(seen).toEqual([
      { code: "UnschedulableAndUnresolvable", reasons: ["no"] },
      false,
      true,
      { code: "Unschedulable", reasons: ["full"] },
      true,
      false,
    ]);
  });
});
