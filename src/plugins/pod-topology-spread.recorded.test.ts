import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { comparePlugins } from "../decisions/compare-plugins.ts";
import { recordedArgs } from "../decisions/recorded-plugin.ts";
import { podTopologySpread } from "./pod-topology-spread.ts";

const FOLDER = "../shared/conformance";
const NAME = "PodTopologySpread";

/** In what is recorded of a family there are at least so many rejected nodes, scored nodes and answers on Skip. */
const FAMILIES: readonly [family: string, rejections: number, scores: number, skips: number][] = [
  ["topology-spread", 1500, 1500, 1200],
  ["spread-defaults", 400, 1500, 1200],
  ["mixed", 300, 1500, 1200],
  ["sequences", 900, 9000, 7000],
  ["scores-config", 100, 300, 1000],
  ["sampling", 100, 1000, 400],
  ["batching", 100, 100, 1500],
  ["default-preemption", 5, 10, 1300],
  ["nominated-pods", 5, 10, 1200],
  ["taints", 0, 0, 1500],
  ["node-affinity", 0, 0, 1500],
  ["scheduling-gates", 0, 0, 500],
];

describe.skipIf(!existsSync(FOLDER))(`PodTopologySpread as recorded, which needs ${FOLDER}`, () => {
  it.each(FAMILIES)("judges and scores the family %s like kube-scheduler", async (family, ...atLeast) => {
    const compared = await comparePlugins(`${FOLDER}/${family}.jsonl.gz`, (recorded) => [
      podTopologySpread(
        { defaultConstraints: [], defaultingType: "System", ...recordedArgs(recorded, NAME) },
        { comparisonOperators: recorded.gates?.["TaintTolerationComparisonOperators"] === true },
      ),
    ]);
    const { differences, rejections, scores, skips } = compared.get(NAME)!;
    expect(differences.slice(0, 10)).toEqual([]);
    [rejections, scores, skips].forEach((count, i) => {
      expect(count, ["rejections", "scores", "skips"][i]).toBeGreaterThanOrEqual(atLeast[i]);
    });
  });
});
