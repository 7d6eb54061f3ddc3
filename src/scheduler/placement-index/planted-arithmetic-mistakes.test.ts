import { afterAll, describe, expect, it } from "vitest";
import { shippedProfiles } from "../../plugins/profiles.ts";
import { sourceMistake as mistake, type SourceMistake } from "../../testing/plant-in-source.ts";
import { TwinCases } from "../../testing/twin-cases.ts";

const INDEX = "scheduler/placement-index";
const SPREAD = "plugins/topology-spread";
const AFFINITY = "plugins/pod-affinity";

/** In what is searched, scored and counted. */
const ofSearch: readonly SourceMistake[] = [
  mistake(
    "the best of a class is looked for outside of the window",
    `${INDEX}/class-search.ts`,
    "column.best(start, end, cell);",
    "column.best(0, length, cell);",
  ),
  mistake(
    "the next search starts one node too far",
    "scheduler/scheduling-cycle.ts",
    "this.#start = (start + window.looked) % all;",
    "this.#start = (start + window.looked + 1) % all;",
  ),
  mistake(
    "minDomains is ignored",
    `${SPREAD}/spread-standing.ts`,
    "counts.keys[i].values.length < minDomains ? 0 :",
    "counts.keys[i].values.length < minDomains - 99 ? 0 :",
  ),
  mistake(
    "a pod that matches itself may go anywhere though others are there",
    `${AFFINITY}/required-counts.ts`,
    "(this.#affinity.entries === 0 && this.#relation.matchesItself)",
    "this.#relation.matchesItself",
  ),
  mistake(
    "anti-affinity of the pods that are there is read only for pods with terms of their own",
    `${AFFINITY}/affinity-standing.ts`,
    "const required = this.#requires || others;",
    "const required = this.#requires;",
  ),
  mistake(
    "required affinity of the pods that are there weighs nothing",
    `${AFFINITY}/preferred-contributions.ts`,
    "weight: hardPodAffinityWeight }",
    "weight: 0 }",
  ),
  mistake(
    "a single feasible node is scored",
    `${INDEX}/placement-index.ts`,
    `} else if (window.found === 1) {
      outcome.tied = 1;
      outcome.node = cycle.nodes`,
    `} else if (window.found === -1) {
      outcome.tied = 1;
      outcome.node = cycle.nodes`,
  ),
  mistake(
    "nodes that scoring ignores count as hosts",
    `${SPREAD}/spread-score.ts`,
    "if (!this.#isIgnored(rows[i])) domains +=",
    "domains +=",
  ),
  mistake(
    "nodes that scoring ignores count as domains",
    `${SPREAD}/spread-score.ts`,
    "if (ignores && this.#isIgnored(rows[i])) continue;\n      const value",
    "const value",
  ),
  mistake(
    "a node stays in its class when a pod comes to it",
    `${INDEX}/kind-index.ts`,
    "    classes.classify(row, node);\n    this.#columns",
    "    this.#columns",
  ),
  mistake(
    "pods count on nodes that the constraint leaves out",
    `${SPREAD}/spread-counts.ts`,
    "carriesAll[node] === 1 && included[node] === 1 ?",
    "carriesAll[node] === 1 ?",
  ),
];

