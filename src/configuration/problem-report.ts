import type { Path } from "./configuration-source.ts";

/** Problems of a configuration's values, each with the path of the value. */
export class ProblemReport {
  readonly problems: { readonly path: Path; readonly what: string }[] = [];

  add(path: Path, what: string): void {
    this.problems.push({ path, what });
  }

  /** A value that breaks a rule; the rule is in kube-scheduler's words, so that it can be searched for. */
  invalid(path: Path, value: unknown, rule: string, wayOut: string): void {
    const noun = path.findLast((key) => typeof key === "string") ?? "value";
    this.add(path, `invalid ${noun}: ${JSON.stringify(value) ?? "none"}, ${rule}; ${wayOut}`);
  }

  /** A whole number outside of a range. */
  range(path: Path, value: number, least: number, most: number, rule: string): void {
    if (value >= least && value <= most) return;
    const range = most === Number.POSITIVE_INFINITY ? `from ${least}` : `from ${least} to ${most}`;
    this.invalid(path, value, rule, `write a whole number ${range}`);
  }
}
