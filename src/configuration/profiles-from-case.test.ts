import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { registry } from "../plugins/registry.ts";
import { profilesFromCase } from "./profiles-of.ts";

const recordings = "../shared/conformance";

interface Case {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly gates?: Readonly<Record<string, boolean>>;
  readonly expected: readonly {
    readonly skippedScore?: readonly string[];
    readonly scores?: Readonly<
      Record<string, Readonly<Record<string, { readonly normalized: number; readonly weighted: number }>>>
    >;
  }[];
}

/** Of every recorded configuration: the plugins that score and their weights are those that the recording shows. */
it.skipIf(!existsSync(recordings))(
  "reads the configuration of every recorded case, with the scores and weights that were recorded",
  () => {
    const differences: string[] = [];
    let cases = 0;
    let weights = 0;
    for (const file of readdirSync(recordings).filter((name) => name.endsWith(".jsonl.gz"))) {
      const seen = new Set<string>();
      for (const line of gunzipSync(readFileSync(`${recordings}/${file}`))
        .toString("utf8")
        .split("\n")) {
        if (line === "") continue;
        const { id, config, gates, expected } = JSON.parse(line) as Case;
        cases++;
        const key = JSON.stringify([config, gates]);
        if (seen.has(key) && file !== "scores-config.jsonl.gz") continue;
        seen.add(key);
        const [profile] = profilesFromCase(config, gates);
        const scoring = new Map(
          profile.plugins
            .filter(({ plugin, weight }) => plugin.score !== undefined && weight !== undefined)
            .map(({ plugin, weight }) => [plugin.name, weight]),
        );
        for (const { scores, skippedScore = [] } of expected) {
          for (const name of scores === undefined ? [] : scoring.keys()) {
            if (scores?.[name] === undefined && !skippedScore.includes(name))
              differences.push(`${id}: no ${name}`);
          }
          for (const [name, byNode] of Object.entries(scores ?? {})) {
            if (registry.get(name)?.make === undefined) continue;
            for (const { normalized, weighted } of Object.values(byNode)) {
              weights++;
              if (normalized * (scoring.get(name) ?? 0) !== weighted) differences.push(`${id}: ${name}`);
            }
          }
        }
      }
    }
    expect(differences).toEqual([]);
    expect(cases).toBeGreaterThan(6000);
    expect(weights).toBeGreaterThan(5000);
  },
);
