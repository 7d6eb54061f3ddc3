/**
 * An amount of a resource, held exactly. Kubernetes' own parser keeps nothing finer than a nano (it rounds up, away
 * from zero) and nothing above 2^63-1 units, so a whole number of nanos is the exact value.
 * Source: apimachinery/pkg/api/resource/quantity.go.
 */
export interface Quantity {
  /** The value in billionths of the unit. */
  readonly nano: bigint;
  /** The style in which `formatQuantity` writes it. */
  readonly format: "DecimalSI" | "BinarySI" | "DecimalExponent";
}

/** A text that is no quantity; the message says so and how to write one. */
export class QuantityError extends Error {
  override readonly name = "QuantityError";
}

const grammar = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;
const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const nanosPerUnit = 10n ** 9n;
const nanosPerMilli = 10n ** 6n;
const greatestNano = (2n ** 63n - 1n) * nanosPerUnit;
/** 10^19 is above 2^63: a nonzero mantissa with a greater exponent is at the cap, so 10^1000000 is never computed. */
const capExponent = 19;

/**
 * Reads `250m`, `1.5Gi`, `2`, `1e3`, `.5`: sign, digits with optional fraction, then one of n u m k M G T P E,
 * Ki Mi Gi Ti Pi Ei, or e/E with an exponent. A finer value than a nano is rounded up, a greater one than 2^63-1 is
 * capped, as upstream does. Throws QuantityError.
 */
export function parseQuantity(text: string | number): Quantity {
  const match = grammar.exec(String(text));
  if (match === null) throw invalidQuantity(text);
  const [, sign, whole = "", fraction = "", exponentMark, exponentText, suffix = ""] = match;
  const digits = whole + fraction;
  if (digits === "") throw invalidQuantity(text);

  const binaryPower = suffix.endsWith("i") ? binarySuffixes.indexOf(suffix) : 0;
  const exponent =
    exponentMark === undefined
      ? binaryPower > 0
        ? 0
        : (decimalSuffixes.indexOf(suffix) - 3) * 3
      : Number(exponentText);
  const mantissa = BigInt(digits) << BigInt(10 * binaryPower);
  const magnitude = toNano(mantissa, exponent - fraction.length, digits.length);

  let format: Quantity["format"] = "DecimalSI";
  if (exponentMark !== undefined) format = "DecimalExponent";
  else if (binaryPower > 0 && magnitude >= nanosPerUnit) format = "BinarySI";
  return { nano: sign === "-" ? -magnitude : magnitude, format };
}

/** The exact sum, written in the style of `a` (of `b` when `a` is zero). */
export function addQuantity(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareQuantity(a: Quantity, b: Quantity): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** Thousandths of the unit, rounded up away from zero: `0.1m` is 1, `-0.1m` is -1. */
export function milliValue(quantity: Quantity): bigint {
  return divideAwayFromZero(quantity.nano, nanosPerMilli);
}

/** Whole units, rounded up away from zero: `1500m` is 2. */
export function wholeValue(quantity: Quantity): bigint {
  return divideAwayFromZero(quantity.nano, nanosPerUnit);
}

/**
 * The canonical text: the greatest suffix that leaves no fraction (`1.5Gi` is `1536Mi`). Binary style is kept only for
 * whole numbers of at least 1024, as upstream does. Reads back as the same value.
 */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format } = quantity;
  if (nano === 0n) return "0";
  const magnitude = nano < 0n ? -nano : nano;
  const sign = nano < 0n ? "-" : "";
  if (format === "BinarySI" && magnitude >= 1024n * nanosPerUnit && magnitude % nanosPerUnit === 0n) {
    const [mantissa, power] = divideOut(magnitude / nanosPerUnit, 1024n, binarySuffixes.length - 1);
    return `${sign}${mantissa}${binarySuffixes[power]}`;
  }
  const [mantissa, power] = divideOut(magnitude, 1000n, decimalSuffixes.length - 1);
  if (format !== "DecimalExponent") return `${sign}${mantissa}${decimalSuffixes[power]}`;
  return `${sign}${mantissa}${power === 3 ? "" : `e${(power - 3) * 3}`}`;
}

function toNano(mantissa: bigint, exponent: number, digits: number): bigint {
  if (mantissa === 0n) return 0n;
  if (exponent > capExponent) return greatestNano;
  const nanoExponent = exponent + 9;
  // The mantissa has at most `digits` decimal digits and 2^60 more; below this every nonzero value is one nano.
  if (nanoExponent < -(digits + capExponent)) return 1n;
  const nano =
    nanoExponent >= 0
      ? mantissa * 10n ** BigInt(nanoExponent)
      : divideAwayFromZero(mantissa, 10n ** BigInt(-nanoExponent));
  return nano > greatestNano ? greatestNano : nano;
}

function divideAwayFromZero(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (value % divisor === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

function divideOut(value: bigint, factor: bigint, most: number): [bigint, number] {
  let rest = value;
  let power = 0;
  while (power < most && rest % factor === 0n) {
    rest /= factor;
    power++;
  }
  return [rest, power];
}

function invalidQuantity(text: string | number): QuantityError {
  const shown = typeof text === "number" ? String(text) : JSON.stringify(text);
  return new QuantityError(`invalid quantity: ${shown}; write 250m or 2`);
}
