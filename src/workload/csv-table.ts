import { CsvError, parse } from "csv-parse/sync";
import type { Problem } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";

/** A CSV file with a header: fields by column name, problems with their place in the file. */
export interface CsvTable {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** `file:line:column` of a field. */
  whereOf(row: number, column: string): string;
}

/** Cuts the text into fields; rows with another number of fields than the header are left out and reported. */
export function readCsvTable(file: string, text: string, problems: Problem[]): CsvTable {
  const records = text.includes('"') ? quotedRecords(file, text, problems) : plainRecords(text);
  const header = records[0] ?? [];
  const rows: string[][] = [];
  const lines: number[] = [];
  // A quoted field may hold line breaks, so that records and lines part company.
  let line = 1;
  for (const [index, record] of records.entries()) {
    const blank = record.length === 1 && record[0] === "";
    if (index > 0 && !blank) {
      if (record.length === header.length) {
        rows.push(record);
        lines.push(line);
      } else {
        problems.push({
          where: `${file}:${line}:1`,
          what: `invalid row: ${record.length} fields, the header has ${header.length}; write one field per column, empty where there is no value`,
        });
      }
    }
    line++;
    for (const field of record) if (field.includes("\n")) line += field.split("\n").length - 1;
  }
  return {
    file,
    header,
    rows,
    whereOf(row, column) {
      const place = header.indexOf(column);
      const before = (rows[row] ?? []).slice(0, place).reduce((sum, field) => sum + field.length + 1, 0);
      return `${file}:${lines[row]}:${before + 1}`;
    },
  };
}

/** Traces rarely quote anything, and then cutting at commas and line ends is fifteen times faster than a CSV parser. */
function plainRecords(text: string): string[][] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  return lines.map((line) => {
    const fields = (line.endsWith("\r") ? line.slice(0, -1) : line).split(",");
    for (let i = 0; i < fields.length; i++) fields[i] = fields[i].trim();
    return fields;
  });
}

function quotedRecords(file: string, text: string, problems: Problem[]): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: false, trim: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? `:${error["lines"]}` : "";
    problems.push({ where: `${file}${line}`, what: `invalid CSV: ${error.message}; close every quote` });
    return [];
  }
}

/** Where each wanted column stands; -1 for an optional one that is not there. A missing required one is a problem. */
export function columnPlaces<Name extends string>(
  table: CsvTable,
  required: readonly Name[],
  optional: readonly Name[],
  problems: Problem[],
): Record<Name, number> {
  const places: Partial<Record<Name, number>> = {};
  for (const name of required) {
    const place = table.header.indexOf(name);
    places[name] = place;
    if (place !== -1) continue;
    const close = nearest(
      name,
      table.header.filter((column) => column !== "" && !required.some((known) => known === column)),
    );
    const hint = close === undefined ? "" : ` (the header has ${close})`;
    problems.push({
      where: `${table.file}:1:1`,
      what: `missing column: ${name}${hint}; the columns are ${required.join(", ")}`,
    });
  }
  for (const name of optional) places[name] = table.header.indexOf(name);
  return places as Record<Name, number>;
}
