import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { arbitraryCrowdedCluster, type CrowdedCluster } from "../testing/arbitrary-preemption.ts";
import type { RecordedCase } from "./recorded-case.ts";
import { recordWithReference } from "./reference-replay.ts";
import { replayCase } from "./replay-case.ts";

const RUNS = Number(process.env["STOWAGE_DIFFERENTIAL_RUNS"] ?? 350);
const SEED = Number(process.env["STOWAGE_DIFFERENTIAL_SEED"] ?? 42);

/** The case as the reference would have recorded it. */
function recordedBy({ objects, pods }: CrowdedCluster): RecordedCase {
  const drawn: RecordedCase = {
    id: "random",
    family: "random",
    config: {},
    objects,
    pods,
    perPlugin: true,
    expected: [],
  };
  return { ...drawn, expected: recordWithReference(drawn) };
}

describe("the default profile of kube-scheduler and the reference", () => {
  it("always record the same of crowded clusters: verdicts, scores, nominated pods, victims, messages", () => {
    const seen = { preempting: 0, several: 0, violating: 0, ineligible: 0, retried: 0, scored: 0, tied: 0 };
    fc.assert(
      fc.property(arbitraryCrowdedCluster, (cluster) => {
        const recorded = recordedBy(cluster);
        const [profile] = profilesFromCase(recorded.config);
        for (const { pod, attempt, differences } of replayCase(recorded, profile)) {
          expect(differences, `${pod}, attempt ${attempt}`).toEqual([]);
        }
        for (const { preemption, postFilterMessage, attempt, outcome, scores } of recorded.expected) {
          const candidates = Object.values(preemption?.candidates ?? {});
          if (preemption) seen.preempting++;
          if (candidates.length > 1) seen.several++;
          if (candidates.some(({ pdbViolations = 0 }) => pdbViolations > 0)) seen.violating++;
          if ((preemption?.tied ?? []).length > 1) seen.tied++;
          if (postFilterMessage?.includes("not eligible")) seen.ineligible++;
          if (attempt > 1 && outcome === "bound") seen.retried++;
          if (scores !== undefined) seen.scored++;
        }
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
    if (process.env["STOWAGE_COVERAGE"] !== undefined) console.log(seen);
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(10);
  }, 600_000);
});
