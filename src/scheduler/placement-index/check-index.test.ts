import { describe, expect, it } from "vitest";
import { AssertionError } from "../../base/assert.ts";
import { Cluster } from "../../cluster/cluster.ts";
import type { PodTemplate } from "../../cluster/specs.ts";
import { shippedProfile } from "../../plugins/profiles.ts";
import type { Cycle } from "../plugin.ts";
import { SchedulingCycle } from "../scheduling-cycle.ts";
import { checkIndex } from "./check-index.ts";
import { checkScoreColumn } from "./check-score-column.ts";
import type { KindIndex } from "./kind-index.ts";
import type { RowIndex } from "./row-index.ts";
import { ScoreColumn } from "./score-column.ts";

const pod: PodTemplate = {
  name: "p",
  object: {
    kind: "Pod",
    metadata: { labels: { app: "web" } },
    spec: {
      containers: [{ resources: { requests: { cpu: "1" } } }],
      topologySpreadConstraints: [
        {
          topologyKey: "zone",
          maxSkew: 1,
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { app: "web" } },
        },
      ],
    },
  },
};

/** An index of spreading pods after some decisions, and a check of it. */
function decided() {
  const cluster = new Cluster();
  const profile = shippedProfile("default");
  for (const [i, zone] of ["a", "a", "b", "b", "b"].entries()) {
    cluster.addNode({
      object: {
        kind: "Node",
        metadata: { name: `n${i}`, labels: { zone } },
        status: { allocatable: { cpu: 4 + i, memory: "8Gi", pods: 9 } },
      },
    });
  }
  let last: { readonly index: KindIndex; readonly cycle: Cycle } | undefined;
  const cycle = new SchedulingCycle({
    cluster,
    profile,
    seed: 1,
    placementIndex: { check: (index, of) => (last = { index, cycle: of }) },
  });
  const kind = cluster.kind(pod);
  for (let row = 0; row < 4; row++) {
    const { node } = cycle.run(row, kind, 1);
    if (row < 3) cluster.assume(row, kind, node, 0);
  }
  const { index, cycle: of } = last!;
  const check = () => checkIndex(index, of, { cluster, profile, nominations: undefined });
  return { cluster, kind, index, rows: index.rows!, check };
}

describe("checkScoreColumn", () => {
  it("names the maximum that is not that of its rows", () => {
    const column = new ScoreColumn(40, 1);
    for (let row = 0; row < 40; row++) column.set(row, row);
    expect(() => checkScoreColumn(column, 1, "rows")).not.toThrow();
    column.scores[35] = 99;
    expect(() => checkScoreColumn(column, 1, "rows")).toThrow("rows: rows 32 to 40: greatest score (I2)");
  });
});

describe("checkIndex", () => {
  it("finds nothing wrong with an index that is right", () => {
    expect(decided().check).not.toThrow();
  });

  it.each<readonly [part: string, harm: (index: KindIndex, rows: RowIndex) => void]>([
    ["row 3, node n3 (I1)", (_, { column }) => column.set(3, 1)],
    ["raw scores of TaintToleration (I1)", (_, { raw }) => raw[0].fill(1, 2, 3)],
    ["rows: feasible rows: bit 4 (I3)", (_, { column }) => column.feasible.set(4, false)],
    ["class of row 1, node n1 (I4)", (index) => index.inspect().classes!.classOf.fill(9, 1, 2)],
    ["classes that have a column (I4)", (index) => index.inspect().columns!.classes.pop()],
  ])("names what is broken: %s", (part, harm) => {
    const { index, rows, check } = decided();
    harm(index, rows);
    expect(check).toThrow(AssertionError);
    expect(check).toThrow(part);
  });

  it("names the log that was not read to its end", () => {
    const { cluster, kind, check } = decided();
    cluster.assume(9, kind, 0, 0);
    expect(check).toThrow("rows: how far changes were read (I7)");
  });
});
