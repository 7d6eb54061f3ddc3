import fc from "fast-check";
import { expect, it } from "vitest";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import { checkIndex } from "../scheduler/placement-index/check-index.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { arbitraryRelatedHistory } from "../testing/arbitrary-history.ts";
import { arbitraryKindredHistory, arbitrarySpreadHistory } from "../testing/arbitrary-pressed-history.ts";
import { arbitrarySmallAmounts } from "../testing/arbitrary-small-amounts.ts";
import { twinRuns } from "../testing/arbitrary-twin-rules.ts";
import { DifferentialCases } from "../testing/differential-cases.ts";
import { forcedSample } from "../testing/forced-sample.ts";
import { referencePolicy } from "./reference-policy.ts";

/** Played cases are kept, which bounds how many there can be. */
const RUNS = Math.min(4000, twinRuns(500));

const histories = fc.oneof(
  arbitraryKindredHistory,
  arbitraryRelatedHistory,
  arbitrarySpreadHistory,
  arbitrarySmallAmounts,
);

it("always decides as the slow reference does, with every part of the index as it is when made anew", () => {
  const policies = shippedProfiles().map(({ name }) => referencePolicy(name));
  const cases = new DifferentialCases(RUNS, 11, policies, histories);
  let checked = 0;
  const difference = cases.firstDifference(
    ({ name }) => shippedProfile(name),
    (cluster, profile, { seed, sample }) =>
      new SchedulingCycle({
        cluster,
        profile,
        seed,
        ...(sample !== undefined && { numFeasibleNodesToFind: forcedSample(sample) }),
        placementIndex: {
          atAnyCost: true,
          check: (index, cycle) => {
            checked++;
            checkIndex(index, cycle, { cluster, profile, nominations: undefined });
          },
        },
      }),
  );
  expect(difference).toBeUndefined();
  expect(checked).toBeGreaterThan(RUNS);
}, 3_600_000);
