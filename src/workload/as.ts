import { type Problem, UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { As, Workload } from "./workload.ts";

const modes = ["fill", "pending", "repack", "replay"] as const;

/** More than this would repeat a list without end; a percentage beyond it is a slip of the keyboard. */
const MAX_PERCENT = 10_000;

/**
 * Reads the value of `--as`: `fill`, `fill:130%`, `pending`, `repack` or `replay`.
 * @throws UserError when it is none of them.
 */
export function parseAs(text: string, where = "--as"): As {
  const as = asOf(text);
  if (typeof as !== "string") return as;
  const problem: Problem = { where, what: as };
  throw new UserError([problem]);
}

/** The mode that a text names, or what is wrong with it. */
export function asOf(text: string): As | string {
  const colon = text.indexOf(":");
  const mode = colon === -1 ? text : text.slice(0, colon);
  const parameter = colon === -1 ? undefined : text.slice(colon + 1);
  const known = modes.find((candidate) => candidate === mode);
  if (known === undefined) return unknown("mode", mode, modes);
  if (known === "fill") {
    if (parameter === undefined) return { mode: known, percent: undefined };
    const percent = /^\d+(\.\d+)?%$/.test(parameter) ? Number(parameter.slice(0, -1)) : Number.NaN;
    if (percent > 0 && percent <= MAX_PERCENT) return { mode: known, percent };
    return `invalid share: ${JSON.stringify(parameter)}; write fill:130%, above 0 and at most ${MAX_PERCENT}%`;
  }
  if (parameter !== undefined) {
    return `invalid parameter: ${JSON.stringify(parameter)}; ${known} takes none, only fill does (fill:130%)`;
  }
  return { mode: known };
}

/** The mode as a user types it: `fill:130%`, `replay`; the empty string for a workload that tells its own story. */
export function describeAs(workload: Workload): string {
  return workload.content.kind === "list" ? formatAs(workload.content.as) : "";
}

export function formatAs(as: As): string {
  return as.mode === "fill" && as.percent !== undefined ? `fill:${as.percent}%` : as.mode;
}
