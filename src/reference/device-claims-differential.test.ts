import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocationsOn, dynamicResources } from "../plugins/dynamic-resources.ts";
import { arbitraryClaimCluster } from "../testing/arbitrary-claims.ts";
import { TwinComparison } from "../testing/twins-with-claims.ts";
import { referenceDynamicResources } from "./dynamic-resources.ts";

/** Cases in one run; a nightly run sets more, and another seed. */
const RUNS = Number(process.env["STOWAGE_DIFFERENTIAL_RUNS"] ?? 2000);
const SEED = Number(process.env["STOWAGE_DIFFERENTIAL_SEED"] ?? 42);

/** How often each situation occurs at least. */
const least = {
  Skip: 400,
  pass: 800,
  score: 200,
  "score of 0": 2000,
  "promised device": 600,
  "promised part of a device": 200,
  "promised device for administration": 30,
  "cannot allocate all claims": 2000,
  "cannot fit resource": 300,
  "invalid resource pools were encountered": 80,
  "resourceclaim not available on the node": 150,
  "PreFilter: could not find ResourceClaim …": 200,
  "PreFilter: resource claim … is in the process of being allocated": 30,
  "PreFilter: resourceclaim … is being deleted": 30,
  "PreFilter: request …: device class nowhere does not exist": 40,
  "PreFilter: pod …: ResourceClaim not created yet": 50,
  "claim … number of requested devices … exceeds the claim limit of 32": 80,
  "claim … request …: asks for all devices, but resource pool … is currently invalid": 40,
  "claim … request …: asks for all devices, but resource pool … is currently being updated": 40,
  "claim … request …: cannot add device … because a claim constraint would not be satisfied": 20,
  "claim … selector #… on device … CEL runtime error: no such key: size…": 15,
  "class …: selector #… on device … CEL runtime error: no such key: size…": 10,
};

describe("DynamicResources beside its reference", () => {
  it("always judges, skips, scores and promises devices alike, and every situation occurs", () => {
    const comparison = new TwinComparison(dynamicResources(), referenceDynamicResources, allocationsOn);
    fc.assert(
      fc.property(arbitraryClaimCluster, (drawn) => {
        expect(comparison.firstDifference(drawn)).toBeUndefined();
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
    expect(comparison.missing(least)).toEqual([]);
  }, 600_000);
});
