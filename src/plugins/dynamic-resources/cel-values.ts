import { compareQuantity, parseQuantity, type Quantity, QuantityError } from "../../kubernetes/quantity.ts";

/** Values that Kubernetes adds to CEL; the names in error texts are those of upstream's types. */

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const NANOS_PER_UNIT = 10n ** 9n;
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Digits up to which Go keeps a decimal quantity, and a binary one, as an int64 with a scale. */
const MOST_DIGITS = 18;
const MOST_BINARY_DIGITS = 14;

export class CelQuantity {
  readonly quantity: Quantity;
  /** The power of ten that Go's int64 of this quantity is multiplied with; undefined when it is no int64 there. */
  readonly #scale: number | undefined;

  private constructor(quantity: Quantity, scale: number | undefined) {
    this.quantity = quantity;
    this.#scale = scale;
  }

  /** @throws Error with the text of upstream's `quantity()` */
  static parse(text: string | number): CelQuantity {
    // Upstream reads no digits as zero.
    const written = String(text).replace(/^([+-]?)\.?(?=[a-zA-Z]|$)/, "$10");
    try {
      if (text === "") throw new QuantityError("empty");
      return new CelQuantity(parseQuantity(written), scaleOf(written));
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      throw new Error(
        text !== "" && /^[+-]?\d*(?:\.\d*)?[eEinumkKMGTP]*[-+]?\d*$/.test(written)
          ? "unable to parse quantity's suffix"
          : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
  }

  compareTo(other: CelQuantity): number {
    return compareQuantity(this.quantity, other.quantity);
  }

  plus(other: CelQuantity, sign: 1n | -1n): CelQuantity {
    const nano = this.quantity.nano + sign * other.quantity.nano;
    const [a, b] = [this.#scale, other.#scale];
    const scale =
      a === undefined || b === undefined ? undefined : this.quantity.nano === 0n ? b : Math.min(a, b);
    return new CelQuantity({ nano, format: this.quantity.format }, other.quantity.nano === 0n ? a : scale);
  }

  /** The value, when Go holds the quantity as whole units in an int64: `1.0` and `1000m` are no integers there. */
  integer(): bigint | undefined {
    const whole = this.quantity.nano / NANOS_PER_UNIT;
    if (this.quantity.nano === 0n && this.#scale !== undefined) return 0n;
    return this.#scale !== undefined && this.#scale >= 0 && whole >= INT64_MIN && whole < INT64_MAX
      ? whole
      : undefined;
  }
}

/** By `ParseQuantity`: the digits and the size of the suffix decide whether a quantity stays an int64 with a scale. */
function scaleOf(text: string): number | undefined {
  const match = /^[+-]?0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|([A-Za-z]*))$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent, suffix = ""] = match;
  if (/^0*$/.test(whole + fraction)) return 0;
  const binary = suffix.endsWith("i") ? BINARY_SUFFIXES.indexOf(suffix) * 10 : 0;
  if (binary > 0) {
    const digits = MOST_BINARY_DIGITS - whole.length - Math.trunc((binary * 3) / 10);
    return fraction === "" && digits >= 0 ? 0 : undefined;
  }
  if (whole.length + fraction.length > MOST_DIGITS) return undefined;
  const scale = exponent === undefined ? (DECIMAL_SUFFIXES.indexOf(suffix) - 3) * 3 : Number(exponent);
  return scale - fraction.length >= -9 ? scale - fraction.length : undefined;
}

/** A version by semver 2.0.0; build metadata does not count when versions are compared. */
export class CelSemver {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly #prerelease: readonly string[];

  private constructor(numbers: readonly [bigint, bigint, bigint], prerelease: readonly string[]) {
    this.numbers = numbers;
    this.#prerelease = prerelease;
  }

  /** @throws Error with the text of upstream's parser (github.com/blang/semver) */
  static parse(text: string): CelSemver {
    if (text === "") throw new Error("Version string empty");
    const [major, minor, ...rest] = text.split(".");
    if (rest.length === 0) throw new Error("No Major.Minor.Patch elements found");
    const first = [versionNumber(major, "major"), versionNumber(minor, "minor")] as const;
    const tail = rest.join(".");
    const [beforeBuild, build] = splitAt(tail, "+");
    const [patch, prerelease] = splitAt(beforeBuild, "-");
    const numbers = [...first, versionNumber(patch, "patch")] as const;
    const parts = prerelease?.split(".") ?? [];
    for (const part of parts) checkPrerelease(part);
    for (const part of build?.split(".") ?? []) checkBuild(part);
    return new CelSemver(numbers, parts);
  }

  compareTo(other: CelSemver): number {
    for (const [i, number] of this.numbers.entries()) {
      if (number !== other.numbers[i]) return number < other.numbers[i] ? -1 : 1;
    }
    const [mine, theirs] = [this.#prerelease, other.#prerelease];
    if (mine.length === 0 || theirs.length === 0) return Math.sign(theirs.length - mine.length);
    for (let i = 0; i < Math.min(mine.length, theirs.length); i++) {
      const order = comparePrerelease(mine[i], theirs[i]);
      if (order !== 0) return order;
    }
    return Math.sign(mine.length - theirs.length);
  }
}

function splitAt(text: string, mark: string): readonly [string, string | undefined] {
  const place = text.indexOf(mark);
  return place === -1 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}

function versionNumber(text: string, name: string): bigint {
  if (!/^\d*$/.test(text)) throw new Error(`Invalid character(s) found in ${name} number "${text}"`);
  if (/^0\d/.test(text)) {
    throw new Error(
      `${name[0].toUpperCase()}${name.slice(1)} number must not contain leading zeroes "${text}"`,
    );
  }
  return unsigned(text);
}

function unsigned(text: string): bigint {
  const number = BigInt(text);
  const why = text === "" ? "invalid syntax" : number > UINT64_MAX ? "value out of range" : undefined;
  if (why !== undefined) throw new Error(`strconv.ParseUint: parsing "${text}": ${why}`);
  return number;
}

function checkPrerelease(part: string): void {
  if (part === "") throw new Error("Prerelease is empty");
  if (/^0\d+$/.test(part)) {
    throw new Error(`Numeric PreRelease version must not contain leading zeroes "${part}"`);
  }
  if (/^\d+$/.test(part)) unsigned(part);
  if (!/^[0-9A-Za-z-]+$/.test(part)) throw new Error(`Invalid character(s) found in prerelease "${part}"`);
}

function checkBuild(part: string): void {
  if (part === "") throw new Error("Build meta data is empty");
  if (!/^[0-9A-Za-z-]+$/.test(part))
    throw new Error(`Invalid character(s) found in build meta data "${part}"`);
}

/** Numbers by value and before texts. */
function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  const [aNumeric, bNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1;
  if (aNumeric) return BigInt(a) < BigInt(b) ? -1 : 1;
  return a < b ? -1 : 1;
}

/**
 * `v1.2` as `1.2.0`: what upstream's `semver(text, true)` forgives.
 * @throws Error with upstream's text when a short version has more than numbers
 */
export function normalizeVersion(text: string): string {
  const [major, minor, ...rest] = text.replace(/^v/, "").split(".");
  const parts = [
    major,
    ...(minor === undefined ? [] : [minor]),
    ...(rest.length === 0 ? [] : [rest.join(".")]),
  ];
  const numbers = parts.map((part) =>
    part.length > 1 ? part.replace(/^0+/, "").replace(/^(?!\d)/, "0") : part,
  );
  if (numbers.length < 3 && /[-+]/.test(numbers.at(-1) ?? "")) {
    throw new Error("short version cannot contain PreRelease/Build meta data");
  }
  while (numbers.length < 3) numbers.push("0");
  return numbers.join(".");
}
