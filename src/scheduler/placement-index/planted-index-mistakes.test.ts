import { afterAll, describe, expect, it } from "vitest";
import { shippedProfiles } from "../../plugins/profiles.ts";
import { sourceMistake as mistake, type SourceMistake } from "../../testing/plant-in-source.ts";
import { TwinCases } from "../../testing/twin-cases.ts";

const INDEX = "scheduler/placement-index";

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
    "nominations.kindOf(other).priority >= priority;",
    "nominations.kindOf(other).priority > priority;",
  ),
  mistake(
    "all nominated pods are thought of beside a pod",
    `${INDEX}/row-index.ts`,
    "nominations.kindOf(other).priority >= priority;",
    "true;",
  ),
  mistake(
    "pods of any priority share their rows",
    `${INDEX}/row-key.ts`,
    "const { priority, nonZeroCpu",
    "const priority = 0; const { nonZeroCpu",
  ),
  mistake(
    "pods share their rows that ask for no memory, and those that say nothing of it",
    `${INDEX}/row-key.ts`,
    "const { priority, nonZeroCpu, nonZeroMemory } = cycle.pod;",
    "const { priority } = cycle.pod; const nonZeroCpu = 0; const nonZeroMemory = 0;",
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
    "a group counts the rows of its last block alone",
    `${INDEX}/score-column.ts`,
    "ties += ones(this.#blockBits[block]);",
    "ties = ones(this.#blockBits[block]);",
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
    "a pod that is expected on a node is thought of beside itself, and the scan decides when the index says no",
    `${INDEX}/row-index.ts`,
    "other !== itself && nominations",
    "nominations",
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

const cases = new TwinCases(shippedProfiles());
afterAll(() => cases.end());

describe("mistakes planted in what the index keeps", () => {
  for (const planted of [...ofMemory, ...ofColumns]) {
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
