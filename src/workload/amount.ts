import { formatQuantity, milliValue, parseQuantity } from "../kubernetes/quantity.ts";

/** Thousandths of the unit of a quantity, as a number; exact up to 2^53. Throws QuantityError. */
export function amountOf(quantity: string | number): number {
  return Number(milliValue(parseQuantity(quantity)));
}

/** The canonical text of thousandths of a unit: `250m`, `512Mi`. */
export function formatAmount(resource: string, amount: number): string {
  const format = resource === "memory" || resource.endsWith("storage") ? "BinarySI" : "DecimalSI";
  return formatQuantity({ nano: BigInt(Math.round(amount)) * 1_000_000n, format });
}
