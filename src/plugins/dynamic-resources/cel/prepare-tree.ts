import { EvaluationError } from "@marcbachmann/cel-js";
import { unsignedProblem } from "./conversions.ts";
import {
  type CelType,
  type Checker,
  type Evaluator,
  isNode,
  type Macro,
  type Node,
  type Operation,
  type Scope,
  visit,
} from "./syntax-tree.ts";

const INT64_MAX = 2n ** 63n - 1n;

type Check = (checker: Checker, node: Node, scope: Scope) => CelType;

/** A call of a method once its types are known. */
interface MethodCall extends Node {
  readonly candidates: { findFunction(types: readonly CelType[], receiver: CelType): unknown };
  readonly argTypes: readonly CelType[];
}

/** Functions of the evaluator in whose place stand functions of Kubernetes', under the name with `_`. */
const METHODS: Readonly<Record<string, readonly number[]>> = {
  matches: [1],
  lowerAscii: [0],
  upperAscii: [0],
  substring: [1, 2],
  split: [1, 2],
  indexOf: [1, 2],
  lastIndexOf: [1, 2],
};
const FUNCTIONS = new Set(["int", "double", "bool", "string"]);
/** Functions that cel-go does not have. */
const UNKNOWN_METHODS = new Set(["json", "hex", "string", "base64", "at", "getDate"]);

/** Maps that answer for every domain, and tell by `has` which of them there are. */
const domainMaps = new WeakSet<object>();

/** Makes `get` of a map answer for every key, with nothing of what it does not have; `in` still tells what it has. */
export function withEveryDomain<V>(map: Map<string, V>, nothing: V): ReadonlyMap<string, V> {
  const get = map.get.bind(map);
  // The evaluator knows maps by their constructor, so that this cannot be a subclass.
  map.get = (key) => get(key) ?? nothing;
  domainMaps.add(map);
  return map;
}

/**
 * Makes a tree evaluate as cel-go does where the evaluator differs: operands from left to right, so that the leftmost
 * failure is told; `has` of any expression before the last dot; `cel.bind` that evaluates its value when it is read; and
 * functions of Kubernetes' in place of the evaluator's own.
 */
export function prepareTree(root: unknown): void {
  visit(root, prepare);
}

/** A function's name as its user writes it. */
export function ownName(name: string): string {
  return name.replace(/_$/, "");
}

function prepare(node: Node): void {
  if (node.op === "&&" || node.op === "||") node.setMeta("evaluate", leftmost(node.op === "||"));
  if (node.op === "list") prepareList(node);
  if (node.op === "in") node.setMeta("evaluate", member);
  if (node.op === "-_") node.setMeta("evaluate", negative);
  if (node.op === "/") node.setMeta("evaluate", quotient);
  if (node.op === "[]") node.setMeta("check", indexed(node.meta["check"] as Check));
  if (node.op === "rcall") prepareMethod(node);
  if (node.op === "call") prepareFunction(node);
}

function prepareList(node: Node): void {
  const items = node.args as readonly Node[];
  if (items.length > 0)
    node.setMeta("evaluate", (ev: Evaluator, _list: Node, scope: Scope) => values(ev, items, scope));
}

function prepareMethod(node: Node): void {
  const parts = node.args as [string, Node, readonly Node[]];
  const [name, receiver, args] = parts;
  if (name === "format") for (const argument of args) visit(argument, ofAnyTypes);
  node.setMeta("check", suited(node.meta["check"] as Check));
  if (METHODS[name]?.includes(args.length) === true && !isNode(node.meta["alternate"])) parts[0] = `${name}_`;
  if (UNKNOWN_METHODS.has(name) && receiver.op !== "id") parts[0] = `${name}__`;
  node.setMeta("evaluate", (ev: Evaluator, call: Operation, scope: Scope) =>
    call.handle(values(ev, [receiver, ...args], scope), ev, call),
  );
}

