import { entries, isMap, isUnsigned } from "./equal-values.ts";

const DEFAULT_PRECISION = 6;
const SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/**
 * `string.format`: the clauses `%s %d %f %e %b %x %X %o %%` (cel-go: ext/formatting.go).
 * @throws Error with cel-go's text when a clause is unknown or does not suit its argument
 */
export function formatText(pattern: string, values: readonly unknown[]): string {
  let used = 0;
  const text = pattern.replaceAll(
    /%(?:%|(?:\.(\d+))?(.?))/gsu,
    (clause, precision?: string, kind?: string) => {
      if (clause === "%%") return "%";
      if (kind === undefined || !"sdfebxXo".includes(kind) || kind === "") {
        throw new Error(`could not parse formatting clause: unrecognized formatting clause "${kind ?? ""}"`);
      }
      if (used >= values.length) throw new Error(`index ${used} out of range`);
      const value = values[used++];
      return formatted(kind, value, precision === undefined ? DEFAULT_PRECISION : Number(precision));
    },
  );
  if (used < values.length) {
    throw new Error(`too many arguments supplied to string.format (expected ${used}, got ${values.length})`);
  }
  return text;
}

function formatted(kind: string, value: unknown, precision: number): string {
  if (kind === "s") return plain(value);
  if (kind === "f") {
    // Thousands are marked as in American English.
    return decimal(value, "fixed-point")
      .toFixed(precision)
      .replace(/^-?\d+/, (whole) => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ","));
  }
  if (kind === "e") return scientific(decimal(value, "scientific").toExponential(precision));
  if (kind === "x" || kind === "X") {
    const hex = typeof value === "string" ? Buffer.from(value).toString("hex") : inBase(value, 16, "hex");
    return kind === "X" ? hex.toUpperCase() : hex;
  }
  if (kind === "b" && typeof value === "boolean") return value ? "1" : "0";
  if (kind === "d") return inBase(value, 10, "decimal");
  return kind === "b" ? inBase(value, 2, "binary") : inBase(value, 8, "octal");
}

function inBase(value: unknown, base: number, clause: string): string {
  if (value instanceof Uint8Array && base === 16) return Buffer.from(value).toString("hex");
  if (typeof value === "bigint" || isUnsigned(value)) return value.valueOf().toString(base);
  const also = base === 2 ? " and bools" : base === 16 ? ", byte buffers, and strings" : "";
  throw new Error(
    `error during formatting: ${clause} clause can only be used on integers${also}, was given ${typeName(value)}`,
  );
}

function decimal(value: unknown, clause: string): number {
  if (typeof value === "number") return value;
  throw new Error(
    `error during formatting: ${clause} clause can only be used on doubles, was given ${typeName(value)}`,
  );
}

/** Upstream writes `1.5e+3` in the manner of American English: `1.5×10⁰³`. */
function scientific(text: string): string {
  const [digits, exponent = ""] = text.split("e");
  const raised = exponent
    .replace(/^([-+])(\d)$/, "$10$2")
    .replace("+", "")
    .replace("-", "\u207b");
  return `${digits}\u00d710${raised.replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])}`;
}

function plain(value: unknown, nested = false): string {
  if (typeof value === "string") return nested ? JSON.stringify(value) : value;
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map((one) => plain(one, true)).join(", ")}]`;
  if (isMap(value)) {
    const parts = entries(value).map(([key, one]) => `${plain(key, true)}: ${plain(one, true)}`);
    return `{${parts.sort().join(", ")}}`;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  // Values of the other types print themselves as CEL does.
  return String((value as { toString(): string }).toString());
}

function typeName(value: unknown): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "double";
  if (typeof value === "bigint") return "int";
  return value === null ? "null_type" : Array.isArray(value) ? "list" : "map";
}
