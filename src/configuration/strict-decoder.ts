import { unknown } from "../base/nearest.ts";
import { type Decoder, type Decoding, integer, isRecord, objectOf } from "../kubernetes/decoder.ts";
import { parseDuration } from "./duration.ts";

const greatestInt32 = 2 ** 31 - 1;

/**
 * An object with the given fields and no others. Where none stands the result is empty beside the problem, so that the
 * places in a list stay those of the text.
 */
export function strictObjectOf<T extends object>(
  fields: Parameters<typeof objectOf<T>>[0],
  required: readonly (keyof T & string)[] = [],
): Decoder<T> {
  const names = Object.keys(fields);
  const decode = objectOf<T>(fields, required);
  return (value, decoding) => {
    refuseOthers(value, names, decoding);
    return decode(value, decoding) ?? ({} as T);
  };
}

function refuseOthers(value: unknown, names: readonly string[], decoding: Decoding): void {
  if (!isRecord(value)) return;
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    const before = decoding.problemCount;
    decoding.fail(unknown("field", key, names));
    decoding.place(before, key);
  }
}

export const int32: Decoder<number> = (value, decoding) => {
  if (Number.isInteger(value) && Math.abs(value as number) > greatestInt32) {
    return decoding.fail(`invalid integer: ${String(value)}; write a number of at most ${greatestInt32}`);
  }
  return integer(value, decoding);
};

export const float: Decoder<number> = (value, decoding) =>
  typeof value === "number" && Number.isFinite(value)
    ? value
    : decoding.fail(`invalid number: ${JSON.stringify(value)}; write a number such as 50`);

/** A duration as Go writes it, in seconds. */
export const duration: Decoder<number> = (value, decoding) => {
  const seconds = typeof value === "string" ? parseDuration(value) : undefined;
  return (
    seconds ?? decoding.fail(`invalid duration: ${JSON.stringify(value)}; write one such as 15s or 1m30s`)
  );
};

/** Whatever stands there; another decoder looks at it later. */
export const anything: Decoder<object> = (value) => value as object;
