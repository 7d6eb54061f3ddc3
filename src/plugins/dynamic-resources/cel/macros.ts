import { type Environment, EvaluationError, Optional, ParseError } from "@marcbachmann/cel-js";
import { compareValues, entries, isMap } from "./equal-values.ts";
import type { CelType, Checker, Evaluator, Macro, MacroUse, Node, Scope } from "./syntax-tree.ts";

/** A pass over the pairs of a list or a map: what one pair gives, and what all give. */
interface Pass {
  readonly result: string;
  run(
    pairs: readonly (readonly [unknown, unknown])[],
    value: (pair: readonly [unknown, unknown]) => unknown,
  ): unknown;
}

const every: Pass = { result: "bool", run: (pairs, value) => quantified(pairs, value, false) };
const some: Pass = { result: "bool", run: (pairs, value) => quantified(pairs, value, true) };
const one: Pass = {
  result: "bool",
  run: (pairs, value) => pairs.filter((pair) => truth(value(pair))).length === 1,
};
const toList: Pass = { result: "list<dyn>", run: (pairs, value) => pairs.map(value) };
const toMap: Pass = {
  result: "map<dyn, dyn>",
  run: (pairs, value) => new Map(pairs.map((pair) => [pair[0], value(pair)])),
};
const toEntries: Pass = {
  result: "map<dyn, dyn>",
  run: (pairs, value) => new Map(pairs.flatMap((pair) => entries(value(pair) as object))),
};

/** Functions of cel-go's optional library that the evaluator lacks. */
export function addOptionals(environment: Environment): void {
  environment.registerFunction(
    "OptionalNamespace.ofNonZeroValue(T): optional<T>",
    (_: unknown, value: unknown) => (isZero(value) ? Optional.none() : Optional.of(value)),
  );
  environment.registerFunction(
    "OptionalNamespace.unwrap(list<optional<T>>): list<T>",
    (_: unknown, list: readonly Optional[]) => list.filter((one) => one.hasValue()).map((one) => one.value()),
  );
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && entries(value).length === 0;
}

/** Macros of cel-go that the evaluator lacks: with two variables (ext/comprehensions.go), over optionals, and `sortBy`. */
export function addMacros(environment: Environment): void {
  const add = (signature: string, macro: (use: MacroUse) => Macro) =>
    environment.registerFunction(signature, macro);
  add("list.all(ast, ast, ast): bool", overPairs(every));
  add("list.exists(ast, ast, ast): bool", overPairs(some));
  add("list.exists_one(ast, ast, ast): bool", overPairs(one));
  add("list.existsOne(ast, ast, ast): bool", overPairs(one));
  add("list.transformList(ast, ast, ast): list<dyn>", overPairs(toList));
  add("list.transformList(ast, ast, ast, ast): list<dyn>", overPairs(toList));
  add("list.transformMap(ast, ast, ast): map<dyn, dyn>", overPairs(toMap));
  add("list.transformMap(ast, ast, ast, ast): map<dyn, dyn>", overPairs(toMap));
  add("list.transformMapEntry(ast, ast, ast): map<dyn, dyn>", overPairs(toEntries));
  add("list.transformMapEntry(ast, ast, ast, ast): map<dyn, dyn>", overPairs(toEntries));
  add("list.sortBy(ast, ast): list<dyn>", sortBy);
  add("optional.optMap(ast, ast): optional<dyn>", overOptional(false));
  add("optional.optFlatMap(ast, ast): optional<dyn>", overOptional(true));
}

