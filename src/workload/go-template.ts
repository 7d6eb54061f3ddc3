import { TemplateError } from "./go-template-error.ts";
import { callFunction, formatValue, isTrue, type TemplateValue } from "./go-template-functions.ts";
import {
  type Block,
  type Command,
  type Operand,
  type Pipeline,
  parseGoTemplate,
  type TemplateNode,
} from "./go-template-parser.ts";

type Fields = Readonly<Record<string, TemplateValue>>;

/** A template ready to be rendered any number of times. */
export interface GoTemplate {
  /** @throws TemplateError for what fails while it is rendered. */
  render(fields: Fields): string;
  /**
   * The text in pieces: literals at even places, and between them what each action wrote.
   * @throws TemplateError for what fails while it is rendered.
   */
  readonly pieces: (fields: Fields) => readonly string[];
}

/** Names and values of variables, the innermost last. */
type Variables = [name: string, value: TemplateValue][];

/**
 * Compiles the subset of Go's text/template that scheduler_perf's templates may use: fields, variables, literals, calls,
 * pipes, parentheses, `if`, `else`, `with`, `range` over numbers, lists and mappings, `break`, `continue`, trim markers and
 * comments. A field without a value is `<no value>`, as `missingkey=default` has it. Source: Go's text/template.
 * @throws TemplateError for what is wrong in it, or beyond the subset.
 */
export function compileGoTemplate(text: string): GoTemplate {
  const nodes = parseGoTemplate(text);
  const pieces = (fields: Fields) => {
    const output = new Pieces();
    renderNodes(nodes, fields, { root: fields, variables: [["$", fields]], output });
    return output.list;
  };
  return { render: (fields) => pieces(fields).join(""), pieces };
}

interface Rendering {
  readonly root: Fields;
  readonly variables: Variables;
  readonly output: Pieces;
}

/** Output as literals and values in turn; the list has an odd length. */
class Pieces {
  readonly list: string[] = [""];

  literal(text: string): void {
    this.list[this.list.length - 1] += text;
  }

  value(text: string): void {
    this.list.push(text, "");
  }
}

/** How a list of nodes ended: at its end, or by `break` or `continue` in the loop around it. */
type End = "done" | "break" | "continue";

function renderNodes(nodes: readonly TemplateNode[], dot: TemplateValue, to: Rendering): End {
  for (const node of nodes) {
    const end = renderNode(node, dot, to);
    if (end !== "done") return end;
  }
  return "done";
}

function renderNode(node: TemplateNode, dot: TemplateValue, to: Rendering): End {
  switch (node.kind) {
    case "text":
      to.output.literal(node.text);
      return "done";
    case "action": {
      const value = evaluate(node.pipeline, dot, to);
      if (node.pipeline.declares.length === 0) to.output.value(formatValue(value));
      return "done";
    }
    case "if":
    case "with": {
      const depth = to.variables.length;
      const value = evaluate(node.pipeline, dot, to);
      const inner = node.kind === "with" ? value : dot;
      const end = isTrue(value) ? renderNodes(node.body, inner, to) : renderNodes(node.otherwise, dot, to);
      to.variables.length = depth;
      return end;
    }
    case "range":
      return renderRange(node, dot, to);
    case "break":
    case "continue":
      return node.kind;
  }
}

function renderRange({ pipeline, body, otherwise }: Block, dot: TemplateValue, to: Rendering): End {
  const depth = to.variables.length;
  const entries = rangeOver(evaluate({ ...pipeline, declares: [] }, dot, to));
  if (entries.length === 0) return renderNodes(otherwise, dot, to);
  for (const [key, element] of entries) {
    const [first, second] = pipeline.declares;
    if (second !== undefined) to.variables.push([first, key], [second, element]);
    else if (first !== undefined) to.variables.push([first, element]);
    const end = renderNodes(body, element, to);
    to.variables.length = depth;
    if (end === "break") break;
  }
  return "done";
}

/** Keys and elements; mappings in the order of their keys, as Go has them. */
function rangeOver(value: TemplateValue): (readonly [TemplateValue, TemplateValue])[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return Array.from({ length: Math.max(0, value) }, (_, i) => [i, i] as const);
  }
  if (Array.isArray(value)) return value.map((element: TemplateValue, i) => [i, element] as const);
  if (typeof value === "object") {
    return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
  throw new TemplateError(`template range over ${formatValue(value)}`);
}

function evaluate(pipeline: Pipeline, dot: TemplateValue, to: Rendering): TemplateValue {
  let value: TemplateValue;
  for (const [place, command] of pipeline.commands.entries()) {
    value = evaluateCommand(command, place === 0 ? [] : [value], dot, to);
  }
  for (const name of pipeline.declares) {
    if (!pipeline.assigns) {
      to.variables.push([name, value]);
      continue;
    }
    const variable = to.variables.findLast(([known]) => known === name);
    if (variable === undefined) throw new TemplateError(`template variable ${name}, which is not declared,`);
    variable[1] = value;
  }
  return value;
}

/** `piped` is the last argument. */
function evaluateCommand(
  command: Command,
  piped: readonly TemplateValue[],
  dot: TemplateValue,
  to: Rendering,
): TemplateValue {
  if (command.call === undefined) {
    if (piped.length > 0) throw new TemplateError(`template value after a pipe in ${command.text}`);
    return operandValue(command.operands[0], dot, to);
  }
  // `or` and `and` stop at the first operand that decides, so the others may be such as fail.
  if (command.call === "or" || command.call === "and") {
    let value: TemplateValue;
    for (const operand of command.operands) {
      value = operandValue(operand, dot, to);
      if (isTrue(value) === (command.call === "or")) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }
  return callFunction(command.call, [
    ...command.operands.map((operand) => operandValue(operand, dot, to)),
    ...piped,
  ]);
}

function operandValue(operand: Operand, dot: TemplateValue, to: Rendering): TemplateValue {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "pipeline":
      return fieldOf(evaluate(operand.pipeline, dot, to), operand.path);
    case "dot":
      return fieldOf(dot, operand.path);
    case "variable": {
      const variable = to.variables.findLast(([name]) => name === operand.name);
      if (variable === undefined)
        throw new TemplateError(`template variable ${operand.name}, which is not declared,`);
      return fieldOf(variable[1], operand.path);
    }
  }
}

function fieldOf(value: TemplateValue, path: readonly string[]): TemplateValue {
  let at = value;
  for (const key of path) {
    if (at === undefined || at === null) return undefined;
    if (typeof at !== "object" || Array.isArray(at))
      throw new TemplateError(`template field .${key} of ${formatValue(at)}`);
    at = (at as Readonly<Record<string, TemplateValue>>)[key];
  }
  return at;
}
