import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { comparePlugins } from "../decisions/compare-plugins.ts";
import type { RecordedCase } from "../decisions/recorded-case.ts";
import { recordedArgs } from "../decisions/recorded-plugin.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { nodeDeclaredFeatures } from "./node-declared-features.ts";
import { nodeVolumeLimits } from "./node-volume-limits.ts";
import { volumeBinding } from "./volume-binding.ts";
import { volumeRestrictions } from "./volume-restrictions.ts";
import { volumeZone } from "./volume-zone.ts";

const FOLDER = "../shared/conformance";

/** In what is recorded of a family each plugin rejects so often at least, and VolumeBinding scores other than 0. */
const FAMILIES: readonly [family: string, rejections: Readonly<Record<string, number>>, scores: number][] = [
  ["node-declared-features", { NodeDeclaredFeatures: 2400 }, 0],
  ["volume-restrictions", { VolumeRestrictions: 2600, NodeVolumeLimits: 250 }, 0],
  ["volume-zone", { VolumeZone: 3400 }, 0],
  ["node-volume-limits", { NodeVolumeLimits: 3200 }, 0],
  ["volume-binding", { VolumeBinding: 3900, NodeVolumeLimits: 70, VolumeZone: 30 }, 1000],
  ["mixed", {}, 0],
  ["sequences", {}, 0],
];

function pluginsOf(recorded: RecordedCase): Plugin[] {
  return [
    nodeDeclaredFeatures,
    volumeRestrictions,
    volumeZone,
    nodeVolumeLimits,
    volumeBinding(recordedArgs(recorded, "VolumeBinding")),
  ];
}

describe.skipIf(!existsSync(FOLDER))(`Volume plugins as recorded, which needs ${FOLDER}`, () => {
  it.each(FAMILIES)(
    "judge and score the family %s like kube-scheduler",
    async (family, least, scores) => {
      const compared = await comparePlugins(`${FOLDER}/${family}.jsonl.gz`, pluginsOf);
      expect(compared.size).toBe(5);
      for (const [name, { differences, rejections, passes, skips }] of compared) {
        expect(differences.slice(0, 10), name).toEqual([]);
        expect(rejections, name).toBeGreaterThanOrEqual(least[name] ?? 0);
        expect(passes, name).toBeGreaterThanOrEqual(1500);
        expect(skips, name).toBeGreaterThanOrEqual(900);
      }
      expect(compared.get("VolumeBinding")!.scoresNotZero).toBeGreaterThanOrEqual(scores);
    },
    60_000,
  );
});
