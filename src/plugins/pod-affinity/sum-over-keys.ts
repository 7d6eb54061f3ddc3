import type { Selection } from "../../scheduler/selection.ts";
import type { Domains } from "./domain-counts.ts";

const MAX_NODE_SCORE = 100;

/** The raw score of a node: what is counted in its domains of all keys. */
export function sumOverKeys(
  domains: readonly Domains[],
  { rows, length }: Selection,
  scores: Int32Array,
): void {
  scores.fill(0, 0, length);
  for (let k = 0; k < domains.length; k++) {
    const { value, counts } = domains[k];
    for (let i = 0; i < length; i++) scores[i] += counts[value[rows[i]]];
  }
}

/**
 * Spreads the scores over 0..100 between the smallest and the greatest; 0 when all are equal. The division comes first, in
 * floating point: 29 of 100 becomes 28.
 */
export function normalizeSums(scores: Int32Array, { length }: Selection): void {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const score = scores[i];
    if (score < min) min = score;
    if (score > max) max = score;
  }
  for (let i = 0; i < length; i++) {
    scores[i] = max === min ? 0 : Math.trunc(MAX_NODE_SCORE * ((scores[i] - min) / (max - min)));
  }
}
