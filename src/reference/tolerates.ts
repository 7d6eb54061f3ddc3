import type { Taint } from "../kubernetes/taint.ts";
import type { Toleration } from "../kubernetes/toleration.ts";

/** Whether a toleration bears a taint; `Lt` and `Gt` are behind a gate that is off. */
export function bears(toleration: Toleration, taint: Taint): boolean {
  const effect = toleration.effect ?? "";
  const key = toleration.key ?? "";
  const operator = toleration.operator ?? "";
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== (taint.key ?? "")) return false;
  if (operator === "Exists") return true;
  if (operator === "" || operator === "Equal") return (toleration.value ?? "") === (taint.value ?? "");
  return false;
}
