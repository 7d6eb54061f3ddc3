/** CEL's equality of two values of any type: numbers by value, lists and maps by their members. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return compareValues(a, b) === 0;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => equalValues(value, b[i]));
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isComparable(a) && a.constructor === b.constructor) return a.compareTo(b) === 0;
  if (a instanceof Date || b instanceof Date || isDuration(a)) {
    return a.constructor === b.constructor && a.valueOf() === b.valueOf();
  }
  if (!(isMap(a) && isMap(b))) return false;
  const [mine, theirs] = [entries(a), new Map(entries(b))];
  return (
    mine.length === theirs.size &&
    mine.every(([key, value]) => theirs.has(key) && equalValues(value, theirs.get(key)))
  );
}

/** The order of `<` between two values of one ordered type. */
export function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [toNumber(a), toNumber(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Keys and values of a map in either of its forms. */
export function entries(map: object): [unknown, unknown][] {
  return map instanceof Map ? [...map] : Object.entries(map);
}

export function isMap(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Map || value.constructor === Object;
}

/** Unsigned numbers are objects of the evaluator, known by the type of their value. */
export function isUnsigned(value: unknown): value is { valueOf(): bigint } {
  return typeof value === "object" && value !== null && typeof value.valueOf() === "bigint";
}

function isDuration(value: object): boolean {
  return typeof value.valueOf() === "number";
}

function isNumber(value: unknown): boolean {
  return typeof value === "bigint" || typeof value === "number" || isUnsigned(value);
}

/** What JavaScript can compare: a number of either kind, or a text. */
function toNumber(value: unknown): bigint | number | string {
  if (typeof value === "object" && value !== null) return value.valueOf() as bigint | number;
  return typeof value === "boolean" ? Number(value) : (value as bigint | number | string);
}

/** Quantities, versions and addresses, which compare with values of their own class. */
function isComparable(value: object): value is { compareTo(other: object): number } {
  return "compareTo" in value && typeof value.compareTo === "function";
}
