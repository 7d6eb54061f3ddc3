import { describe, expect, it } from "vitest";
import { shippedProfile } from "../plugins/profiles.ts";
import { readWorkload } from "../workload/read-workload.ts";
import { type CompareOptions, compare } from "./compare.ts";
import { executeInline } from "./execute-inline.ts";
import type { Executor } from "./executor.ts";

async function compared(options: Partial<CompareOptions>) {
  const workloads = (await readWorkload("workloads/bin-packing.yaml")).map((workload) => ({
    ...workload,
    primaryMeasures: ["cpuAllocation", "podsPending"],
  }));
  const ran: string[] = [];
  const execute: Executor = async (plan, runs) => {
    ran.push(...plan.trials.map(({ policy }) => `${plan.policies[policy].name} ${plan.tieBreak ?? "own"}`));
    await executeInline(plan, runs);
  };
  const result = await compare({
    workloads,
    policies: ["default", "random", "best-fit"],
    seeds: [42],
    execute,
    tieSensitivity: true,
    ...options,
  });
  return { result, ran };
}

describe("tie sensitivity", () => {
  it("repeats the experiment under the rules that a policy does not have yet", async () => {
    const { result, ran } = await compared({});
    expect(ran).toEqual([
      "default own",
      "random own",
      "best-fit own",
      "best-fit upstream",
      "default first",
      "default random",
      "best-fit random",
    ]);
    const { tieSensitivity } = result;
    expect([tieSensitivity?.rules, tieSensitivity?.kept, tieSensitivity?.unfinished]).toEqual([
      ["upstream", "first", "random"],
      ["random"],
      [],
    ]);
    expect(result.trials).toHaveLength(3);
    expect(tieSensitivity?.rows.map(({ policy, measure }) => [policy, measure])).toEqual([
      ["random", "podsPending"],
      ["random", "cpuAllocation"],
      ["best-fit", "podsPending"],
      ["best-fit", "cpuAllocation"],
    ]);
    for (const { verdict, under, changes } of tieSensitivity?.rows ?? []) {
      expect(Object.keys(under)).toEqual(["upstream", "first", "random"]);
      expect(changes).toBe(Object.values(under).some((other) => other !== verdict));
    }
  });

  it("has the verdicts that the experiment itself has under the rule", async () => {
    const { result } = await compared({
      policies: ["default", "best-fit"],
      tieBreak: "first",
      seeds: [42, 43],
    });
    const { result: random } = await compared({
      policies: ["default", "best-fit"],
      tieBreak: "random",
      seeds: [42, 43],
      tieSensitivity: false,
    });
    const verdicts = random.comparisons.flatMap(({ row }) => (row.kind === "judged" ? [row.verdict] : []));
    expect(result.tieSensitivity?.rows.map(({ under }) => under.random)).toEqual(verdicts);
    expect(random.tieSensitivity).toBeUndefined();
  });

  it("leaves out rules that an interruption cut off", async () => {
    const controller = new AbortController();
    const { result } = await compared({
      policies: ["default", "best-fit"],
      signal: controller.signal,
      onProgress: (finished) => {
        if (finished === 4) controller.abort();
      },
    });
    expect([result.tieSensitivity?.rules, result.tieSensitivity?.unfinished]).toEqual([
      ["upstream", "first"],
      ["random"],
    ]);
  });

  it("is refused for a part of the trials, and is empty when every policy ranks by its rule alone", async () => {
    await expect(compared({ shard: { i: 1, n: 2 } })).rejects.toThrow("--tie-sensitivity: invalid option");
    const { result } = await compared({ policies: ["random", shippedProfile("first-fit")] });
    expect([result.tieSensitivity?.rules, result.tieSensitivity?.kept]).toEqual([
      [],
      ["random", "first-fit"],
    ]);
  });
});
