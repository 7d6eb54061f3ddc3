import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import { shippedProfile, shippedProfiles } from "../../plugins/profiles.ts";
import {
  arbitraryHistory,
  arbitraryLargeHistory,
  arbitraryRelatedHistory,
} from "../../testing/arbitrary-history.ts";
import { arbitrarySpreadHistory, arbitraryWideHistory } from "../../testing/arbitrary-pressed-history.ts";
import { arbitrarySmallAmounts } from "../../testing/arbitrary-small-amounts.ts";
import { arbitraryTwinRules, twinRuns } from "../../testing/arbitrary-twin-rules.ts";
import { TwinCycles } from "../../testing/twin-cycles.ts";
import { SchedulingCycle } from "../scheduling-cycle.ts";
import { PlacementIndex } from "./placement-index.ts";

const histories = fc.oneof(
  { weight: 30, arbitrary: arbitraryHistory },
  { weight: 40, arbitrary: arbitraryRelatedHistory },
  { weight: 15, arbitrary: arbitrarySpreadHistory },
  { weight: 10, arbitrary: arbitrarySmallAmounts },
  { weight: 4, arbitrary: arbitraryWideHistory },
  { weight: 2, arbitrary: arbitraryLargeHistory },
);

const policies = shippedProfiles().map(({ name }) => name);

describe("PlacementIndex", () => {
  it("always decides as the scan does, whatever happened to the cluster before", () => {
    fc.assert(
      fc.property(arbitraryTwinRules(histories, policies), ({ history, ...rules }) => {
        expect(new TwinCycles(rules, shippedProfile).play(history)).toBeUndefined();
      }),
      { numRuns: twinRuns(2500) },
    );
  }, 3_600_000);

  it("decides itself about a kind that it has seen before", () => {
    const [profile] = shippedProfiles();
    const cluster = new Cluster();
    cluster.addNode({
      object: { kind: "Node", metadata: { name: "n" }, status: { allocatable: { cpu: 1, pods: 9 } } },
    });
    const index = new PlacementIndex(cluster, profile, 1);
    const pod = cluster.kind({ name: "p", object: { kind: "Pod", spec: { containers: [{}] } } });
    const { nodes } = cluster;
    const outcome = new SchedulingCycle({ cluster, profile, seed: 1 }).outcome;
    const decide = () =>
      index.decide({ cycle: { pod, row: 0, nodes, cluster }, start: 0, wanted: 1, attempt: 1, outcome });
    expect(decide()).toBeUndefined();
    expect(decide()).toEqual({ start: 0, looked: 1, found: 1, length: 1 });
    expect(outcome.node).toBe(0);
  });
});
