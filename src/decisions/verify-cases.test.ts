import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { registry } from "../plugins/registry.ts";
import { isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";
import { RECORDED_PLUGINS } from "./recorded-plugins.ts";
import { type FamilyResult, Verification, type VerifyOptions } from "./verify-cases.ts";

const CONFORMANCE = fileURLToPath(new URL("../../../shared/conformance/", import.meta.url));
const SUBSET = fileURLToPath(new URL("testdata/", import.meta.url));

/** Families in which nothing differs. */
const EQUAL = [
  "balanced-allocation",
  "batching",
  "default-preemption",
  "image-locality",
  "mixed",
  "node-affinity",
  "node-declared-features",
  "node-name",
  "node-ports",
  "node-unschedulable",
  "scheduling-gates",
  "sequences",
  "spread-defaults",
  "taints",
  "volume-restrictions",
  "volume-zone",
];
/** Quantities near 2^63, at which upstream's integers wrap. */
const HUGE = /"\d+Ei?"|"\d{5,}Pi"|"\d{16,}"/;

const NOT_BUILT = new Set(
  [...RECORDED_PLUGINS].filter(
    (name) => name !== "DefaultPreemption" && registry.get(name)?.make === undefined,
  ),
);

async function casesOf(file: string): Promise<RecordedCase[]> {
  return (await readCases(file)).flatMap((line) => (isQueueScript(line) ? [] : [line]));
}

function verify(cases: readonly RecordedCase[], options: Partial<VerifyOptions> = {}): FamilyResult {
  const verification = new Verification({
    profileOf: ({ config, gates }) => profilesFromCase(config, gates)[0],
    notBuilt: NOT_BUILT,
    ...options,
  });
  for (const recorded of cases) verification.add(recorded);
  return verification.families[0];
}

describe("the committed recordings", () => {
  it.each(EQUAL)("of %s are decided as kube-scheduler did", async (family) => {
    const result = verify(await casesOf(`${SUBSET}${family}.jsonl.gz`));
    expect(result.first).toEqual([]);
    expect(result.compared).toBeGreaterThan(40);
    expect(result.verdict).not.toBe("differs");
  });
});

describe.skipIf(!existsSync(CONFORMANCE))("all recordings (skipped where ../shared is absent)", () => {
  it.each(EQUAL)("of %s are decided as kube-scheduler did", async (family) => {
    const result = verify(await casesOf(`${CONFORMANCE}${family}.jsonl.gz`));
    expect(result.first).toEqual([]);
    expect(result.cases).toBeGreaterThanOrEqual(100);
    expect(result.compared).toBeGreaterThan(1000);
  });

  it("of fit are decided as kube-scheduler did where no quantity is near 2^63", async () => {
    const cases = await casesOf(`${CONFORMANCE}fit.jsonl.gz`);
    const result = verify(cases.filter(({ objects, pods }) => !HUGE.test(JSON.stringify([objects, pods]))));
    expect(result.first).toEqual([]);
    expect(result.cases).toBeGreaterThan(250);
  });
});

describe("Verification", () => {
  const taints = casesOf(`${SUBSET}taints.jsonl.gz`);
  const spoiled = async () =>
    (await taints).map((recorded) => ({
      ...recorded,
      expected: recorded.expected.map((record, i) => (i === 1 ? { ...record, evaluated: 77 } : record)),
    }));

  it("counts and explains what differs, and goes on as recorded", async () => {
    const result = verify(await spoiled());
    const spoiledOnes = (await taints).filter(({ expected }) => expected.length > 1).length;
    expect(result.verdict).toBe("differs");
    expect(result.differing).toBe(spoiledOnes);
    expect(result.byField).toEqual({ evaluated: spoiledOnes });
    expect(result.first[0]).toMatch(/^taints-1-\d+, default\/p2, attempt 1: evaluated: expected 77, got /);
    expect(result.first).toHaveLength(5);
  });

  it("stops at the first attempt that differs when asked to", async () => {
    const result = verify(await spoiled(), { failFast: true });
    expect(result).toMatchObject({ cases: 1, attempts: 2, differing: 1 });
  });

  it("says what it did not compare", async () => {
    const left = "TaintToleration's own verdicts, scores and Skip: the plugin is not built";
    const result = verify(await taints, { notBuilt: new Set([...NOT_BUILT, "TaintToleration"]) });
    expect(result.notCompared[left]).toBeGreaterThan(50);
    expect(result.verdict).toBe("partly");
    expect(Object.keys(verify(await taints).notCompared)).not.toContain(left);
  });

  it("hands over our own records in the place of those expected", async () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const cases = await taints;
    verify(cases, { onActual: (line) => lines.push(line) });
    expect(lines.map((line) => line["id"])).toEqual(cases.map(({ id }) => id));
    expect(lines[0]).not.toHaveProperty("expected");
    expect(lines[0]).toMatchObject({ id: cases[0].id });
  });

  it("replays scripts of the queue, and tells the step that differs", () => {
    const verification = new Verification({ profileOf: () => profilesFromCase({})[0], notBuilt: NOT_BUILT });
    const observation = { active: [], backoff: [], unschedulable: [], inFlight: [], cycle: 1 };
    verification.addScript({
      id: "one",
      family: "made-up",
      config: {},
      objects: null,
      steps: [{ t: 0, op: "advance" }],
      expected: [observation],
    });
    expect(verification.families).toMatchObject([
      { family: "queue/made-up", differing: 1, verdict: "differs" },
    ]);
    expect(verification.families[0].first).toEqual(["one, step 0 (advance): cycle: expected 1, got 0"]);
  });
});
