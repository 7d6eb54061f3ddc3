import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { comparePlugins } from "../decisions/compare-plugins.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { dynamicResources, missingClaim } from "./dynamic-resources.ts";

const FOLDER = "../shared/conformance";
const NAME = "DynamicResources";

describe("missingClaim", () => {
  it("holds a pod back until the claim of its template is made, and until that is there", () => {
    const cluster = new Cluster();
    const reasonFor = (resourceClaimName?: string, uid = "default/p"): string | undefined => {
      const status = {
        resourceClaimStatuses: [{ name: "gpu", ...(resourceClaimName && { resourceClaimName }) }],
      };
      const kind = cluster.kind({
        name: "p",
        object: {
          kind: "Pod",
          metadata: { name: "p" },
          spec: { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "t" }] },
          ...(resourceClaimName !== undefined && { status }),
        },
      });
      const made = {
        kind: "ResourceClaim" as const,
        metadata: { name: "made", ownerReferences: [{ controller: true, uid }] },
      };
      return missingClaim(kind, { ...NO_OBJECTS, resourceClaims: [made] })?.reasons[0];
    };
    expect(reasonFor()).toBe('pod "default/p": ResourceClaim not created yet');
    expect(reasonFor("gone")).toBe('could not find ResourceClaim "default/gone"');
    expect(reasonFor("made")).toBeUndefined();
    expect(reasonFor("made", "other")).toBe(
      "ResourceClaim default/made was not created for Pod default/p (Pod is not owner)",
    );
  });
});

describe.skipIf(!existsSync(FOLDER))(`DynamicResources as recorded, which needs ${FOLDER}`, () => {
  it("decides as kube-scheduler on cases about devices", async () => {
    const compared = await comparePlugins(`${FOLDER}/dynamic-resources.jsonl.gz`, () => [dynamicResources()]);
    const { differences, rejections, passes, scores } = compared.get(NAME)!;
    expect(differences.slice(0, 10)).toEqual([]);
    expect(rejections).toBeGreaterThan(2500);
    expect(passes).toBeGreaterThan(2000);
    expect(scores).toBeGreaterThan(1500);
  });

  it("stays out of everything else, and still scores 0", async () => {
    let scores = 0;
    for (const file of readdirSync(FOLDER).filter(
      (name) => name.endsWith(".jsonl.gz") && !/^(?:dynamic-resources|sampling)/.test(name),
    )) {
      const compared = await comparePlugins(`${FOLDER}/${file}`, () => [dynamicResources()]);
      const comparison = compared.get(NAME);
      if (comparison === undefined) continue;
      expect(comparison.differences.slice(0, 10), file).toEqual([]);
      expect(comparison.scoresNotZero).toBe(0);
      scores += comparison.scores;
    }
    expect(scores).toBeGreaterThan(50_000);
  }, 60_000);
});
