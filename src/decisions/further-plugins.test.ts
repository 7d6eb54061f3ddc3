import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { isQueueScript, readCases } from "./recorded-case.ts";
import { replayWithReference } from "./reference-replay.ts";
import { replayCase } from "./replay-case.ts";

/** What batching takes for equal, claims of ephemeral volumes, and in-tree volumes as their CSI drivers know them. */
const FURTHER = fileURLToPath(new URL("testdata/further-plugins.jsonl", import.meta.url));
const cases = (await readCases(FURTHER)).flatMap((line) => (isQueueScript(line) ? [] : [line]));

describe("the further recordings of batching and of volumes", () => {
  it.each(cases.map((recorded) => [recorded.id, recorded] as const))("show %s as we do", (_, recorded) => {
    const attempts = [...replayCase(recorded, profilesFromCase(recorded.config, recorded.gates)[0])];
    expect(attempts.flatMap(({ differences }) => differences)).toEqual([]);
    expect(attempts).toHaveLength(recorded.expected.length);
  });

  it.each(cases.flatMap((recorded) => (recorded.batching ? [] : [[recorded.id, recorded] as const])))(
    "show %s as the reference does",
    (_, recorded) => {
      const attempts = [...replayWithReference(recorded)];
      expect(attempts.flatMap(({ differences }) => differences)).toEqual([]);
    },
  );

  it("hold all that they are there for", () => {
    const text = JSON.stringify(cases.map(({ expected }) => expected));
    for (const part of [
      "PersistentVolumeClaim had no name",
      "converting volume(",
      "could not translate pv: failed to get region from zones: zone in unexpected format",
      "node(s) didn't match PersistentVolume's node affinity",
      '"nodeHint":"n2"',
    ]) {
      expect(text).toContain(part);
    }
  });
});
