import { Environment } from "@marcbachmann/cel-js";
import { wholeValue } from "../../kubernetes/quantity.ts";
import { CelQuantity, CelSemver, normalizeVersion } from "./cel-values.ts";

const QUANTITY = "kubernetes.Quantity";
const SEMVER = "kubernetes.Semver";
const NANOS_PER_UNIT = 10n ** 9n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** A name that no user writes: the macro that `has` is compiled to (see `withFieldTests`). */
const FIELD_TEST = "stowageHas";

/** What of the library's syntax tree the macro below reads. */
interface AstNode {
  readonly op: string;
  readonly args: readonly [AstNode, string];
}

interface Checker {
  check(node: AstNode, context: unknown): unknown;
  getType(name: string): unknown;
  createError(code: string, message: string, node: AstNode): Error;
}

interface Evaluator {
  run(node: AstNode, context: unknown): unknown;
}

/**
 * The environment of device selectors: the variable `device` (driver, attributes, capacity), quantities and versions
 * (upstream: dynamic-resource-allocation/cel/compile.go; the functions of apiserver/pkg/cel/library). IP, CIDR, URL and
 * format libraries are not in it.
 */
export function deviceEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  environment.registerVariable("device", "map");
  addQuantities(environment);
  addVersions(environment);
  addRegularExpressions(environment);
  addFieldTest(environment);
  return environment;
}

function addQuantities(environment: Environment): void {
  const compare = (name: string, holds: (order: number) => boolean) =>
    environment.registerFunction(`${QUANTITY}.${name}(${QUANTITY}): bool`, (a: CelQuantity, b: CelQuantity) =>
      holds(a.compareTo(b)),
    );
  environment.registerType(QUANTITY, { ctor: CelQuantity, fields: {} });
  environment.registerFunction(`quantity(string): ${QUANTITY}`, (text: string) => CelQuantity.parse(text));
  environment.registerFunction("isQuantity(string): bool", (text: string) => {
    try {
      CelQuantity.parse(text);
      return true;
    } catch {
      return false;
    }
  });
  environment.registerFunction(`${QUANTITY}.compareTo(${QUANTITY}): int`, (a: CelQuantity, b: CelQuantity) =>
    BigInt(a.compareTo(b)),
  );
  compare("isGreaterThan", (order) => order > 0);
  compare("isLessThan", (order) => order < 0);
  environment.registerOperator(
    `${QUANTITY} == ${QUANTITY}`,
    (a: CelQuantity, b: CelQuantity) => a.compareTo(b) === 0,
  );
  environment.registerFunction(`${QUANTITY}.sign(): int`, ({ quantity }: CelQuantity) =>
    quantity.nano < 0n ? -1n : quantity.nano > 0n ? 1n : 0n,
  );
  environment.registerFunction(`${QUANTITY}.isInteger(): bool`, isInteger);
  environment.registerFunction(`${QUANTITY}.asInteger(): int`, (value: CelQuantity) => {
    if (!isInteger(value)) throw new Error("cannot convert value to integer");
    return wholeValue(value.quantity);
  });
  environment.registerFunction(
    `${QUANTITY}.asApproximateFloat(): double`,
    ({ quantity }: CelQuantity) => Number(quantity.nano) / 1e9,
  );
  for (const [name, sign] of [["add", 1n] as const, ["sub", -1n] as const]) {
    const sum = ({ quantity }: CelQuantity, nano: bigint) =>
      new CelQuantity({ nano: quantity.nano + sign * nano, format: quantity.format });
    environment.registerFunction(
      `${QUANTITY}.${name}(${QUANTITY}): ${QUANTITY}`,
      (a: CelQuantity, b: CelQuantity) => sum(a, b.quantity.nano),
    );
    environment.registerFunction(`${QUANTITY}.${name}(int): ${QUANTITY}`, (a: CelQuantity, b: bigint) =>
      sum(a, b * NANOS_PER_UNIT),
    );
  }
}

function isInteger({ quantity }: CelQuantity): boolean {
  const whole = quantity.nano / NANOS_PER_UNIT;
  return quantity.nano % NANOS_PER_UNIT === 0n && whole >= INT64_MIN && whole <= INT64_MAX;
}

function addVersions(environment: Environment): void {
  const parse = (text: string): CelSemver => {
    const version = CelSemver.parse(text);
    if (version === undefined) throw new Error(`invalid semantic version: ${JSON.stringify(text)}`);
    return version;
  };
  const compare = (name: string, holds: (order: number) => boolean) =>
    environment.registerFunction(`${SEMVER}.${name}(${SEMVER}): bool`, (a: CelSemver, b: CelSemver) =>
      holds(a.compareTo(b)),
    );
  environment.registerType(SEMVER, { ctor: CelSemver, fields: {} });
  environment.registerFunction(`semver(string): ${SEMVER}`, parse);
  environment.registerFunction(`semver(string, bool): ${SEMVER}`, (text: string, normalize: boolean) =>
    parse(normalize ? normalizeVersion(text) : text),
  );
  environment.registerFunction(
    "isSemver(string): bool",
    (text: string) => CelSemver.parse(text) !== undefined,
  );
  environment.registerFunction(
    "isSemver(string, bool): bool",
    (text: string, normalize: boolean) =>
      CelSemver.parse(normalize ? normalizeVersion(text) : text) !== undefined,
  );
  for (const [index, name] of ["major", "minor", "patch"].entries()) {
    environment.registerFunction(`${SEMVER}.${name}(): int`, ({ numbers }: CelSemver) => numbers[index]);
  }
  environment.registerFunction(`${SEMVER}.compareTo(${SEMVER}): int`, (a: CelSemver, b: CelSemver) =>
    BigInt(a.compareTo(b)),
  );
  compare("isGreaterThan", (order) => order > 0);
  compare("isLessThan", (order) => order < 0);
  environment.registerOperator(
    `${SEMVER} == ${SEMVER}`,
    (a: CelSemver, b: CelSemver) => a.compareTo(b) === 0,
  );
}

function addRegularExpressions(environment: Environment): void {
  environment.registerFunction(
    "string.find(string): string",
    (text: string, pattern: string) => new RegExp(pattern, "u").exec(text)?.[0] ?? "",
  );
  environment.registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
    Array.from(text.matchAll(new RegExp(pattern, "gu")), ([found]) => found),
  );
}

/** The library's own `has` takes names with dots only; CEL's takes any expression before the last dot. */
function addFieldTest(environment: Environment): void {
  environment.registerFunction(
    `${FIELD_TEST}(ast): bool`,
    ({ args: [field] }: { readonly args: readonly [AstNode] }) => ({
      typeCheck(checker: Checker, _macro: unknown, context: unknown) {
        if (field.op !== ".") {
          throw checker.createError("invalid_macro_argument", "invalid argument to has() macro", field);
        }
        checker.check(field.args[0], context);
        return checker.getType("bool");
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: unknown) {
        const holder = evaluator.run(field.args[0], context);
        return holder instanceof Map && holder.has(field.args[1]);
      },
    }),
  );
}

/** The expression with `has(...)` outside of string literals as the macro above. */
export function withFieldTests(expression: string): string {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w.])has(?=\s*\()/g, (found) =>
    found === "has" ? FIELD_TEST : found,
  );
}
