import { TypeError as CelTypeError, ParseError } from "@marcbachmann/cel-js";
import { ownName } from "./prepare-tree.ts";
import { type CelType, isNode, type Node } from "./syntax-tree.ts";

/**
 * cel-go's text for an expression that does not compile: what is wrong, its line and column, the line itself and a mark
 * below the column. Of several mistakes only the first is told; for mistakes of grammar the words are the evaluator's.
 */
export function compileProblem(error: unknown, expression: string, functions: ReadonlySet<string>): string {
  if (!(error instanceof CelTypeError || error instanceof ParseError)) throw error;
  const { node } = error;
  if (expression === "") return `ERROR: <input>:1:0: ${END}`;
  const [text, place] = isNode(node)
    ? described(error.code, error.summary, node, functions)
    : [grammarProblem(error.summary), node?.pos ?? 0];
  return `ERROR: <input>:${marked(text, place, expression)}`;
}

function grammarProblem(summary: string): string {
  if (summary === "Unexpected token: EOF") return END;
  return summary.startsWith("argument must") ? summary : `Syntax error: ${summary}`;
}

/** What `1 +` lacks. */
const END =
  "Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** `1:5: text`, the line, and dots up to the mark, as cel-go prints a mistake. */
export function marked(text: string, place: number, expression: string): string {
  const before = expression.slice(0, place).split("\n");
  const column = Array.from(before.at(-1) ?? "").length;
  const line = expression.split("\n")[before.length - 1] ?? "";
  return `${before.length}:${column + 1}: ${text}\n | ${line}\n | ${".".repeat(column)}^`;
}

