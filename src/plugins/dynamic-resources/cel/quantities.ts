import type { Environment } from "@marcbachmann/cel-js";
import { CelQuantity } from "../cel-values.ts";

export const QUANTITY = "kubernetes.Quantity";

/** Quantities: apiserver/pkg/cel/library/quantity.go. `sign` is of no use there: its declaration lacks a receiver. */
export function addQuantities(environment: Environment): void {
  const add = (signature: string, run: (value: CelQuantity, ...rest: never[]) => unknown) =>
    environment.registerFunction(`${QUANTITY}.${signature}`, run);
  environment.registerType(QUANTITY, { ctor: CelQuantity, fields: {} });
  environment.registerFunction(`quantity(string): ${QUANTITY}`, (text: string) => CelQuantity.parse(text));
  environment.registerFunction("isQuantity(string): bool", isQuantity);
  environment.registerFunction(`sign(${QUANTITY}): int`, (value: CelQuantity) =>
    BigInt(value.compareTo(CelQuantity.parse("0"))),
  );
  environment.registerOperator(
    `${QUANTITY} == ${QUANTITY}`,
    (a: CelQuantity, b: CelQuantity) => a.compareTo(b) === 0,
  );
  add(`compareTo(${QUANTITY}): int`, (a, b: CelQuantity) => BigInt(a.compareTo(b)));
  add(`isGreaterThan(${QUANTITY}): bool`, (a, b: CelQuantity) => a.compareTo(b) > 0);
  add(`isLessThan(${QUANTITY}): bool`, (a, b: CelQuantity) => a.compareTo(b) < 0);
  add("isInteger(): bool", (value) => value.integer() !== undefined);
  add("asInteger(): int", (value) => {
    const whole = value.integer();
    if (whole === undefined) throw new Error("cannot convert value to integer");
    return whole;
  });
  add("asApproximateFloat(): double", ({ quantity }) => Number(quantity.nano) / 1e9);
  add(`add(${QUANTITY}): ${QUANTITY}`, (a, b: CelQuantity) => a.plus(b, 1n));
  add(`add(int): ${QUANTITY}`, (a, b: bigint) => a.plus(CelQuantity.parse(String(b)), 1n));
  add(`sub(${QUANTITY}): ${QUANTITY}`, (a, b: CelQuantity) => a.plus(b, -1n));
  add(`sub(int): ${QUANTITY}`, (a, b: bigint) => a.plus(CelQuantity.parse(String(b)), -1n));
}

function isQuantity(text: string): boolean {
  try {
    CelQuantity.parse(text);
    return true;
  } catch {
    return false;
  }
}