/** In the arithmetic that the index does by itself. */
const ofNumbers: readonly SourceMistake[] = [
  mistake(
    "the free share is divided before it is multiplied",
    `${INDEX}/row-judge.ts`,
    "Math.trunc(((has - taken) * 100) / has)",
    "Math.trunc(((has - taken) / has) * 100)",
  ),
  mistake(
    "the free share is multiplied by a reciprocal",
    `${INDEX}/row-judge.ts`,
    "Math.trunc(((has - taken) * 100) / has)",
    "Math.trunc((has - taken) * 100 * (1 / has))",
  ),
  mistake(
    "the free share is rounded",
    `${INDEX}/row-judge.ts`,
    "Math.trunc(((has - taken) * 100) / has)",
    "Math.round(((has - taken) * 100) / has)",
  ),
  mistake(
    "a node that is asked for more than it has gets less than nothing",
    `${INDEX}/row-judge.ts`,
    "taken > has ? 0",
    "taken > 2 * has ? 0",
  ),
  mistake(
    "the taken share is divided before it is multiplied",
    `${INDEX}/row-judge.ts`,
    "Math.trunc((Math.min(taken, has) * 100) / has)",
    "Math.trunc((Math.min(taken, has) / has) * 100)",
  ),
  mistake(
    "the taken share goes beyond 100",
    `${INDEX}/row-judge.ts`,
    "(Math.min(taken, has) * 100)",
    "(taken * 100)",
  ),
  mistake(
    "the mean of shares is rounded",
    `${INDEX}/row-judge.ts`,
    "Math.trunc((ofCpu * cpuWeight + ofMemory * memoryWeight) / weights)",
    "Math.round((ofCpu * cpuWeight + ofMemory * memoryWeight) / weights)",
  ),
  mistake(
    "a resource that the node lacks counts in the mean",
    `${INDEX}/row-judge.ts`,
    "(hasMemory === 0 ? 0 : memoryWeight)",
    "memoryWeight",
  ),
  mistake(
    "the gain in balance is halved before 50 is added",
    `${INDEX}/row-judge.ts`,
    "50 + Math.trunc((50 + after - before) / 2)",
    "75 + Math.trunc((after - before) / 2)",
  ),
  mistake(
    "the gain in balance is rounded",
    `${INDEX}/row-judge.ts`,
    "50 + Math.trunc((50 + after - before) / 2)",
    "50 + Math.round((50 + after - before) / 2)",
  ),
  mistake(
    "balance is not truncated before it is compared",
    `${INDEX}/row-judge.ts`,
    "Math.trunc((1 - Math.abs(cpu - memory) / 2) * 100)",
    "(1 - Math.abs(cpu - memory) / 2) * 100",
  ),
  mistake(
    "balance is multiplied before it is taken from one",
    `${INDEX}/row-judge.ts`,
    "Math.trunc((1 - Math.abs(cpu - memory) / 2) * 100)",
    "Math.trunc(100 - (Math.abs(cpu - memory) * 100) / 2)",
  ),
  mistake("a share goes beyond one", `${INDEX}/row-judge.ts`, "Math.min(shareOfCpu, 1)", "shareOfCpu"),
  mistake(
    "balance of a node that lacks a resource is even",
    `${INDEX}/row-judge.ts`,
    "hasMemory === 0) return 75;",
    "hasMemory === 0) return 100;",
  ),
  mistake(
    "a node has room for no pod that takes the last of its cpu",
    `${INDEX}/row-judge.ts`,
    "this.#fitCpu <= this",
    "this.#fitCpu < this",
  ),
  mistake(
    "a node takes one pod more than it may",
    `${INDEX}/row-judge.ts`,
    "podCount[node] < allowedPods[node]",
    "podCount[node] <= allowedPods[node]",
  ),
  mistake(
    "soft spread counts the whole skew",
    `${SPREAD}/spread-score.ts`,
    "constraint.maxSkew - 1;",
    "constraint.maxSkew;",
  ),
  mistake(
    "affinity is multiplied before it is divided",
    `${AFFINITY}/sum-over-keys.ts`,
    "MAX_NODE_SCORE * ((scores[i] - min) / (max - min))",
    "(MAX_NODE_SCORE * (scores[i] - min)) / (max - min)",
  ),
];

/** No cluster can tell: what is wrong here is right. */
const equivalent: readonly SourceMistake[] = [
  mistake(
    "the free share of a node that is asked for all that it has is 0 at once",
    `${INDEX}/row-judge.ts`,
    "taken > has ? 0",
    "taken >= has ? 0",
  ),
  mistake(
    "halves are rounded down, and none is below zero",
    `${INDEX}/row-judge.ts`,
    "50 + Math.trunc((50 + after - before) / 2)",
    "50 + Math.floor((50 + after - before) / 2)",
  ),
];

const cases = new TwinCases(shippedProfiles());
afterAll(() => cases.end());

describe("mistakes planted in searching, scoring and counting", () => {
  it("are the only difference: a copy without one decides as the scan does", async () => {
    expect(await cases.firstDifference(undefined)).toBeUndefined();
  }, 600_000);

  for (const planted of [...ofSearch, ...ofNumbers]) {
    it(`are found: ${planted.name}`, async () => {
      expect(await cases.firstDifference(planted)).toBeDefined();
    }, 600_000);
  }

  for (const planted of equivalent) {
    it(`cannot be found where they are none: ${planted.name}`, async () => {
      expect(await cases.firstDifference(planted, 250)).toBeUndefined();
    }, 600_000);
  }
});
