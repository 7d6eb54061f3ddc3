import { assert } from "../base/assert.ts";

/**
 * A sorted copy, smallest first. A value that is not finite stops the program: a quantile of data with a
 * hole in it would silently be a quantile of other data. What is missing or unfinished must be dropped,
 * counted or treated as censored where its meaning is known, which is not here.
 */
export function sortedNumbers(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values);
  for (let i = 0; i < sorted.length; i++) {
    assert(Number.isFinite(sorted[i]), `value ${i} of ${sorted.length} is ${sorted[i]}, not a finite number`);
  }
  return sorted.sort();
}
