import { afterAll, describe, expect, it } from "vitest";
import { type SourceMistake, SourcePlanter } from "../../testing/plant-in-source.ts";
import { TwinCases } from "../../testing/twin-cases.ts";

const INDEX = "scheduler/placement-index";
const SPREAD = "plugins/topology-spread";
const AFFINITY = "plugins/pod-affinity";

/** A place in a file, what stands there, and what the mistake is. */
const mistake = (name: string, file: string, right: string, wrong: string): SourceMistake => ({
  name,
  file,
  right,
  wrong,
});

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

/** In what is kept from one attempt to the next. */
const ofMemory: readonly SourceMistake[] = [
  mistake(
    "the last change is left unread",
    `${INDEX}/row-index.ts`,
    "    this.#position = end;\n    const { nominations }",
    "    this.#position = end + 1;\n    const { nominations }",
  ),
  mistake(
    "every change of a row but the last is passed over",
    `${INDEX}/row-index.ts`,
    "if (position + 1 < end && changes.at(position + 1) === node) continue;",
    "if (position + 1 < end) continue;",
  ),
  mistake(
    "nominations are never looked at again",
    `${INDEX}/row-index.ts`,
    "this.#nominated !== nominations.changes.end",
    "this.#nominated > nominations.changes.end",
  ),
  mistake(
    "only more important pods are thought of beside a pod",
    `${INDEX}/row-index.ts`,
    "        if (kind.priority >= priority) supposition",
    "        if (kind.priority > priority) supposition",
  ),
  mistake(
    "all nominated pods are thought of beside a pod",
    `${INDEX}/row-index.ts`,
    "        if (kind.priority >= priority) supposition",
    "        supposition",
  ),
  mistake(
    "pods of any priority share their rows",
    `${INDEX}/row-key.ts`,
    "let key = `${cycle.pod.priority}`;",
    'let key = "";',
  ),
  mistake(
    "raw scores that change with the node are asked once",
    `${INDEX}/row-index.ts`,
    "if (this.plan.normalized[i].stands) continue;",
    "continue;",
  ),
  mistake(
    "rows are kept where they were when nodes join or leave",
    `${INDEX}/row-index.ts`,
    "const moved = before.order === this.order ? undefined : before.#positions;",
    "const moved = undefined;",
  ),
  mistake(
    "a node that changed is not looked at again when rows move",
    `${INDEX}/row-index.ts`,
    "if (row >= 0) this.#lookAgain(node, row, scratch);",
    "if (row < 0) this.#lookAgain(node, row, scratch);",
  ),
  mistake(
    "classes are kept when what tells nodes apart changes",
    `${INDEX}/kind-index.ts`,
    "      !areSame(classes.facts, facts)\n",
    "      classes.facts === undefined\n",
  ),
  mistake(
    "a row stays in the column of a class that it left",
    `${INDEX}/class-columns.ts`,
    "if (before >= 0 && (before !== own || score < 0))",
    "if (before >= 0 && before === own && score < 0)",
  ),
  mistake(
    "a row that is rejected stays in the column of its class",
    `${INDEX}/class-columns.ts`,
    "if (before >= 0 && (before !== own || score < 0))",
    "if (before >= 0 && before !== own)",
  ),
  mistake(
    "standings are not brought up to date",
    `${INDEX}/kind-say.ts`,
    "if (standing?.refresh(cycle) === true) return standing;",
    "if (standing !== undefined) return standing;",
  ),
  mistake(
    "what nodes' objects rejected comes after what their pods reject",
    `${INDEX}/row-judge.ts`,
    "const limit = standing < 0 ? -2 - standing : NOWHERE;",
    "const limit = NOWHERE;",
  ),
];

/** In the columns themselves. */
const ofColumns: readonly SourceMistake[] = [
  mistake(
    "the greatest score of a block stays when its last row loses it",
    `${INDEX}/score-column.ts`,
    "if (left === 0) this.#look(block);\n      else this",
    "this",
  ),
  mistake(
    "a row that comes level with the best of its block is not counted",
    `${INDEX}/score-column.ts`,
    "this.#blockBits[block] = bits | bit;",
    "this.#blockBits[block] = bits;",
  ),
  mistake(
    "the greatest score of a group is that of its last block",
    `${INDEX}/score-column.ts`,
    "if (count === 0) this.#lookAtGroup(group);",
    "if (count === 0) this.#groupMax[group] = max;",
  ),
  mistake(
    "a group forgets the rows that a block lost",
    `${INDEX}/score-column.ts`,
    "if (before === greatest) count -= ones(bitsBefore);",
    "",
  ),
  mistake(
    "a row that is rejected stays feasible",
    `${INDEX}/score-column.ts`,
    "if (before < 0 !== score < 0) this.feasible.set(row, score >= 0);",
    "if (before < 0 && score >= 0 && !this.feasible.has(row)) this.feasible.set(row, true);",
  ),
  mistake(
    "a row that another plugin rejects now still counts for the first",
    `${INDEX}/score-column.ts`,
    "if (before < 0) this.#rejected[-2 - before]--;",
    "if (before < 0 && score >= 0) this.#rejected[-2 - before]--;",
  ),
  mistake(
    "a window ends at the last node wanted and not before the next",
    `${INDEX}/window.ts`,
    "feasible.select(start, wanted)",
    "feasible.select(start, wanted - 1) + 1",
  ),
  mistake(
    "ranks start again where the window wraps",
    `${INDEX}/choose-from-column.ts`,
    "column.ranks(score, 0, wrappedEnd, before, ranks, count)",
    "column.ranks(score, 0, wrappedEnd, 0, ranks, count)",
  ),
  mistake(
    "the first node of the window comes before that of the nodes",
    `${INDEX}/choose-from-column.ts`,
    "  if (end > length) column.best(0, end - length, best);\n  column.best(start, Math.min(end, length), best);",
    "  column.best(start, Math.min(end, length), best);\n  if (end > length) column.best(0, end - length, best);",
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
  mistake(
    "the later class wins a tie, and no two classes have a row in common",
    `${INDEX}/choose-by-class.ts`,
    "search.first[i] < first) first",
    "search.first[i] <= first) first",
  ),
  mistake(
    "classes are kept when all rows were made anew, but each node that changed is classified again",
    `${INDEX}/kind-index.ts`,
    "this.#builds !== rows.builds",
    "this.#builds > rows.builds",
  ),
];

const cases = new TwinCases();
const planter = new SourcePlanter();
afterAll(() => planter.end());

async function firstDifference(planted: SourceMistake | undefined, count?: number) {
  const found = cases.firstDifference(await planter.plant(planted), count);
  if (process.env["STOWAGE_COVERAGE"] !== undefined) {
    console.log(`${planted?.name ?? "none"}: cluster ${found?.place} ${found?.text.slice(0, 150)}`);
  }
  return found;
}

describe("mistakes planted in the index", () => {
  it("are the only difference: a copy without one decides as the scan does", async () => {
    expect(await firstDifference(undefined)).toBeUndefined();
  }, 600_000);

  it.each([...ofSearch, ...ofNumbers, ...ofMemory, ...ofColumns])(
    "are found: $name",
    async (planted) => {
      expect(await firstDifference(planted)).toBeDefined();
    },
    600_000,
  );
  it.each(equivalent)(
    "cannot be found where they are none: $name",
    async (planted) => {
      expect(await firstDifference(planted, 400)).toBeUndefined();
    },
    600_000,
  );
});
