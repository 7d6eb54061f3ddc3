import type { Taint } from "../kubernetes/taint.ts";
import type { Toleration } from "../kubernetes/toleration.ts";

/** Whether a toleration bears a taint; `Lt` and `Gt` are behind a gate that is off by default. */
export function bears(toleration: Toleration, taint: Taint, comparisonOperators = false): boolean {
  const effect = toleration.effect ?? "";
  const key = toleration.key ?? "";
  const operator = toleration.operator ?? "";
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== (taint.key ?? "")) return false;
  if (operator === "Exists") return true;
  if (operator === "" || operator === "Equal") return (toleration.value ?? "") === (taint.value ?? "");
  if (!comparisonOperators || (operator !== "Lt" && operator !== "Gt")) return false;
  const [wanted, actual] = [toleration.value, taint.value];
  if (!isPlainInt64(wanted) || !isPlainInt64(actual)) return false;
  return operator === "Lt" ? BigInt(actual) < BigInt(wanted) : BigInt(actual) > BigInt(wanted);
}

/** Whether a pod may stand on a node with these taints. */
export function bearsAll(
  tolerations: readonly Toleration[] = [],
  taints: readonly Taint[] = [],
  comparisonOperators = false,
): boolean {
  const forbidding = taints.filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
  return forbidding.every((taint) => tolerations.some((one) => bears(one, taint, comparisonOperators)));
}

/** An int64 as it is written: no plus, no leading zero. */
function isPlainInt64(text: string | undefined): text is string {
  return (
    text !== undefined && /^(0|-?[1-9][0-9]*)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
  );
}
