import {
  TypeError as CelTypeError,
  EvaluationError,
  ParseError,
  type ParseResult,
} from "@marcbachmann/cel-js";
import type { Device, DeviceAttribute } from "../../kubernetes/device-object.ts";
import { deviceEnvironment, withFieldTests } from "./cel-environment.ts";
import { CelQuantity, CelSemver } from "./cel-values.ts";

const OPTIONAL_HINT =
  "consider using CEL optional chaining (.? followed by orValue()) or guarding the check with has() for optional fields";

/** Whether a selector accepts a device of a driver, or the text of what went wrong. */
export type Match = boolean | { readonly problem: string };

type Program = ParseResult | { readonly problem: string };

const environment = deviceEnvironment();
const programs = new Map<string, Program>();
const matches = new WeakMap<Device, Map<string, Match>>();
const activations = new WeakMap<Device, Map<string, ReadonlyMap<string, unknown>>>();

/**
 * A device selector in CEL over the variable `device`. Problems are upstream's, from `CEL compile error: ` or
 * `CEL runtime error: ` on; the text of an expression that does not compile is the evaluator's own. Answers are kept per
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
  try {
    const program = environment.parse(withFieldTests(expression));
    const { valid, type, error } = program.check();
    if (!valid) return { problem: `CEL compile error: compilation failed: ${error?.summary}` };
    if (type !== "bool" && type !== "dyn") {
      return {
        problem: `CEL compile error: must evaluate to bool or the unknown type, not ${type}`,
      };
    }
    return program;
  } catch (error) {
    if (!(error instanceof ParseError || error instanceof CelTypeError)) throw error;
    return { problem: `CEL compile error: compilation failed: ${error.summary}` };
  }
}

function runtimeText(error: unknown): string {
  if (!(error instanceof EvaluationError)) return error instanceof Error ? error.message : String(error);
  const cause =
    error.cause instanceof Error && error.code === "evaluation_error" ? error.cause.message : error.summary;
  if (error.code === "no_such_key" && cause.startsWith("No such key: ")) {
    return `no such key: ${cause.slice("No such key: ".length)}. ${OPTIONAL_HINT}`;
  }
  return error.code === "no_such_overload" || error.code === "no_matching_overload"
    ? "no such overload"
    : cause;
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
  return because(type, `type conversion error from '${type}' to 'bool'`);
}

function celType(value: unknown): string {
  if (value instanceof CelQuantity) return "kubernetes.Quantity";
  if (value instanceof CelSemver) return "kubernetes.Semver";
  if (value === null) return "null_type";
  return Array.isArray(value) ? "list" : "map";
}

function activation(device: Device, driver: string): ReadonlyMap<string, unknown> {
  let known = activations.get(device);
  if (known === undefined) {
    known = new Map();
    activations.set(device, known);
  }
  let variable = known.get(driver);
  if (variable === undefined) {
    variable = new Map<string, unknown>([
      ["driver", driver],
      ["allowMultipleAllocations", device.allowMultipleAllocations === true],
      ["attributes", byDomain(device.attributes, driver, attributeValue)],
      ["capacity", byDomain(device.capacity, driver, ({ value = 0 }) => CelQuantity.parse(value))],
    ]);
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

/**
 * Domain, then name; a name without a domain belongs to the driver's. An unknown domain reads as an empty map, so
 * that `in`, unlike upstream's, finds every domain.
 */
function byDomain<T>(
  named: Readonly<Record<string, T>> | undefined,
  driver: string,
  read: (value: T) => unknown,
): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const domains = new Map<string, Map<string, unknown>>();
  for (const [name, value] of Object.entries(named ?? {})) {
    const slash = name.indexOf("/");
    const domain = slash === -1 ? driver : name.slice(0, slash);
    const values = domains.get(domain) ?? new Map<string, unknown>();
    values.set(name.slice(slash + 1), read(value));
    domains.set(domain, values);
  }
  const nothing = new Map<string, unknown>();
  // The evaluator knows maps by their constructor, so that this cannot be a subclass.
  const get = domains.get.bind(domains);
  domains.get = (domain) => get(domain) ?? nothing;
  return domains;
}
