import { isCanonicalInt64 } from "./label-syntax.ts";
import type { Taint, TaintEffect } from "./taint.ts";

export const tolerationOperators = ["Exists", "Equal", "Lt", "Gt"] as const;
export type TolerationOperator = (typeof tolerationOperators)[number];

/** Absent and empty mean the same: every key, every effect, operator `Equal`, empty value. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: TolerationOperator | "";
  readonly value?: string;
  readonly effect?: TaintEffect | "";
  /** Seconds that a NoExecute taint is borne; absent is for ever. Eviction reads it, scheduling does not. */
  readonly tolerationSeconds?: number;
}

export interface TolerationOptions {
  /** The feature gate TaintTolerationComparisonOperators; off by default, and then `Lt` and `Gt` tolerate nothing. */
  readonly comparisonOperators?: boolean;
}

/**
 * Whether the toleration bears the taint. An empty key with `Exists` bears every taint of its effect.
 * Source: component-helpers/scheduling/corev1, `ToleratesTaint`.
 */
export function tolerates(toleration: Toleration, taint: Taint, options: TolerationOptions = {}): boolean {
  if (isSet(toleration.effect) && toleration.effect !== taint.effect) return false;
  if (isSet(toleration.key) && toleration.key !== (taint.key ?? "")) return false;
  const wanted = toleration.value ?? "";
  const value = taint.value ?? "";
  switch (toleration.operator ?? "") {
    case "":
    case "Equal":
      return wanted === value;
    case "Exists":
      return true;
    case "Lt":
      return (
        options.comparisonOperators === true && areIntegers(wanted, value) && BigInt(value) < BigInt(wanted)
      );
    case "Gt":
      return (
        options.comparisonOperators === true && areIntegers(wanted, value) && BigInt(value) > BigInt(wanted)
      );
    default:
      return false;
  }
}

function areIntegers(a: string, b: string): boolean {
  return isCanonicalInt64(a) && isCanonicalInt64(b);
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
