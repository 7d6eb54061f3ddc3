import { Environment, EvaluationError } from "@marcbachmann/cel-js";
import type { Device, DeviceAttribute } from "../kubernetes/device-object.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import { CycleFailure } from "./cycle-failure.ts";

/**
 * Device selectors in CEL: the evaluator is the library that the fast scheduler has as well, everything around it is made
 * anew. Of Kubernetes' own functions there are comparisons of quantities and of versions without pre-release parts.
 */
class Amount {
  readonly nano: bigint;
  constructor(text: string | number) {
    this.nano = parseQuantity(text).nano;
  }
}

class Version {
  readonly parts: readonly number[];
  constructor(text: string) {
    this.parts = text.split(".").map(Number);
  }
}

function order(a: Amount, b: Amount): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

function versionOrder(a: Version, b: Version): number {
  const place = a.parts.findIndex((part, i) => part !== b.parts[i]);
  return place === -1 ? 0 : Math.sign(a.parts[place] - b.parts[place]);
}

const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
environment.registerVariable("device", "map");
environment.registerType("Amount", { ctor: Amount, fields: {} });
environment.registerFunction("quantity(string): Amount", (text: string) => new Amount(text));
environment.registerFunction("Amount.compareTo(Amount): int", (a: Amount, b: Amount) => BigInt(order(a, b)));
environment.registerFunction("Amount.isGreaterThan(Amount): bool", (a: Amount, b: Amount) => order(a, b) > 0);
environment.registerFunction("Amount.isLessThan(Amount): bool", (a: Amount, b: Amount) => order(a, b) < 0);
environment.registerType("Version", { ctor: Version, fields: {} });
environment.registerFunction("semver(string): Version", (text: string) => new Version(text));
environment.registerFunction("Version.compareTo(Version): int", (a: Version, b: Version) =>
  BigInt(versionOrder(a, b)),
);
environment.registerFunction(
  "Version.isGreaterThan(Version): bool",
  (a: Version, b: Version) => versionOrder(a, b) > 0,
);

/** Programs by their text: parsing is most of the work. */
const programs = new Map<string, ReturnType<Environment["parse"]>>();

/**
 * Whether an expression holds of a device.
 * @throws CycleFailure when it fails: `CEL runtime error: ...`
 */
export function selects(expression: string, device: Device, driver: string): boolean {
  let program = programs.get(expression);
  if (program === undefined) {
    program = environment.parse(withOptionalFields(expression));
    programs.set(expression, program);
  }
  let value: unknown;
  try {
    value = program({ device: activation(expression, device, driver) });
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const key = /^No such key: (\S+)/.exec(error.message)?.[1];
    throw new CycleFailure(
      key === undefined
        ? `CEL runtime error: ${error.message}`
        : `CEL runtime error: no such key: ${key}. consider using CEL optional chaining (.? followed by orValue()) or guarding the check with has() for optional fields`,
    );
  }
  if (typeof value !== "boolean") throw new CycleFailure("CEL runtime error: not a truth value");
  return value;
}

/** The library's `has` takes plain names only: `has(a.b)` as `a.?b.hasValue()`. */
function withOptionalFields(expression: string): string {
  return expression.replaceAll(/\bhas\(([^()]*)\.(\w+)\)/g, "$1.?$2.hasValue()");
}

function activation(expression: string, device: Device, driver: string): ReadonlyMap<string, unknown> {
  const attributes = new Map<string, Map<string, unknown>>();
  const capacity = new Map<string, Map<string, unknown>>();
  // A domain that a device says nothing of reads as an empty one; each that the expression may mean is a text in it.
  for (const [, domain] of expression.matchAll(/"([^"]*)"/g)) {
    attributes.set(domain, new Map());
    capacity.set(domain, new Map());
  }
  const set = (domains: Map<string, Map<string, unknown>>, qualified: string, value: unknown): void => {
    const [domain, name] = qualified.includes("/") ? qualified.split("/") : [driver, qualified];
    domains.set(domain, (domains.get(domain) ?? new Map<string, unknown>()).set(name, value));
  };
  for (const [name, attribute] of Object.entries(device.attributes ?? {})) {
    set(attributes, name, celValue(attribute));
  }
  for (const [name, { value = 0 }] of Object.entries(device.capacity ?? {})) {
    set(capacity, name, new Amount(value));
  }
  const shares = device.allowMultipleAllocations === true;
  return new Map<string, unknown>([
    ["driver", driver],
    ["attributes", attributes],
    ["capacity", capacity],
    ["allowMultipleAllocations", shares],
  ]);
}

function celValue({ int, bool, string, version }: DeviceAttribute): unknown {
  if (int !== undefined) return BigInt(int);
  if (version !== undefined) return new Version(version);
  return bool ?? string;
}
