import { describe, expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";
import { shippedProfile, shippedProfiles } from "./profiles.ts";

describe("shipped profiles", () => {
  it("take pods of higher priority first", () => {
    const { cluster } = drawCluster("node\nn");
    const urgent = cluster.kind({ name: "p", object: { kind: "Pod", spec: { priority: 5 } } });
    const keys = shippedProfiles().map(({ plugins }) =>
      plugins.flatMap(({ plugin }) => plugin.queueSort?.(urgent) ?? []),
    );
    expect(keys).toEqual(shippedProfiles().map(() => [5]));
  });

  it("names the nearest when there is none of the name", () => {
    expect(() => shippedProfile("defualt")).toThrow('unknown policy: "defualt", did you mean default?');
  });
});
