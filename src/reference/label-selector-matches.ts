import type { LabelSelector } from "../kubernetes/label-selector.ts";
import type { StringRecord } from "../kubernetes/object-meta.ts";

/** Whether a selector that parses matches labels; an absent selector matches nothing, an empty one everything. */
export function labelSelectorMatches(selector: LabelSelector | undefined, labels: StringRecord): boolean {
  if (selector === undefined) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels[key] !== value) return false;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key];
    const holds =
      operator === "Exists"
        ? value !== undefined
        : operator === "DoesNotExist"
          ? value === undefined
          : operator === "In"
            ? value !== undefined && values.includes(value)
            : value === undefined || !values.includes(value);
    if (!holds) return false;
  }
  return true;
}
