import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../base/errors.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { Nominations } from "./nominations.ts";
import { definePlugin, zeroForEveryNode } from "./plugin.ts";
import { defineProfile } from "./profile.ts";
import { SchedulingCycle } from "./scheduling-cycle.ts";
import { keepWhere } from "./selection.ts";

type Verdict = "passes" | "rejected" | "fails";

/** A cycle whose filter gives each node, by row, such a verdict. */
function cycleOver(
  verdicts: readonly Verdict[],
  sample: number,
  algorithm: "index" | "scan",
  nominated = -1,
) {
  const { cluster } = drawCluster(
    `node  cpu\n${verdicts.map((_, node) => `${`n${node}`.padEnd(6)}0/4`).join("\n")}`,
  );
  const plugin = definePlugin({
    name: "Moody",
    filter: () =>
      keepWhere((node) => {
        if (verdicts[node] === "fails")
          throw new InvariantViolation(`running "Moody" filter plugin: n${node}`);
        return verdicts[node] === "passes";
      }),
    score: () => zeroForEveryNode,
  });
  const nominations = new Nominations();
  const kind = cluster.kind({ name: "p", object: { kind: "Pod", spec: {} } });
  if (nominated !== -1) nominations.nominate(0, kind, nominated);
  const cycle = new SchedulingCycle({
    cluster,
    profile: defineProfile({ name: "moody", plugins: [{ plugin }] }),
    seed: 1,
    algorithm,
    nominations,
    numFeasibleNodesToFind: () => sample,
  });
  return { cycle, run: () => cycle.run(0, kind, 1) };
}

describe("NodeSearch", () => {
  it("goes on after an error at the node that failed", () => {
    const { cycle, run } = cycleOver(["passes", "rejected", "fails", "passes"], 4, "scan");
    expect(run).toThrow("n2");
    expect(cycle.nextStart).toBe(2);
    expect(run).toThrow("n2");
    expect(cycle.nextStart).toBe(2);
  });

  it("does not come to a failing node behind the last one wanted", () => {
    const { cycle, run } = cycleOver(["passes", "passes", "fails"], 1, "scan");
    expect(run()).toMatchObject({ node: 0, feasible: 1, evaluated: 1 });
    expect(cycle.nextStart).toBe(1);
  });

  it("forgets the error of a node tried first, and counts its rejection", () => {
    const failing = cycleOver(["passes", "passes", "passes", "fails"], 2, "scan", 3);
    expect(failing.run()).toMatchObject({ feasible: 2, evaluated: 2 });
    const rejecting = cycleOver(["passes", "passes", "passes", "rejected"], 2, "scan", 3);
    expect(rejecting.run()).toMatchObject({ feasible: 2, evaluated: 3 });
  });

  it.each(["scan", "index"] as const)(
    "always stops where a search node by node would, by %s",
    (algorithm) => {
      const verdict = fc.constantFrom<Verdict>("passes", "passes", "passes", "rejected", "fails");
      fc.assert(
        fc.property(
          fc.array(verdict, { minLength: 1, maxLength: 90 }),
          fc.integer({ min: 1, max: 5 }),
          (verdicts, sample) => {
            const { cycle, run } = cycleOver(verdicts, sample, algorithm);
            let start = 0;
            for (let attempt = 0; attempt < 4; attempt++) {
              const feasible: number[] = [];
              let looked = 0;
              let failed = false;
              while (looked < verdicts.length) {
                const node = (start + looked) % verdicts.length;
                failed = verdicts[node] === "fails";
                if (failed || (verdicts[node] === "passes" && feasible.length === sample)) break;
                if (verdicts[node] === "passes") feasible.push(node);
                looked++;
              }
              start = (start + looked) % verdicts.length;
              if (failed) expect(run).toThrow(`n${start}`);
              else expect(run()).toMatchObject({ feasible: feasible.length, evaluated: looked });
              expect(cycle.nextStart).toBe(start);
            }
          },
        ),
        { numRuns: 200 },
      );
    },
  );
});
