import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { isQueueScript, readCases } from "./recorded-case.ts";
import { replayWithReference } from "./reference-replay.ts";
import { replayCase } from "./replay-case.ts";

/** Errors in filters and dry runs, plugins that are off at one point only, and nominations in a reduced search. */
const FURTHER = fileURLToPath(new URL("testdata/further.jsonl", import.meta.url));
const cases = (await readCases(FURTHER)).flatMap((line) => (isQueueScript(line) ? [] : [line]));

describe("the further recordings of kube-scheduler", () => {
  it.each(cases.map((recorded) => [recorded.id, recorded] as const))("show %s as we do", (_, recorded) => {
    const attempts = [...replayCase(recorded, profilesFromCase(recorded.config, recorded.gates)[0])];
    expect(attempts.flatMap(({ differences }) => differences)).toEqual([]);
    expect(attempts).toHaveLength(recorded.expected.length);
  });

  it.each(cases.map((recorded) => [recorded.id, recorded] as const))(
    "show %s as the reference does",
    (_, recorded) => {
      const attempts = [...replayWithReference(recorded)];
      expect(attempts.flatMap(({ differences }) => differences)).toEqual([]);
    },
  );

  it("hold all that they are there for", () => {
    const records = cases.flatMap(({ expected }) => expected);
    const errors = records.filter(({ outcome }) => outcome === "error");
    expect(errors.filter(({ error }) => error?.startsWith("running Score plugins: "))).not.toEqual([]);
    expect(errors.filter(({ visitStart }) => visitStart !== "n1")).not.toEqual([]);
    expect(
      records.filter(({ absentNodes }) => / .*\[\w+ \w+\]/.test(absentNodes?.reasons?.[0] ?? "")),
    ).not.toEqual([]);
    const dryRuns = records.flatMap(({ preemptionNodes = {} }) => Object.values(preemptionNodes));
    expect(dryRuns.filter(({ code }) => code === "Error")).toHaveLength(3);
  });
});