function described(
  code: string,
  summary: string,
  node: Node,
  functions: ReadonlySet<string>,
): readonly [string, number] {
  switch (code) {
    case "unknown_variable":
      return [`undeclared reference to '${String(node.args)}' (in container '')`, node.start];
    case "no_such_key":
      return [fieldProblem(node), placeOf(node)];
    case "cannot_index_type":
      return [
        `type '${typeName(operand(node)?.checkedType)}' does not support field selection`,
        placeOf(node),
      ];
    case "no_such_overload":
    case "no_matching_overload":
      return (isCall(node) && unknownFunction(node, functions)) || overload(node);
    case "invalid_macro_argument":
      return [
        summary.includes("iteration variable")
          ? "argument must be a simple name"
          : "invalid argument to has() macro",
        placeOf(node),
      ];
    case "invalid_logical_operand":
      return logicalOperand(node);
    case "invalid_condition_type":
    case "incompatible_ternary_branches":
      return node.op === "?:" || summary.startsWith("Ternary")
        ? conditional(node)
        : [`expected type 'bool' but found '${typeName(node.checkedType)}'`, placeOf(node)];
    case "invalid_comprehension_range":
      return [
        `expression of type '${typeName(node.checkedType)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        placeOf(node),
      ];
  }
  const heterogeneous = /expected type '(.*)' but found '(.*)'$/.exec(summary);
  if (heterogeneous === null) return [summary, placeOf(node)];
  return [
    `expected type '${typeText(heterogeneous[1])}' but found '${typeText(heterogeneous[2])}'`,
    placeOf(node),
  ];
}

function overload(node: Node): readonly [string, number] {
  const place = placeOf(node);
  if (node.op === "rcall") {
    const [name, receiver, args] = node.args as [string, Node, readonly Node[]];
    const called = `'${typeName(receiver.checkedType)}.(${types(args)})'`;
    const namespaced = /^namespace\.(.*)$/.exec(receiver.checkedType?.name ?? "")?.[1];
    if (namespaced !== undefined) {
      return [`found no matching overload for '${namespaced}.${name}' applied to '(${types(args)})'`, place];
    }
    return [`found no matching overload for '${ownName(name)}' applied to ${called}`, place];
  }
  if (node.op === "call") {
    const [name, args] = node.args as [string, readonly Node[]];
    return [`found no matching overload for '${ownName(name)}' applied to '(${types(args)})'`, place];
  }
  const operands = Array.isArray(node.args) ? (node.args as readonly Node[]) : [node.args as Node];
  const name =
    node.op === "in" ? "@in" : node.op === "[]" ? "_[_]" : operands.length === 1 ? node.op : `_${node.op}_`;
  return [`found no matching overload for '${name}' applied to '(${types(operands)})'`, place];
}

function logicalOperand(node: Node): readonly [string, number] {
  const wrong = (node.args as readonly Node[]).find(
    ({ checkedType }) => checkedType?.kind !== "dyn" && checkedType?.name !== "bool",
  );
  return [`expected type 'bool' but found '${typeName(wrong?.checkedType)}'`, placeOf(wrong ?? node)];
}

/** A condition that is none, told of the condition; branches of two types, told of the whole. */
function conditional(node: Node): readonly [string, number] {
  if (node.op !== "?:")
    return [`expected type 'bool' but found '${typeName(node.checkedType)}'`, placeOf(node)];
  const parts = node.args as readonly Node[];
  return [`found no matching overload for '_?_:_' applied to '(${types(parts)})'`, placeOf(node)];
}

function isCall(node: Node): boolean {
  return node.op === "call" || node.op === "rcall";
}

function unknownFunction(node: Node, functions: ReadonlySet<string>): readonly [string, number] | undefined {
  const [name] = node.args as readonly [string];
  if (functions.has(name)) return undefined;
  return [`undeclared reference to '${name.replace(/__$/, "")}' (in container '')`, placeOf(node)];
}

function fieldProblem(node: Node): string {
  if (node.op === "call") {
    const [, [field]] = node.args as [string, readonly [Node]];
    return `undefined field '${fieldName(field)}'`;
  }
  const type = typeName(operand(node)?.checkedType);
  return type === "kubernetes.DRADevice"
    ? `undefined field '${fieldName(node)}'`
    : `unexpected failed resolution of '${type}'`;
}

function fieldName(node: Node): string {
  const [, name] = node.args as readonly [Node, unknown];
  return isNode(name) ? String(name.args) : String(name);
}

function operand(node: Node): Node | undefined {
  const [first] = Array.isArray(node.args) ? (node.args as readonly unknown[]) : [];
  return isNode(first) ? first : undefined;
}

/** Where cel-go says that an operation is: at its operator, dot or opening parenthesis. */
function placeOf(node: Node): number {
  const after = (from: number, mark: string) => Math.max(node.input.indexOf(mark, from), node.start);
  switch (node.op) {
    case "rcall":
      return after((node.args as [string, Node])[1].end, "(");
    case "call":
      return after(node.start, "(");
    case ".":
    case ".?":
      return after((node.args as [Node])[0].end, ".");
    case "[]":
    case "[?]":
      return after((node.args as [Node])[0].end, "[");
    case "?:":
      return after((node.args as [Node])[0].end, "?");
    case "value":
    case "id":
    case "list":
    case "map":
    case "!_":
    case "-_":
      return node.start;
    default: {
      const left = operand(node);
      return left === undefined ? node.start : after(left.end, node.op);
    }
  }
}

function types(nodes: readonly Node[]): string {
  return nodes.map(({ checkedType }) => typeName(checkedType)).join(", ");
}

function typeName(type: CelType | undefined): string {
  return typeText(type?.name ?? "dyn");
}

/** A type in cel-go's spelling. */
export function typeText(name: string): string {
  return name
    .replaceAll(/\b[A-Z]\b(?!\.)/g, "dyn")
    .replaceAll(/(^|[<\s])(list|map)(?=$|[>,])/g, (_whole, before: string, type: string) =>
      type === "list" ? `${before}list<dyn>` : `${before}map<dyn, dyn>`,
    )
    .replaceAll("optional<", "optional_type<")
    .replaceAll("<", "(")
    .replaceAll(">", ")")
    .replaceAll(/dyn\((\w+)\)/g, "dyn");
}