function overPairs(pass: Pass) {
  return ({ receiver, args }: MacroUse): Macro => {
    const [first, second] = [variable(args[0]), variable(args[1])];
    const [filter, step] = args.length === 4 ? [args[2], args[3]] : [undefined, args[2]];
    let scopes: readonly [Scope, Scope];
    return {
      typeCheck(checker, _macro, scope) {
        const range = checker.check(receiver, scope);
        const [keys, values] = rangeTypes(checker, range, receiver);
        const outer = scope.forkWithVariable(first, keys);
        scopes = [outer, outer.forkWithVariable(second, values)];
        for (const node of [filter, ...(pass.result === "bool" ? [step] : [])]) {
          if (node !== undefined) expectTruth(checker, node, scopes[1]);
        }
        checker.check(step, scopes[1]);
        return checker.getType(pass.result);
      },
      evaluate(evaluator, _macro, scope) {
        const value = (node: Node) => (pair: readonly [unknown, unknown]) => {
          const outer = scopes[0].reuse(scope).setIterValue(pair[0], evaluator);
          return evaluator.run(node, scopes[1].reuse(outer).setIterValue(pair[1], evaluator));
        };
        const pairs = pairsOf(evaluator.run(receiver, scope));
        const kept = filter === undefined ? pairs : pairs.filter((pair) => truth(value(filter)(pair)));
        return pass.run(kept, value(step));
      },
    };
  };
}

function overOptional(flat: boolean) {
  return ({ receiver, args: [name, step] }: MacroUse): Macro => {
    let inner: Scope;
    return {
      typeCheck(checker: Checker, _macro, scope) {
        const { valueType } = checker.check(receiver, scope);
        inner = scope.forkWithVariable(variable(name), valueType ?? checker.getType("dyn"));
        const { name: type } = checker.check(step, inner);
        return checker.getType(flat ? type : `optional<${type}>`);
      },
      evaluate(evaluator: Evaluator, _macro, scope) {
        const optional = evaluator.run(receiver, scope);
        if (!(optional instanceof Optional)) throw new EvaluationError("no such overload");
        if (!optional.hasValue()) return optional;
        const value = evaluator.run(step, inner.reuse(scope).setIterValue(optional.value(), evaluator));
        return flat ? value : Optional.of(value);
      },
    };
  };
}

function sortBy({ receiver, args: [name, step] }: MacroUse): Macro {
  let inner: Scope;
  return {
    typeCheck(checker, _macro, scope) {
      const list = checker.check(receiver, scope);
      inner = scope.forkWithVariable(variable(name), list.valueType ?? checker.getType("dyn"));
      checker.check(step, inner);
      return list;
    },
    evaluate(evaluator, _macro, scope) {
      const keyed = pairsOf(evaluator.run(receiver, scope)).map(([, value]) => ({
        value,
        key: evaluator.run(step, inner.reuse(scope).setIterValue(value, evaluator)),
      }));
      return keyed.sort((a, b) => compareValues(a.key, b.key)).map(({ value }) => value);
    },
  };
}

function variable(node: Node): string {
  if (node.op === "id") return String(node.args);
  const { input, pos, start, end } = node;
  throw new ParseError("argument must be a simple name", { input, pos, start, end });
}

function rangeTypes(checker: Checker, range: CelType, node: Node): readonly [CelType, CelType] {
  const anything = checker.getType("dyn");
  if (range.kind === "list") return [checker.getType("int"), range.valueType ?? anything];
  if (range.kind === "map") return [range.keyType ?? anything, range.valueType ?? anything];
  if (range.kind === "dyn") return [anything, anything];
  throw checker.createError(
    "invalid_comprehension_range",
    `Expression of type '${range.name}' cannot be range`,
    node,
  );
}

function expectTruth(checker: Checker, node: Node, scope: Scope): void {
  const type = checker.check(node, scope);
  if (type.kind !== "dyn" && type.name !== "bool") {
    throw checker.createError(
      "invalid_condition_type",
      `predicate must return bool, got '${type.name}'`,
      node,
    );
  }
}

function pairsOf(range: unknown): (readonly [unknown, unknown])[] {
  if (Array.isArray(range)) return range.map((value, i) => [BigInt(i), value] as const);
  if (!isMap(range)) throw new EvaluationError("no such overload");
  return entries(range);
}

/** One pair that decides is enough, whatever fails before; else the first failure counts. */
function quantified(
  pairs: readonly (readonly [unknown, unknown])[],
  value: (pair: readonly [unknown, unknown]) => unknown,
  deciding: boolean,
): boolean {
  const failures: unknown[] = [];
  for (const pair of pairs) {
    try {
      if (truth(value(pair)) === deciding) return deciding;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return !deciding;
}

function truth(value: unknown): boolean {
  if (typeof value !== "boolean") throw new EvaluationError("no such overload");
  return value;
}
