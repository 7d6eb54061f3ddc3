import { describe, expect, it } from "vitest";
import { parseFeatureGates } from "./parse-feature-gates.ts";

describe("parseFeatureGates", () => {
  it("reads pairs as kube-scheduler's flag does, the last of a gate winning", () => {
    const text = "StorageCapacityScoring=true, VolumeLimitScaling=0,StorageCapacityScoring=F";
    expect(parseFeatureGates(text)).toEqual({ StorageCapacityScoring: false, VolumeLimitScaling: false });
    expect(parseFeatureGates("")).toEqual({});
  });

  it("names every pair that is none, every unknown gate and every locked one", () => {
    const text =
      "StorageCapacityScorin=true,NodeDeclaredFeatures=false,VolumeLimitScaling,PodLevelResources=on";
    expect(() => parseFeatureGates(text)).toThrow(
      [
        'invalid feature gate: "VolumeLimitScaling"; write NAME=true or NAME=false',
        'invalid feature gate: "PodLevelResources=on"; write NAME=true or NAME=false',
        'unknown feature gate: "StorageCapacityScorin", did you mean StorageCapacityScoring?',
        "invalid feature gate: NodeDeclaredFeatures=false, it is locked to true; leave it out",
      ]
        .map((line) => `--feature-gates: ${line}`)
        .join("\n"),
    );
  });
});
