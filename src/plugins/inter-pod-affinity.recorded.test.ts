import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { comparePlugins } from "../decisions/compare-plugins.ts";
import { recordedArgs } from "../decisions/recorded-plugin.ts";
import { interPodAffinity } from "./inter-pod-affinity.ts";

const FOLDER = "../shared/conformance";
const NAME = "InterPodAffinity";

/** In what is recorded of a family there are at least so many rejections, scored nodes and answers on Skip. */
const FAMILIES: readonly [family: string, rejections: number, scores: number, skips: number][] = [
  ["inter-pod-affinity", 2000, 2000, 1500],
  ["mixed", 300, 2000, 1500],
  ["sequences", 800, 6000, 7000],
  ["scores-config", 0, 1500, 0],
  ["sampling", 0, 0, 500],
  ["default-preemption", 10, 40, 1500],
  ["nominated-pods", 10, 30, 1500],
  ["batching", 0, 0, 2000],
];

describe.skipIf(!existsSync(FOLDER))(`InterPodAffinity as recorded, which needs ${FOLDER}`, () => {
  it.each(FAMILIES)("judges and scores the family %s like kube-scheduler", async (family, ...atLeast) => {
    const compared = await comparePlugins(`${FOLDER}/${family}.jsonl.gz`, (recorded) => [
      interPodAffinity(recordedArgs(recorded, NAME)),
    ]);
    const { differences, rejections, scores, skips } = compared.get(NAME)!;
    expect(differences.slice(0, 10)).toEqual([]);
    [rejections, scores, skips].forEach((count, i) => {
      expect(count, ["rejections", "scores", "skips"][i]).toBeGreaterThanOrEqual(atLeast[i]);
    });
  });
});
