import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, csv } from "./csv.ts";

function text(header: string[], rows: Cell[][]): string {
  return [...csv(header, rows)].join("");
}

describe("csv", () => {
  it("writes booleans as words, numbers with every digit, and nothing for what is absent", () => {
    expect(text(["a", "b", "c", "d", "e"], [[true, false, 0.1 + 0.2, null, Number.NaN]])).toBe(
      "a,b,c,d,e\r\ntrue,false,0.30000000000000004,,\r\n",
    );
  });

  it("quotes commas, quotes and line breaks", () => {
    expect(text(["name"], [['a,"b"\nc']])).toBe('name\r\n"a,""b""\nc"\r\n');
  });

  it("puts an apostrophe before a text that a spreadsheet would run, and none before a negative number", () => {
    expect(text(["a", "b", "c"], [['=HYPERLINK("x")', "-1+1", -1.5]])).toBe(
      `a,b,c\r\n"'=HYPERLINK(""x"")",'-1+1,-1.5\r\n`,
    );
  });

  it("comes in chunks that join to one table", () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => [i]);
    const chunks = [...csv(["i"], rows)];
    expect(chunks.length).toBe(3);
    expect(parse(chunks.join(""), { columns: true })).toHaveLength(12_000);
  });

  it("always reads back as it was written, formulas aside", () => {
    const word = fc.string().filter((cell) => !/^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(cell));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1 }),
        (rows) => {
          const read = parse(text(["word", "number"], rows), { from: 2 });
          expect(read.map(([cell]) => cell)).toEqual(rows.map(([cell]) => cell));
          expect(read.map(([, cell]) => Number(cell))).toEqual(rows.map(([, number]) => number + 0));
        },
      ),
    );
  });
});
