import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import { type DecisionRecord, isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";
import { type FamilyResult, Verification, type VerifyOptions } from "./verify-cases.ts";

const CONFORMANCE = fileURLToPath(new URL("../../../shared/conformance/", import.meta.url));
const SUBSET = fileURLToPath(new URL("testdata/", import.meta.url));

/** Families of which every attempt is compared whole, and nothing differs. */
const EQUAL = [
  "balanced-allocation",
  "batching",
  "default-preemption",
  "dynamic-resources",
  "fit",
  "image-locality",
  "inter-pod-affinity",
  "mixed",
  "node-affinity",
  "node-declared-features",
  "node-name",
  "node-ports",
  "node-unschedulable",
  "node-volume-limits",
  "nominated-pods",
  "sampling",
  "scheduling-gates",
  "scores-config",
  "sequences",
  "spread-defaults",
  "taints",
  "topology-spread",
  "volume-binding",
  "volume-restrictions",
  "volume-zone",
];

async function casesOf(file: string): Promise<RecordedCase[]> {
  return (await readCases(file)).flatMap((line) => (isQueueScript(line) ? [] : [line]));
}

function verify(cases: readonly RecordedCase[], options: Partial<VerifyOptions> = {}): FamilyResult {
  const verification = new Verification({
    profileOf: ({ config, gates }) => profilesFromCase(config, gates)[0],
    ...options,
  });
  for (const recorded of cases) verification.add(recorded);
  return verification.families[0];
}

describe.each(["index", "scan"] as const)("the committed recordings by %s", (algorithm) => {
  it.each(EQUAL)("of %s are decided as kube-scheduler did", async (family) => {
    const result = verify(await casesOf(`${SUBSET}${family}.jsonl.gz`), { algorithm });
    expect(result.first).toEqual([]);
    expect(result).toMatchObject({ verdict: "equal", differing: 0 });
    expect(result.cases).toBeGreaterThanOrEqual(2);
  });
});

describe.skipIf(!existsSync(CONFORMANCE))("all recordings (skipped where ../shared is absent)", () => {
  it.each(EQUAL)("of %s are decided as kube-scheduler did", async (family) => {
    const cases = await casesOf(`${CONFORMANCE}${family}.jsonl.gz`);
    for (const algorithm of ["index", "scan"] as const) {
      const result = verify(cases, { algorithm });
      expect(result.first, algorithm).toEqual([]);
      expect(result.cases).toBeGreaterThanOrEqual(100);
      expect(result).toMatchObject({ verdict: "equal", differing: 0 });
    }
  });

  it("of batching have nodes that were proposed, and differ without what proposes them", async () => {
    const cases = await casesOf(`${CONFORMANCE}batching.jsonl.gz`);
    const hints = cases.flatMap(({ expected }) => expected.filter(({ nodeHint }) => nodeHint !== undefined));
    expect(hints).toHaveLength(253);
    const { byField } = verify(cases.map((recorded) => ({ ...recorded, batching: false })));
    expect(byField["nodeHint"]).toBe(253);
  });
});

describe("Verification", () => {
  it("asks the reference when told to, and finds what it decides otherwise", async () => {
    const cases = await casesOf(`${SUBSET}fit.jsonl.gz`);
    expect(verify(cases, { algorithm: "reference" })).toMatchObject({ verdict: "equal", differing: 0 });
    const wrong = cases.map((recorded) => ({
      ...recorded,
      expected: recorded.expected.map((record) => ({ ...record, evaluated: 77 })),
    }));
    expect(verify(wrong, { algorithm: "reference" }).byField["evaluated"]).toBeGreaterThan(0);
  });

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

  it("goes by the nominations and victims that were recorded", async () => {
    const cases = (await casesOf(`${SUBSET}nominated-pods.jsonl.gz`)).slice(0, 12);
    const differing = (change: (record: DecisionRecord) => DecisionRecord) =>
      verify(cases.map((recorded) => ({ ...recorded, expected: recorded.expected.map(change) }))).byField;
    const others = differing((record) =>
      record.preemption ? { ...record, preemption: { ...record.preemption, nominatedNode: "n9" } } : record,
    );
    // The recorded nomination is compared, and the retry starts elsewhere without it.
    expect(Object.keys(others)).toEqual(
      expect.arrayContaining(["preemption.nominatedNode", "visitStart", "filter", "evaluated"]),
    );
    const kept = differing((record) =>
      record.preemption ? { ...record, preemption: { ...record.preemption, victims: [] } } : record,
    );
    expect(Object.keys(kept)).toEqual(expect.arrayContaining(["preemption.victims", "outcome", "filter"]));
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
    const verification = new Verification({ profileOf: () => profilesFromCase({})[0] });
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
