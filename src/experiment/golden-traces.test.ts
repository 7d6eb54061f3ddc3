import { describe, expect, it } from "vitest";
import { shippedProfiles } from "../plugins/profiles.ts";
import { readWorkload } from "../workload/read-workload.ts";
import { runTrial } from "./trial.ts";

/**
 * The identity of what is decided, per workload, policy and seed. A digest changes when a decision does: whoever changes
 * one here says in the commit why the new decision is right.
 */
async function digests(file: string, seed: number, policies: readonly string[]): Promise<string[]> {
  const [workload] = await readWorkload(`workloads/${file}`);
  return policies.map((policy) => {
    const profile = shippedProfiles().find(({ name }) => name === policy)!;
    const { result } = runTrial({ workload: workload, profile, policy, seed, replay: "", keepTrace: false });
    return `${policy} ${result.state === "completed" ? result.digest : `${result.cause}: ${result.message}`}`;
  });
}

describe("golden traces", () => {
  it("of bin-packing, every policy", async () => {
    const policies = shippedProfiles().map(({ name }) => name);
    expect(await digests("bin-packing.yaml", 42, policies)).toMatchInlineSnapshot(`
      [
        "default f327091148e9464a",
        "most-allocated 30582b6ebaf10cec",
        "requested-to-capacity-ratio a4369ca0cd9014dd",
        "default-all-nodes ad7e6db5f4ed677e",
        "first-fit fdf7a6b72f516847",
        "random cd65f652f6cd27a7",
        "best-fit 1cd86fb5cdbaf58d",
        "dot-product 0cf90c9e952d84e1",
        "gpu-packing fdf7a6b72f516847",
      ]
    `);
  });

  it.each(["openb.yaml", "steady-churn.yaml", "web-diurnal.yaml", "batch-bursts.yaml"])(
    "of %s",
    async (file) => {
      expect(await digests(file, 42, ["default", "gpu-packing"])).toMatchSnapshot();
    },
  );
});
