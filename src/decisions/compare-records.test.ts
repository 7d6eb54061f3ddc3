import { describe, expect, it } from "vitest";
import { compareRecords } from "./compare-records.ts";
import type { DecisionRecord } from "./recorded-case.ts";

const BOUND: DecisionRecord = {
  pod: "default/p1",
  attempt: 1,
  outcome: "bound",
  node: "n1",
  preFilterNodes: ["n1", "n2"],
  filter: { n3: { code: "Unschedulable", plugin: "NodePorts", reasons: ["no port"] } },
  filterPerPlugin: { NodePorts: { n3: { code: "Unschedulable", reasons: ["no port"] } } },
  skippedFilter: ["NodeAffinity"],
  skippedScore: ["NodeAffinity"],
  visitStart: "n1",
  feasible: ["n1", "n2"],
  scores: {
    ImageLocality: {
      n1: { raw: 3, normalized: 30, weighted: 60 },
      n2: { raw: 1, normalized: 10, weighted: 20 },
    },
  },
  totals: { n1: 60, n2: 20 },
  best: ["n1"],
  upstreamPick: "n1",
  evaluated: 3,
};

const FAILED: DecisionRecord = {
  pod: "default/p2",
  attempt: 1,
  outcome: "unschedulable",
  preFilter: { code: "UnschedulableAndUnresolvable", plugin: "NodeAffinity", reasons: ["conflict"] },
  absentNodes: { code: "UnschedulableAndUnresolvable", reasons: ["elsewhere"] },
  preEnqueue: { code: "UnschedulableAndUnresolvable", plugin: "SchedulingGates", reasons: ["gate"] },
  message: "0/3 nodes are available: conflict. not found",
  postFilterMessage: "not found",
  error: "broken",
};

function texts(expected: DecisionRecord, change: Partial<DecisionRecord>): string[] {
  return compareRecords(expected, { ...expected, ...change }, { perPlugin: true }).map(({ text }) => text);
}

describe("compareRecords", () => {
  it("finds nothing between equal records", () => {
    expect(texts(BOUND, {})).toEqual([]);
    expect(texts(FAILED, {})).toEqual([]);
  });

  it.each<[Partial<DecisionRecord>, string]>([
    [{ outcome: "error" }, "outcome: expected bound, got error"],
    [{ node: "n2" }, "node: expected n1, got n2"],
    [{ preFilterNodes: ["n1", "n4"] }, "preFilterNodes: n2 expected, not there; n4 not expected, but there"],
    [{ filter: {} }, "filter: node n3: expected Unschedulable by NodePorts (no port), got pass"],
    [
      { filter: { n3: { code: "UnschedulableAndUnresolvable", plugin: "NodePorts", reasons: ["no port"] } } },
      "filter: node n3: expected Unschedulable by NodePorts (no port), got UnschedulableAndUnresolvable by NodePorts (no port)",
    ],
    [
      { filter: { n3: { code: "Unschedulable", plugin: "NodeName", reasons: ["no port"] } } },
      "filter: node n3: expected Unschedulable by NodePorts (no port), got Unschedulable by NodeName (no port)",
    ],
    [
      { filter: { n3: { code: "Unschedulable", plugin: "NodePorts", reasons: ["other"] } } },
      "filter: node n3: expected Unschedulable by NodePorts (no port), got Unschedulable by NodePorts (other)",
    ],
    [
      { filterPerPlugin: { NodePorts: { "*": { code: "Unschedulable", reasons: ["no port"] } } } },
      "filterPerPlugin: plugin NodePorts, PreFilter: expected pass, got Unschedulable (no port)",
    ],
    [{ skippedFilter: [] }, "skippedFilter: NodeAffinity expected, not there"],
    [{ skippedScore: ["NodeAffinity", "X"] }, "skippedScore: X not expected, but there"],
    [{ visitStart: "n2" }, "visitStart: expected n1, got n2"],
    [{ feasible: ["n2", "n1"] }, 'feasible: expected ["n1","n2"], got ["n2","n1"]'],
    [{ scoringSkipped: true }, "scoringSkipped: expected false, got true"],
    [{ totals: { n1: 60, n2: 21 } }, "totals: node n2: expected 20, got 21"],
    [{ best: ["n1", "n2"] }, 'best: expected ["n1"], got ["n1","n2"]'],
    [{ upstreamPick: "n2" }, "upstreamPick: expected n1, got n2"],
    [{ evaluated: 2 }, "evaluated: expected 3, got 2"],
  ])("explains a planted %j", (change, words) => {
    expect(texts(BOUND, change)).toContain(words);
  });

  it.each<[Partial<DecisionRecord>, string]>([
    [{ pod: "default/p3" }, "pod: expected default/p2, got default/p3"],
    [{ attempt: 2 }, "attempt: expected 1, got 2"],
    [
      { preFilter: { code: "Unschedulable", plugin: "NodeAffinity", reasons: ["conflict"] } },
      "preFilter: expected UnschedulableAndUnresolvable by NodeAffinity (conflict), got Unschedulable by NodeAffinity (conflict)",
    ],
    [
      { absentNodes: { code: "UnschedulableAndUnresolvable", reasons: [] } },
      "absentNodes: expected UnschedulableAndUnresolvable (elsewhere), got UnschedulableAndUnresolvable ()",
    ],
    [
      { preEnqueue: { code: "UnschedulableAndUnresolvable", plugin: "SchedulingGates", reasons: ["open"] } },
      "preEnqueue: expected UnschedulableAndUnresolvable by SchedulingGates (gate), got UnschedulableAndUnresolvable by SchedulingGates (open)",
    ],
    [
      { message: "0/2 nodes are available: conflict." },
      "message: expected 0/3 nodes are available: conflict., got 0/2 nodes are available: conflict.",
    ],
    [{ error: "whole" }, "error: expected broken, got whole"],
  ])("explains a planted %j of a failed attempt", (change, words) => {
    expect(texts(FAILED, change)).toContain(words);
  });

  it.each(["raw", "normalized", "weighted"] as const)(
    "names plugin, node and part of a wrong %s score",
    (part) => {
      const n1 = { raw: 3, normalized: 30, weighted: 60, [part]: 99 };
      const scores = { ImageLocality: { ...BOUND.scores?.["ImageLocality"], n1 } };
      expect(texts(BOUND, { scores })).toEqual([
        `scores: plugin ImageLocality, node n1, ${part}: expected ${BOUND.scores?.["ImageLocality"]["n1"][part]}, got 99`,
      ]);
    },
  );

  it("leaves out what PostFilter adds, and plugins that take no part", () => {
    const { postFilterMessage: _text, ...ours } = FAILED;
    const without = new Set(["NodeAffinity", "ImageLocality", "NodePorts"]);
    expect(compareRecords(FAILED, { ...ours, message: "0/3 nodes are available: conflict." })).toEqual([]);
    const bare = { ...BOUND, scores: {}, skippedFilter: [], skippedScore: [], filterPerPlugin: {} };
    expect(compareRecords(BOUND, bare, { without, perPlugin: true })).toEqual([]);
  });

  it("expects upstream's pick where the recording bound it", () => {
    const recorded = { ...BOUND, node: "n2", best: ["n1", "n2"], upstreamPick: "n2" };
    const ours = { ...recorded, node: "n1" };
    expect(compareRecords(recorded, ours, { batching: true })).toEqual([]);
    expect(compareRecords(recorded, ours)).toHaveLength(1);
  });
});
