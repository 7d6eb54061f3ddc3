import { UserError } from "../src/base/errors.ts";

/** `small` runs with the tests; `full` is for measuring. */
export type Size = "small" | "full";

/** @throws UserError for any other word */
export function sizeOf(text: string): Size {
  if (text === "small" || text === "full") return text;
  throw new UserError([{ where: "--size", what: `invalid size: ${text}; write small or full` }]);
}
