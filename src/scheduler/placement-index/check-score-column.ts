import { assert } from "../../base/assert.ts";
import type { RowSet } from "./row-set.ts";
import { type Best, rejectedBy, type ScoreColumn } from "./score-column.ts";

/** Stretches of rows whose best is kept somewhere. */
const STRETCHES = [32, 1024];

/**
 * Demands that all that a column tells of stretches of its rows is what the rows say.
 * @param plugins how many may reject rows
 * @throws AssertionError that names the part that is broken
 */
export function checkScoreColumn(column: ScoreColumn, plugins: number, name: string): void {
  const { length, scores, feasible } = column;
  for (const stretch of STRETCHES) {
    for (let from = 0; from < length; from += stretch) {
      checkBest(column, from, Math.min(length, from + stretch), name);
    }
  }
  checkBest(column, 0, length, name);
  const rejected = new Int32Array(plugins);
  for (let row = 0; row < length; row++) if (scores[row] < 0) rejected[rejectedBy(0) - scores[row]]++;
  for (let plugin = 0; plugin < plugins; plugin++) {
    same(column.rejections(plugin), rejected[plugin], `${name}: rows that plugin ${plugin} rejects (I3)`);
  }
  checkSet(feasible, (row) => scores[row] >= 0, length, `${name}: feasible rows`);
}

function checkBest(column: ScoreColumn, from: number, end: number, name: string): void {
  const told: Best = { score: -1, tied: 0, first: -1 };
  column.best(from, end, told);
  const { scores } = column;
  const score = scores.subarray(from, end).reduce((most, one) => Math.max(most, one), -1);
  const rows: number[] = [];
  for (let row = from; row < end; row++) if (score >= 0 && scores[row] === score) rows.push(row);
  const place = `${name}: rows ${from} to ${end}:`;
  same(told.score, score, `${place} greatest score (I2)`);
  same(told.tied, rows.length, `${place} rows that have it (I2)`);
  if (rows.length === 0) return;
  same(told.first, rows[0], `${place} first of them (I2)`);
  const feasible = [...scores.keys()].filter((row) => row >= from && row < end && scores[row] >= 0);
  const ranks = new Int32Array(end - from);
  const count = column.ranks(score, from, end, 0, ranks, 0);
  const ranked = [...ranks.subarray(0, count)].map((rank) => feasible[rank]);
  same(ranked.join(" "), rows.join(" "), `${place} their ranks (I2)`);
}

function checkSet(set: RowSet, member: (row: number) => boolean, length: number, name: string): void {
  const members: number[] = [];
  for (let row = 0; row < length; row++) {
    same(set.has(row), member(row), `${name}: bit ${row} (I3)`);
    if (member(row)) members.push(row);
  }
  same(set.size, members.length, `${name}: how many (I3)`);
  for (let from = 0; from < length; from += 32) {
    same(
      set.countBetween(from, length),
      members.filter((row) => row >= from).length,
      `${name}: how many from ${from} on (I3)`,
    );
  }
  for (const [k, row] of members.entries()) same(set.select(0, k), row, `${name}: member ${k} (I3)`);
}

function same(got: number | boolean | string, expected: number | boolean | string, what: string): void {
  assert(got === expected, `index: ${what}: is ${got}, should be ${expected}`);
}
