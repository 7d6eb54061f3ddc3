import { compareQuantity, parseQuantity, type Quantity, QuantityError } from "../../kubernetes/quantity.ts";

/** Values that Kubernetes adds to CEL; the names in error texts are those of upstream's types. */

/** @throws Error with the text of upstream's `quantity()` */
export class CelQuantity {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }

  static parse(text: string | number): CelQuantity {
    try {
      return new CelQuantity(parseQuantity(text));
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      throw new Error(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
  }

  compareTo(other: CelQuantity): number {
    return compareQuantity(this.quantity, other.quantity);
  }
}

const grammar =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** A version by semver 2.0.0; build metadata does not count when versions are compared. */
export class CelSemver {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly #prerelease: readonly string[];

  private constructor(numbers: readonly [bigint, bigint, bigint], prerelease: readonly string[]) {
    this.numbers = numbers;
    this.#prerelease = prerelease;
  }

  /** Undefined when the text is no version. */
  static parse(text: string): CelSemver | undefined {
    const match = grammar.exec(text);
    if (match === null) return undefined;
    const [, major = "", minor = "", patch = "", prerelease] = match;
    const parts = prerelease?.split(".") ?? [];
    if (parts.some((part) => /^0\d+$/.test(part))) return undefined;
    return new CelSemver([BigInt(major), BigInt(minor), BigInt(patch)], parts);
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

/** Numbers by value and before texts. */
function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  const [aNumeric, bNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1;
  if (aNumeric) return BigInt(a) < BigInt(b) ? -1 : 1;
  return a < b ? -1 : 1;
}

/** `v1.2` as `1.2.0`: what upstream's `semver(text, true)` forgives. */
export function normalizeVersion(text: string): string {
  const match = /^v?(\d+(?:\.\d+){0,2})([-+].*)?$/.exec(text);
  if (match === null) return text;
  const numbers = match[1].split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
  while (numbers.length < 3) numbers.push("0");
  return numbers.join(".") + (match[2] ?? "");
}
