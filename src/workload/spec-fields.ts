import { z } from "zod";
import { QuantityError } from "../kubernetes/quantity.ts";
import { amountOf } from "./amount.ts";

/**
 * An object with these fields and no others. The message of an unknown field is the list of known ones: the reader makes
 * "did you mean" of it.
 */
export function fields<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(",") : undefined),
  });
}

const MICROSECONDS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
};
const durationPattern = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;

/** `90s`, `1h30m`, `250ms`; read as microseconds. */
export const duration = z
  .string({ error: (issue) => wrong("duration", issue.input, "write 90s, 5m or 1h30m") })
  .regex(durationPattern, { error: (issue) => wrong("duration", issue.input, "write 90s, 5m or 1h30m") })
  .transform((text) => {
    let sum = 0;
    for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)) {
      sum += Number(number) * MICROSECONDS[unit];
    }
    return Math.round(sum);
  })
  .describe("A duration such as 90s, 5m or 1h30m (us, ms, s, m, h, d).");

/** A Kubernetes quantity; read as thousandths of its unit. */
export const quantity = z
  .union([z.string(), z.number()], {
    error: (issue) => wrong("quantity", issue.input, "write 250m, 2 or 512Mi"),
  })
  .transform((text, context) => {
    try {
      const amount = amountOf(text);
      if (amount >= 0) return amount;
      context.addIssue(`invalid quantity: ${JSON.stringify(text)}; it must not be negative`);
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      context.addIssue(error.message);
    }
    return z.NEVER;
  })
  .describe("A Kubernetes quantity such as 250m, 2 or 512Mi.");

/** `5%`; read as 0.05. */
export const share = z
  .string({ error: (issue) => wrong("share", issue.input, "write 5%") })
  .regex(/^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%$/, {
    error: (issue) => wrong("share", issue.input, "write 5%, from 0% to 100%"),
  })
  .transform((text) => Number(text.slice(0, -1)) / 100)
  .describe("A share such as 5%.");

/** A whole number from `least`. */
export function count(least: number, noun = "count") {
  const way = `write a whole number from ${least}`;
  return z
    .int({ error: (issue) => wrong(noun, issue.input, way) })
    .min(least, { error: (issue) => wrong(noun, issue.input, way) })
    .max(MAX_COUNT, { error: (issue) => wrong(noun, issue.input, `at most ${MAX_COUNT}`) });
}

const MAX_COUNT = 100_000_000;

/** A number above 0, or from 0. */
export function positive(noun: string, orZero?: "or zero") {
  const way = orZero === undefined ? "write a number above 0" : "write a number from 0";
  const number = z.number({ error: (issue) => wrong(noun, issue.input, way) });
  const error = (issue: { input: unknown }) => wrong(noun, issue.input, way);
  return orZero === undefined ? number.positive({ error }) : number.nonnegative({ error });
}

/** Part of object names: a DNS label. */
export const label = z
  .string({ error: (issue) => wrong("name", issue.input, "write lower-case letters, digits and -") })
  .max(50, { error: (issue) => wrong("name", issue.input, "write at most 50 characters") })
  .regex(/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/, {
    error: (issue) => wrong("name", issue.input, "write lower-case letters, digits and -"),
  });

export const text = z.string({ error: (issue) => wrong("text", issue.input, "put it in quotes") });

/** A list with at least `least` entries. */
export function list<Item extends z.ZodType>(item: Item, least = 0, noun = "list") {
  return z
    .array(item, { error: (issue) => wrong(noun, issue.input, "write a list") })
    .min(least, { error: () => `invalid ${noun}: it is empty; write at least ${least}` });
}

/** `invalid noun: value; way out`; undefined, so that the reader says "missing", when there is no value. */
export function wrong(noun: string, value: unknown, way: string): string | undefined {
  if (value === undefined) return undefined;
  return `invalid ${noun}: ${shown(value)}; ${way}`;
}

/** A word as it is, anything else as JSON, cut short. */
export function wordOf(value: unknown): string {
  return typeof value === "string" ? value : shown(value);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
