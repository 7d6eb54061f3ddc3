import { describe, expect, it } from "vitest";
import { compareRecords } from "./compare-records.ts";
import type { DecisionRecord, RecordedPreemption } from "./recorded-case.ts";

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

const PREEMPTING: DecisionRecord = {
  pod: "default/p3",
  attempt: 1,
  outcome: "unschedulable",
  preemption: {
    nominatedNode: "n1",
    victims: ["default/a", "default/b"],
    candidates: {
      n1: { victims: ["default/a", "default/b"] },
      n2: { victims: ["default/c"], pdbViolations: 1 },
    },
    tied: ["n1"],
    clearedNominations: ["default/d"],
  },
  preemptionNodes: { n3: { code: "UnschedulableAndUnresolvable", reasons: ["no victims"] } },
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
      "message: expected 0/3 nodes are available: conflict. not found, got 0/2 nodes are available: conflict.",
    ],
    [{ error: "whole" }, "error: expected broken, got whole"],
  ])("explains a planted %j of a failed attempt", (change, words) => {
    expect(texts(FAILED, change)).toContain(words);
  });

  it.each<[Partial<RecordedPreemption>, string]>([
    [{ nominatedNode: "n2" }, "preemption.nominatedNode: expected n1, got n2"],
    [
      { victims: ["default/b", "default/a"] },
      'preemption.victims: expected ["default/a","default/b"], got ["default/b","default/a"]',
    ],
    [{ tied: ["n1", "n2"] }, 'preemption.tied: expected ["n1"], got ["n1","n2"]'],
    [{ clearedNominations: [] }, 'preemption.clearedNominations: expected ["default/d"], got []'],
    [
      { candidates: { n1: { victims: ["default/a", "default/b"] }, n2: { victims: ["default/c"] } } },
      "preemption.candidates: node n2, pdbViolations: expected 1, got nothing",
    ],
    [
      { candidates: { n1: { victims: ["default/a", "default/b"] } } },
      'preemption.candidates: node n2, victims: expected ["default/c"], got nothing',
    ],
  ])("explains a planted %j of a preemption", (change, words) => {
    const preemption = { ...PREEMPTING.preemption!, ...change };
    expect(texts(PREEMPTING, { preemption })).toContain(words);
  });

  it("explains a preemption that is missing, and a node that it looked at in vain", () => {
    expect(texts(PREEMPTING, {})).toEqual([]);
    expect(texts(PREEMPTING, { preemption: null })[0]).toMatch(/^preemption: expected {.*}, got null$/);
    expect(texts(PREEMPTING, { preemptionNodes: {} })).toEqual([
      "preemptionNodes: node n3: expected UnschedulableAndUnresolvable (no victims), got pass",
    ]);
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

  it("expects upstream's pick where the recording bound it", () => {
    const recorded = { ...BOUND, node: "n2", best: ["n1", "n2"], upstreamPick: "n2" };
    const ours = { ...recorded, node: "n1" };
    expect(compareRecords(recorded, ours, { batching: true })).toEqual([]);
    expect(compareRecords(recorded, ours)).toHaveLength(1);
  });
});
