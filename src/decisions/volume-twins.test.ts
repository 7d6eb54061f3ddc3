import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { askTwin } from "../reference/asked-twin.ts";
import { referenceDynamicResources } from "../reference/dynamic-resources.ts";
import { referenceNodeVolumeLimits } from "../reference/node-volume-limits.ts";
import type { PromisedClaim, ReferencePlugin } from "../reference/reference-plugin.ts";
import { referenceVolumeBinding } from "../reference/volume-binding.ts";
import { referenceVolumeRestrictions } from "../reference/volume-restrictions.ts";
import { referenceVolumeZone } from "../reference/volume-zone.ts";
import { CaseCluster } from "./case-cluster.ts";
import { isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";
import { RecordedComparison, recordedArgs, standsInPlace } from "./recorded-plugin.ts";
import { referenceClusterOf } from "./recorded-twin.ts";

const families = [
  "volume-restrictions",
  "node-volume-limits",
  "volume-binding",
  "volume-zone",
  "dynamic-resources",
  "mixed",
  "sequences",
];

/** All recordings where they are, and the first cases of each family everywhere. */
const sources = [
  {
    title: "all recordings (skipped when ../shared is absent)",
    folder: "../shared/conformance",
    // Rejections, passes, answers on Skip, scores other than 0.
    least: {
      VolumeRestrictions: [2700, 43_000, 9000, 0],
      NodeVolumeLimits: [3600, 42_000, 9000, 0],
      VolumeBinding: [4100, 41_000, 15_000, 1000],
      VolumeZone: [3400, 42_000, 9000, 0],
      DynamicResources: [2400, 20_000, 15_000, 250],
    },
  },
  {
    title: "the recordings that come with the source",
    folder: "src/decisions/testdata",
    least: {
      VolumeRestrictions: [100, 1000, 300, 0],
      NodeVolumeLimits: [100, 1000, 300, 0],
      VolumeBinding: [100, 1000, 300, 30],
      VolumeZone: [100, 1000, 300, 0],
      DynamicResources: [100, 1000, 300, 10],
    },
  },
] as const;

for (const { title, folder, least } of sources) {
  describe.skipIf(!existsSync(folder))(`volumes and devices of the reference beside ${title}`, () => {
    const comparisons = new Map<string, RecordedComparison>();

    beforeAll(async () => {
      for (const family of families) {
        for (const recorded of await readCases(`${folder}/${family}.jsonl.gz`)) {
          if (!isQueueScript(recorded)) compareCase(recorded, comparisons);
        }
      }
    }, 120_000);

    it.each(Object.entries<readonly number[]>(least))("%s decides as recorded", (name, counts) => {
      const { differences, rejections, passes, skips, scoresNotZero } = comparisons.get(name)!;
      expect(differences.slice(0, 10)).toEqual([]);
      [rejections, passes, skips, scoresNotZero].forEach((count, i) => {
        expect(count).toBeGreaterThanOrEqual(counts[i]);
      });
    });
  });
}

function compareCase(recorded: RecordedCase, comparisons: Map<string, RecordedComparison>): void {
  const twins: Readonly<Record<string, ReferencePlugin>> = {
    VolumeRestrictions: referenceVolumeRestrictions,
    NodeVolumeLimits: referenceNodeVolumeLimits,
    VolumeBinding: referenceVolumeBinding(recordedArgs(recorded, "VolumeBinding")),
    VolumeZone: referenceVolumeZone,
    DynamicResources: referenceDynamicResources,
  };
  const state = new CaseCluster(recorded);
  let promisedClaims: readonly PromisedClaim[] = [];
  for (const record of recorded.expected) {
    const pod = { name: "", object: state.pods[state.row(record.pod)] };
    const cluster = referenceClusterOf(state, promisedClaims);
    for (const [name, twin] of Object.entries(twins)) {
      const comparison = comparisons.get(name) ?? new RecordedComparison();
      comparisons.set(name, comparison);
      comparison.compareGate(twin.preEnqueue?.(pod, cluster.objects), name, record);
      if (record.outcome === "gated") continue;
      const standing = { name, inPlace: standsInPlace(recorded, name) };
      const nodes = cluster.nodes.map((node) => node.name);
      comparison.compare(askTwin(twin, pod, cluster), standing, record, nodes);
    }
    if (record.outcome === "bound") {
      const node = cluster.nodes.find(({ name }) => name === record.node)!;
      let { objects } = cluster;
      for (const twin of Object.values(twins)) {
        const held = twin.reserve?.(pod, node, { ...cluster, objects, promisedClaims });
        ({ objects, promisedClaims } = held ?? { objects, promisedClaims });
      }
      state.cluster.objects = objects;
    }
    state.follow(record);
  }
}
