import type { DeviceAttribute, DeviceConstraint } from "../../kubernetes/device-object.ts";
import type { PooledDevice } from "./device-inventory.ts";

/** What all devices of one claim have to agree in, or differ in. `add` and `remove` are called in pairs, like brackets. */
export interface Constraint {
  /** False, and nothing is kept, when the device may not join those added before. */
  add(request: string, subrequest: string | undefined, device: PooledDevice): boolean;
  remove(request: string, subrequest: string | undefined): void;
}

/** Undefined for a constraint of an unknown type. Source: structured/internal/incubating/constraint.go. */
export function makeConstraint(spec: DeviceConstraint): Constraint | undefined {
  if (spec.matchAttribute !== undefined) return attributeConstraint(spec, spec.matchAttribute, agrees);
  if (spec.distinctAttribute !== undefined) return attributeConstraint(spec, spec.distinctAttribute, differs);
  return undefined;
}

type Value = readonly [type: string, value: unknown];

function agrees(value: Value, before: readonly Value[]): boolean {
  return before.length === 0 || equal(value, before[0]);
}

function differs(value: Value, before: readonly Value[]): boolean {
  return !before.some((other) => equal(value, other));
}

function equal(a: Value, b: Value): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function attributeConstraint(
  { requests = [] }: DeviceConstraint,
  name: string,
  fits: (value: Value, before: readonly Value[]) => boolean,
): Constraint {
  const named = new Set(requests);
  const values: Value[] = [];
  const applies = (request: string, subrequest: string | undefined) =>
    named.size === 0 ||
    named.has(request) ||
    (subrequest !== undefined && named.has(`${request}/${subrequest}`));
  return {
    add(request, subrequest, device) {
      if (!applies(request, subrequest)) return true;
      const value = attributeOf(device, name);
      if (value === undefined || !fits(value, values)) return false;
      values.push(value);
      return true;
    },
    remove(request, subrequest) {
      if (applies(request, subrequest)) values.pop();
    },
  };
}

/** By full name, or by the name alone when the domain is the driver's. */
function attributeOf({ device, driver }: PooledDevice, name: string): Value | undefined {
  const attributes = device.attributes ?? {};
  const prefix = `${driver}/`;
  const attribute =
    attributes[name] ?? (name.startsWith(prefix) ? attributes[name.slice(prefix.length)] : undefined);
  return attribute && typedValue(attribute);
}

function typedValue({ string, int, bool, version }: DeviceAttribute): Value | undefined {
  if (string !== undefined) return ["string", string];
  if (int !== undefined) return ["int", int];
  if (bool !== undefined) return ["bool", bool];
  return version === undefined ? undefined : ["version", version];
}
