import { type Environment, EvaluationError, type ParseResult } from "@marcbachmann/cel-js";
import type { Device, DeviceAttribute } from "../../kubernetes/device-object.ts";
import { compileProblem, typeText } from "./cel/compile-problem.ts";
import { literalProblem } from "./cel/literal-problem.ts";
import { prepareTree, withEveryDomain } from "./cel/prepare-tree.ts";
import { isNode } from "./cel/syntax-tree.ts";
import { CelDevice, deviceEnvironment } from "./cel-environment.ts";
import { CelQuantity, CelSemver } from "./cel-values.ts";

const OPTIONAL_HINT =
  "consider using CEL optional chaining (.? followed by orValue()) or guarding the check with has() for optional fields";

/** Whether a selector accepts a device of a driver, or the text of what went wrong. */
export type Match = boolean | { readonly problem: string };

type Program = ParseResult | { readonly problem: string };

interface Cel {
  readonly environment: Environment;
  /** Names of all functions, for messages. */
  readonly functions: ReadonlySet<string>;
}

let cel: Cel | undefined;
const programs = new Map<string, Program>();
const matches = new WeakMap<Device, Map<string, Match>>();
const activations = new WeakMap<Device, Map<string, CelDevice>>();

/**
 * A device selector in CEL over the variable `device`. Problems are upstream's, from `CEL compile error: ` or
 * `CEL runtime error: ` on; of grammar and of several mistakes in one expression see `compileProblem`. Answers are kept per
 * device object, which must not change.
 */
export function deviceMatches(expression: string, device: Device, driver: string): Match {
  let known = matches.get(device);
  if (known === undefined) {
    known = new Map();
    matches.set(device, known);
  }
  const key = `${driver}\n${expression}`;
  let match = known.get(key);
  if (match === undefined) {
    match = evaluate(expression, device, driver);
    known.set(key, match);
  }
  return match;
}

/** Made with the first selector: most runs have none. */
function celOf(): Cel {
  if (cel === undefined) {
    const environment = deviceEnvironment();
    cel = { environment, functions: new Set(environment.getDefinitions().functions.map(({ name }) => name)) };
  }
  return cel;
}

function evaluate(expression: string, device: Device, driver: string): Match {
  const program = compiled(expression);
  if ("problem" in program) return program;
  let value: unknown;
  try {
    value = program({ device: activation(device, driver) });
  } catch (error) {
    return { problem: `CEL runtime error: ${runtimeText(error)}` };
  }
  if (typeof value === "boolean") return value;
  return { problem: `CEL runtime error: ${conversionText(value)}` };
}

function compiled(expression: string): Program {
  let program = programs.get(expression);
  if (program === undefined) {
    program = compile(expression);
    programs.set(expression, program);
  }
  return program;
}

function compile(expression: string): Program {
  const { environment, functions } = celOf();
  const failed = (problem: string) => ({ problem: `CEL compile error: ${problem}` });
  try {
    const program = environment.parse(expression);
    const root: unknown = program.ast;
    prepareTree(root);
    const { valid, type = "dyn", error } = program.check();
    if (!valid) return failed(`compilation failed: ${compileProblem(error, expression, functions)}`);
    const literal = isNode(root) ? literalProblem(root, expression, partOf(expression)) : undefined;
    if (literal !== undefined) return failed(literal);
    if (type !== "bool" && type !== "dyn") {
      return failed(`must evaluate to bool or the unknown type, not ${typeText(type)}`);
    }
    return program;
  } catch (error) {
    return failed(`compilation failed: ${compileProblem(error, expression, functions)}`);
  }
}

/** Evaluates a part of an expression alone. */
function partOf(expression: string) {
  return ({ start, end }: { readonly start: number; readonly end: number }): unknown => {
    const part = celOf().environment.parse(expression.slice(start, end));
    prepareTree(part.ast);
    try {
      return part({});
    } catch (error) {
      throw new Error(runtimeText(error));
    }
  };
}

function runtimeText(error: unknown): string {
  if (!(error instanceof EvaluationError)) return error instanceof Error ? error.message : String(error);
  const { code, summary } = error;
  const cause = error.cause instanceof Error && code === "evaluation_error" ? error.cause.message : summary;
  switch (code) {
    case "no_such_key":
      return `no such key: ${cause.replace(/^No such key: /, "")}. ${OPTIONAL_HINT}`;
    case "no_such_overload":
    case "no_matching_overload":
    case "invalid_condition_type":
    case "invalid_logical_operand":
    case "invalid_comprehension_range":
      return "no such overload";
    case "numeric_overflow":
      return cause.startsWith("Unsigned") ? "unsigned integer overflow" : "integer overflow";
    case "modulo_by_zero":
      return "modulus by zero";
    case "index_out_of_bounds":
      return `index out of bounds: ${/index (-?\d+)/.exec(cause)?.[1]}`;
    case "optional_value_missing":
      return "optional.none() dereference";
  }
  return cause;
}

/** cel-go's texts for results that are no truth values. */
function conversionText(value: unknown): string {
  const because = (type: string, why: string) =>
    `CEL result of type ${type} could not be converted to bool: ${why}`;
  if (typeof value === "string") {
    return because("string", "unsupported native conversion from string to 'bool'");
  }
  if (typeof value === "bigint") return because("int", "unsupported type conversion from 'int' to bool");
  if (typeof value === "number") return because("double", "type conversion error from Double to 'bool'");
  const type = celType(value);
  return because(
    type,
    `type conversion error from '${type.replace("kubernetes.Semver", "Semver")}' to 'bool'`,
  );
}

function celType(value: unknown): string {
  if (value instanceof CelQuantity) return "kubernetes.Quantity";
  if (value instanceof CelSemver) return "kubernetes.Semver";
  if (value === null) return "null_type";
  return Array.isArray(value) ? "list" : "map";
}

function activation(device: Device, driver: string): CelDevice {
  let known = activations.get(device);
  if (known === undefined) {
    known = new Map();
    activations.set(device, known);
  }
  let variable = known.get(driver);
  if (variable === undefined) {
    variable = new CelDevice(
      driver,
      byDomain(device.attributes, driver, attributeValue),
      byDomain(device.capacity, driver, ({ value = 0 }) => CelQuantity.parse(value)),
      device.allowMultipleAllocations === true,
    );
    known.set(driver, variable);
  }
  return variable;
}

function attributeValue({ int, bool, string, version }: DeviceAttribute): unknown {
  if (int !== undefined) return BigInt(int);
  if (bool !== undefined) return bool;
  if (string !== undefined) return string;
  return CelSemver.parse(version ?? "");
}

/** Domain, then name; a name without a domain belongs to the driver's. An unknown domain reads as an empty map. */
function byDomain<T>(
  named: Readonly<Record<string, T>> | undefined,
  driver: string,
  read: (value: T) => unknown,
): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const domains = new Map<string, ReadonlyMap<string, unknown>>();
  for (const [name, value] of Object.entries(named ?? {})) {
    const slash = name.indexOf("/");
    const domain = slash === -1 ? driver : name.slice(0, slash);
    domains.set(domain, new Map(domains.get(domain)).set(name.slice(slash + 1), read(value)));
  }
  return withEveryDomain<ReadonlyMap<string, unknown>>(domains, new Map());
}
