import { stringify } from "csv-stringify/sync";

/** A cell: numbers keep every digit, what is absent is empty. */
export type Cell = string | number | boolean | null;

const ROWS_PER_CHUNK = 5000;

/**
 * RFC 4180: header row, CRLF, quotes where needed, `.` as decimal point, booleans as `true` and `false`. A text that a spreadsheet would
 * run as a formula gets an apostrophe in front. In chunks, because a table of every sample of every trial can be large.
 */
export function* csv(header: readonly string[], rows: Iterable<readonly Cell[]>): Generator<string> {
  let chunk: (readonly Cell[])[] = [header];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < ROWS_PER_CHUNK) continue;
    yield lines(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield lines(chunk);
}

function lines(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    record_delimiter: "windows",
    escape_formulas: true,
    cast: {
      boolean: (value) => (value ? "true" : "false"),
      number: (value) => (Number.isFinite(value) ? String(value) : ""),
    },
  });
}
