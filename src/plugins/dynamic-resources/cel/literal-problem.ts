import { marked } from "./compile-problem.ts";
import { ownName } from "./prepare-tree.ts";
import { regularExpression } from "./regular-expressions.ts";
import { isNode, type Node, visit } from "./syntax-tree.ts";

const CONVERSIONS = new Set(["int", "uint", "double", "bool", "string", "duration", "timestamp"]);

/** Evaluates a part of an expression that reads no variable. */
type Evaluate = (part: Node) => unknown;

/**
 * What cel-go finds before any device is seen: a pattern that is none, a literal that cannot be converted. Undefined
 * when nothing is wrong.
 */
export function literalProblem(root: Node, expression: string, evaluate: Evaluate): string | undefined {
  const found: { readonly place: number; readonly problem: string }[] = [];
  visit(root, (node) => {
    if (node.op === "value" && isTooGreat(node, expression)) {
      const problem = `compilation failed: ERROR: <input>:${marked("invalid int literal", node.start, expression)}`;
      found.push({ place: node.start, problem });
    }
    const problem = node.op === "rcall" ? pattern(node, expression) : conversion(node, expression, evaluate);
    if (problem !== undefined) found.push({ place: node.start, problem });
  });
  return found.sort((a, b) => a.place - b.place)[0]?.problem;
}

function pattern(node: Node, expression: string): string | undefined {
  const [name, , [argument]] = node.args as [string, Node, readonly Node[]];
  const method = ownName(name);
  if (!["matches", "find", "findAll"].includes(method) || !isNode(argument)) return undefined;
  if (argument.op !== "value" || typeof argument.args !== "string") return undefined;
  try {
    regularExpression(argument.args);
    return undefined;
  } catch (error) {
    return method === "matches"
      ? `compilation failed: ERROR: <input>:${marked("invalid matches argument", argument.start, expression)}`
      : `program instantiation failed: ${(error as Error).message}`;
  }
}

function conversion(node: Node, expression: string, evaluate: Evaluate): string | undefined {
  if (node.op !== "call") return undefined;
  const [name, args] = node.args as [string, readonly Node[]];
  const type = ownName(name);
  if (!CONVERSIONS.has(type) || args.length !== 1 || !isLiteral(args[0])) return undefined;
  try {
    evaluate(node);
    return undefined;
  } catch (error) {
    return type === "duration" || type === "timestamp"
      ? `compilation failed: ERROR: <input>:${marked(`invalid ${type} argument`, args[0].start, expression)}`
      : `program instantiation failed: ${(error as Error).message}`;
  }
}

function isTooGreat({ args, start }: Node, expression: string): boolean {
  if (typeof args !== "bigint" || args < 2n ** 63n) return false;
  return args > 2n ** 63n || expression[start - 1] !== "-";
}

function isLiteral(node: Node): boolean {
  return node.op === "value" || (node.op === "-_" && isNode(node.args) && node.args.op === "value");
}
