const digitBits = 11;
const digitMask = (1 << digitBits) - 1;

/**
 * The rows whose time is finite, ordered by time and then by row. Times are not negative. One pass when the rows are in
 * order already, otherwise a radix sort over the bits of the numbers (which, for numbers that are not negative, order as the
 * numbers do): a comparison sort of a million rows would cost more than all measures together.
 */
export function rowsByTime(timesUs: Float64Array): Uint32Array {
  const rows = new Uint32Array(timesUs.length);
  let count = 0;
  let last = 0;
  let ordered = true;
  for (let row = 0; row < timesUs.length; row++) {
    const time = timesUs[row];
    if (!Number.isFinite(time)) continue;
    if (time < last) ordered = false;
    last = time;
    rows[count++] = row;
  }
  const finite = rows.subarray(0, count);
  return ordered ? finite : radixSorted(finite, timesUs);
}

function radixSorted(rows: Uint32Array, timesUs: Float64Array): Uint32Array {
  // Adding zero turns a negative zero, whose bits would sort last, into a zero.
  const words = new Uint32Array(timesUs.map((time) => time + 0).buffer);
  let from = rows;
  let to: Uint32Array = new Uint32Array(rows.length);
  for (const word of [0, 1]) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      const starts = new Uint32Array(digitMask + 2);
      for (const row of from) starts[((words[2 * row + word] >>> shift) & digitMask) + 1]++;
      if (starts.includes(from.length)) continue;
      for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
      for (const row of from) to[starts[(words[2 * row + word] >>> shift) & digitMask]++] = row;
      [from, to] = [to, from];
    }
  }
  return from;
}
