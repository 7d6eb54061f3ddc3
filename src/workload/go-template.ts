import { tokenizeExpression } from "./go-template-tokens.ts";

/** A template that is wrong, or asks for what this subset of Go's text/template does not have. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

type Value = string | number | boolean | undefined;
type Function = (...values: Value[]) => Value;

/** Functions of scheduler_perf (util.go) and the comparisons of text/template. */
const functions: Readonly<Record<string, Function>> = {
  AddInt: (a, b) => whole(a) + whole(b),
  SubtractInt: (a, b) => whole(a) - whole(b),
  MultiplyInt: (a, b) => whole(a) * whole(b),
  DivideInt: (a, b) => Math.trunc(whole(a) / divisor(whole(b))),
  Mod: (a, b) => whole(a) % divisor(whole(b)),
  AddFloat: (a, b) => numeric(a) + numeric(b),
  SubtractFloat: (a, b) => numeric(a) - numeric(b),
  MultiplyFloat: (a, b) => numeric(a) * numeric(b),
  DivideFloat: (a, b) => numeric(a) / divisor(numeric(b)),
  Int: (a) => whole(a),
  JSON: (a) => JSON.stringify(a ?? null),
  eq: (a, ...others) => others.some((other) => a === other),
  ne: (a, b) => a !== b,
  lt: (a, b) => numeric(a) < numeric(b),
  le: (a, b) => numeric(a) <= numeric(b),
  gt: (a, b) => numeric(a) > numeric(b),
  ge: (a, b) => numeric(a) >= numeric(b),
  not: (a) => !isTrue(a),
  or: (...values) => values.find(isTrue) ?? values.at(-1),
  and: (...values) => values.find((value) => !isTrue(value)) ?? values.at(-1),
};

/**
 * Renders the subset of Go's text/template that templates of nodes and pods use: fields, variables, literals, calls,
 * pipes, parentheses, `if`, `else` and `end`. A field without a value is `<no value>`, as `missingkey=default` has it.
 * @throws TemplateError for anything else.
 */
export function renderGoTemplate(text: string, fields: Readonly<Record<string, Value>>): string {
  if (!text.includes("{{")) return text;
  const variables = new Map<string, Value>();
  /** For each open `if`: whether its present branch is rendered, whether one was already, and whether the outer one is. */
  const branches: { on: boolean; done: boolean; outer: boolean }[] = [];
  let on = true;
  let output = "";
  for (const [, literal = "", trimLeft, action, trimRight] of split(text)) {
    if (on) output += literal;
    if (action === undefined) continue;
    if (trimLeft === "-") output = output.trimEnd();
    const [word = "", ...rest] = action.split(/\s+/);
    if (action.startsWith("/*")) continue;
    if (word === "if") {
      const holds = on && isTrue(evaluate(rest.join(" "), fields, variables));
      branches.push({ on: holds, done: holds, outer: on });
    } else if (word === "else") {
      const branch = branches.at(-1);
      if (branch === undefined) throw new TemplateError("invalid template: else without if");
      const condition = rest[0] === "if" ? rest.slice(1).join(" ") : undefined;
      branch.on =
        branch.outer &&
        !branch.done &&
        (condition === undefined || isTrue(evaluate(condition, fields, variables)));
      branch.done ||= branch.on;
    } else if (word === "end") {
      if (branches.pop() === undefined) throw new TemplateError("invalid template: end without if");
    } else if (["range", "with", "define", "template", "block", "break", "continue"].includes(word)) {
      throw new TemplateError(`template action ${word}`);
    } else if (on) {
      output += renderAction(action, fields, variables);
    }
    on = branches.every((branch) => branch.on);
    if (trimRight === "-") throw new TemplateError("template trim marker -}}");
  }
  if (branches.length > 0) throw new TemplateError("invalid template: if without end");
  return output;
}

/** Literal text and the action after it, if there is one. */
function split(text: string): Iterable<RegExpMatchArray> {
  return text.matchAll(/([\s\S]*?)(?:\{\{(-?)\s*([\s\S]*?)\s*(-?)\}\}|$)/g);
}

function renderAction(
  action: string,
  fields: Readonly<Record<string, Value>>,
  variables: Map<string, Value>,
): string {
  const assignment = /^(\$\w+)\s*:?=\s*([\s\S]*)$/.exec(action);
  if (assignment === null) return String(evaluate(action, fields, variables) ?? "<no value>");
  variables.set(assignment[1], evaluate(assignment[2], fields, variables));
  return "";
}

function evaluate(
  expression: string,
  fields: Readonly<Record<string, Value>>,
  variables: ReadonlyMap<string, Value>,
): Value {
  const tokens = tokenizeExpression(expression);
  if (tokens === undefined) throw new TemplateError(`template expression ${expression}`);
  let at = 0;

  const operand = (): Value => {
    const token = tokens[at++];
    if (token === "(") {
      const value = pipeline();
      if (tokens[at++] !== ")") throw new TemplateError(`template expression ${expression}`);
      return value;
    }
    if (token.startsWith(".")) return fields[token.slice(1)];
    if (token.startsWith("$")) return variables.get(token);
    if (/^["`]/.test(token)) return token.slice(1, -1);
    if (token === "true" || token === "false") return token === "true";
    const number = Number(token);
    if (Number.isNaN(number)) throw new TemplateError(`template function ${token}`);
    return number;
  };

  /** A call, or one operand; `piped` is the last argument. */
  const command = (piped: readonly Value[]): Value => {
    const call = Object.hasOwn(functions, tokens[at] ?? "") ? functions[tokens[at++]] : undefined;
    const values: Value[] = [];
    while (at < tokens.length && tokens[at] !== "|" && tokens[at] !== ")") values.push(operand());
    if (call !== undefined) return call(...values, ...piped);
    if (values.length !== 1 || piped.length > 0) throw new TemplateError(`template expression ${expression}`);
    return values[0];
  };

  const pipeline = (): Value => {
    let value = command([]);
    while (tokens[at] === "|") {
      at++;
      value = command([value]);
    }
    return value;
  };

  const value = pipeline();
  if (at < tokens.length) throw new TemplateError(`template expression ${expression}`);
  return value;
}

function isTrue(value: Value): boolean {
  return value !== undefined && value !== false && value !== 0 && value !== "";
}

function numeric(value: Value): number {
  const number = Number(value);
  if (value === undefined || value === "" || Number.isNaN(number)) {
    throw new TemplateError(`template argument ${String(value)}, which is no number,`);
  }
  return number;
}

function whole(value: Value): number {
  return Math.trunc(numeric(value));
}

function divisor(value: number): number {
  if (value === 0) throw new TemplateError("template division by zero");
  return value;
}
