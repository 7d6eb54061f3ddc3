/** One problem of the input: where, what, and the way out, in one sentence each. */
export interface Problem {
  /** Where: `file`, `file:line` or `file:line:column`; empty when it is the command line. */
  readonly where: string;
  /** `invalid noun: value; way out`, `unknown noun: value, did you mean nearest?`, `missing noun: name; way out`. */
  readonly what: string;
}

/** The input's fault. Every problem of one input is collected, printed together, and the command exits with 2. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | string) {
    const list = typeof problems === "string" ? [{ where: "", what: problems }] : problems;
    super(list.map(formatProblem).join("\n"));
    this.problems = list;
  }
}

function formatProblem(problem: Problem): string {
  return problem.where === "" ? problem.what : `${problem.where}: ${problem.what}`;
}

/** A plugin's fault or ours: the trial stops, the others go on, and the command exits with 3. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** A limit of the simulation was reached; the message names it, its value and how to raise it. */
export class LimitReached extends Error {
  override readonly name = "LimitReached";
}
