import type { Environment } from "@marcbachmann/cel-js";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const FLOAT = /^[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf|infinity|nan)$/i;

/** Conversions of numbers and texts with cel-go's limits and errors (common/types). */
export function addConversions(environment: Environment): void {
  const identity = (value: unknown) => value;
  const signed = (value: bigint) => {
    if (value < INT64_MIN || value > INT64_MAX) throw new Error("integer overflow");
    return value;
  };
  environment.registerFunction("int_(int): int", identity);
  environment.registerFunction("int_(uint): int", (value: { valueOf(): bigint }) => signed(value.valueOf()));
  environment.registerFunction("int_(double): int", (value: number) => {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new Error("integer overflow");
    return BigInt(Math.trunc(value));
  });
  environment.registerFunction("int_(string): int", (text: string) => {
    if (!/^[-+]?\d+$/.test(text)) throw conversion("int");
    const value = BigInt(text.replace("+", ""));
    if (value < INT64_MIN || value > INT64_MAX) throw conversion("int");
    return value;
  });
  environment.registerFunction("int_(google.protobuf.Timestamp): int", (time: Date) =>
    BigInt(Math.floor(time.getTime() / 1000)),
  );
  environment.registerFunction("double_(double): double", identity);
  environment.registerFunction("double_(int): double", Number);
  environment.registerFunction("double_(uint): double", Number);
  environment.registerFunction("double_(string): double", (text: string) => {
    if (!FLOAT.test(text)) throw conversion("double");
    if (!/i|nan/i.test(text)) return Number(text);
    if (/nan/i.test(text)) return Number.NaN;
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  });
  environment.registerFunction("bool_(bool): bool", identity);
  environment.registerFunction("bool_(string): bool", (text: string) => {
    if (/^(?:1|t|true|TRUE|True)$/.test(text)) return true;
    if (/^(?:0|f|false|FALSE|False)$/.test(text)) return false;
    throw conversion("bool");
  });
  environment.registerFunction("string_(string): string", identity);
  for (const type of ["bool", "int", "uint"])
    environment.registerFunction(`string_(${type}): string`, String);
  environment.registerFunction("string_(double): string", doubleText);
  environment.registerFunction("string_(bytes): string", (bytes: Uint8Array) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Error("invalid UTF-8 in bytes, cannot convert to string");
    }
  });
  environment.registerFunction("string_(google.protobuf.Timestamp): string", (time: Date) =>
    time.toISOString().replace(/\.?0*Z$/, "Z"),
  );
  environment.registerFunction("string_(google.protobuf.Duration): string", String);
}

/** Whether a text is a literal that an unsigned number can be made of; the numbers themselves are the evaluator's. */
export function unsignedProblem(value: unknown): Error | undefined {
  if (typeof value === "string") {
    return /^\d+$/.test(value) && BigInt(value) <= UINT64_MAX ? undefined : conversion("uint");
  }
  if (typeof value === "bigint") return value >= 0n ? undefined : new Error("unsigned integer overflow");
  if (typeof value !== "number") return undefined;
  return value >= 0 && value < 2 ** 64 ? undefined : new Error("unsigned integer overflow");
}

function conversion(type: string): Error {
  return new Error(`type conversion error from 'string' to '${type}'`);
}

/** Go's shortest form (`%g`): an exponent from 21 digits on and below 0.0001. */
function doubleText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e21) ? value.toExponential() : String(value);
  return text.replace(/e([-+])(\d)$/, "e$10$2");
}
