import { isRecord } from "./decoder.ts";

/**
 * The items of a `List`, a `PodList` and so on, or nothing when the value is no list. A list may leave out its kind,
 * which an object cannot, and the API writes an empty one as null.
 */
export function listItems(value: unknown): readonly unknown[] | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, items } = value;
  if (kind !== undefined && !(typeof kind === "string" && kind.endsWith("List"))) return undefined;
  if (Array.isArray(items)) return items as readonly unknown[];
  return items === null && kind !== undefined ? [] : undefined;
}
