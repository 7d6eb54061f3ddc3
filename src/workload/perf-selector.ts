import type { StringRecord } from "../kubernetes/object-meta.ts";

/** Whether labels have all that a selector of an operation asks for; one that is absent asks for nothing. */
export function hasLabels(labels: StringRecord | undefined, selector: StringRecord | undefined): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}