function prepareFunction(node: Node): void {
  const parts = node.args as [string, readonly Node[]];
  const [name, args] = parts;
  if (name === "has") {
    node.setMeta("macro", fieldTest(node, args[0])).setMeta("async", false);
    return;
  }
  if (FUNCTIONS.has(name)) parts[0] = `${name}_`;
  node.setMeta("evaluate", (ev: Evaluator, call: Operation, scope: Scope) => {
    const operands = values(ev, args, scope);
    const problem = name === "uint" ? unsignedProblem(operands[0]) : undefined;
    if (problem !== undefined) throw problem;
    return call.handle(operands, call, ev);
  });
}

function values(ev: Evaluator, nodes: readonly Node[], scope: Scope): unknown[] {
  return nodes.map((node) => ev.run(node, scope));
}

/** `&&` and `||`: one operand that decides is enough, whatever the other; else the left one's failure comes first. */
function leftmost(deciding: boolean) {
  return (ev: Evaluator, node: Node, scope: Scope): boolean => {
    const [left, right] = node.args as readonly [Node, Node];
    const first = ev.tryEval(left, scope);
    if (first === deciding) return deciding;
    const second = ev.tryEval(right, scope);
    if (second === deciding) return deciding;
    for (const value of [first, second]) {
      if (value instanceof Error) throw value;
      if (value !== !deciding) throw new EvaluationError("no such overload");
    }
    return !deciding;
  };
}

function member(ev: Evaluator, node: Operation, scope: Scope): unknown {
  const [sought, within] = values(ev, node.args as readonly Node[], scope);
  if (within instanceof Map && domainMaps.has(within)) return within.has(sought);
  return node.handle(sought, within, node, ev);
}

function negative(ev: Evaluator, node: Operation, scope: Scope): unknown {
  const value = node.handle(ev.run(node.args as Node, scope), node, ev);
  if (typeof value === "bigint" && value > INT64_MAX) throw new EvaluationError("integer overflow");
  return value;
}

function quotient(ev: Evaluator, node: Operation, scope: Scope): unknown {
  const [left, right] = values(ev, node.args as readonly Node[], scope);
  const value = node.handle(left, right, node, ev);
  if (typeof value === "bigint" && value > INT64_MAX) throw new EvaluationError("integer overflow");
  return value;
}

/** The lists and maps that `format` is given may hold values of several types. */
function ofAnyTypes(node: Node): void {
  if (node.op !== "list" && node.op !== "map") return;
  node.setMeta("check", (checker: Checker, literal: Node, scope: Scope) => {
    for (const item of (literal.args as readonly (Node | readonly Node[])[]).flat())
      checker.check(item, scope);
    return checker.getType(literal.op);
  });
}

/** Fields of objects are read with a dot only. */
function indexed(check: Check): Check {
  return (checker, node, scope) => {
    const type = check(checker, node, scope);
    const [holder] = node.args as readonly [Node];
    if (holder.checkedType?.kind === "message") throw checker.createError("no_matching_overload", "", node);
    return type;
  };
}

/** A method of a value whose type is not known must be one that takes the arguments. */
function suited(check: Check): Check {
  return (checker, node, scope) => {
    const type = check(checker, node, scope);
    const [, receiver] = node.args as readonly [string, Node];
    const { candidates, argTypes } = node as MethodCall;
    if (
      receiver.checkedType?.kind === "dyn" &&
      candidates.findFunction(argTypes, receiver.checkedType) === null
    ) {
      throw checker.createError("no_matching_overload", "", node);
    }
    return type;
  };
}

function fieldTest(call: Node, field: Node): Macro {
  return {
    typeCheck(checker: Checker, _macro, scope) {
      if (field.op !== ".") {
        throw checker.createError("invalid_macro_argument", "invalid argument to has() macro", field);
      }
      const [before] = field.args as readonly [Node];
      checker.check(before, scope);
      try {
        checker.check(field, scope);
      } catch {
        throw checker.createError("no_such_key", "", call);
      }
      return checker.getType("bool");
    },
    evaluate(ev, _macro, scope) {
      const [before, name] = field.args as readonly [Node, string];
      const holder = ev.run(before, scope);
      if (holder instanceof Map) return holder.get(name) !== undefined;
      return typeof holder === "object" && holder !== null && name in holder;
    },
  };
}
