import type { z } from "zod";
import type { Problem } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { formatPath } from "../kubernetes/decoder.ts";
import type { YamlSource } from "./yaml-source.ts";

/** What a schema found wrong in a YAML file, each with its line and column, in the order of the file's schema. */
export function schemaProblems(
  source: YamlSource,
  issues: readonly z.core.$ZodIssue[],
  outer: readonly PropertyKey[] = [],
): Problem[] {
  return issues.flatMap((issue) => problemsOf(source, issue, outer));
}

function problemsOf(source: YamlSource, issue: z.core.$ZodIssue, outer: readonly PropertyKey[]): Problem[] {
  const path = [...outer, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    // `fields` gives the known names as the message.
    const known = issue.message.split(",");
    return issue.keys.map((key) => ({
      where: source.whereOfKey([...path, key]),
      what: within(path, unknown("field", key, known)),
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // Only the branch that the value was meant for: one whose complaint is not about the value as a whole.
    const meant = issue.errors.find((branch) => !branch.some(isAboutWhole));
    const branch = meant ?? issue.errors[0];
    if (meant !== undefined || !issue.message.startsWith("invalid")) {
      return branch.flatMap((inner) => problemsOf(source, inner, path));
    }
  }
  const value = valueAt(source.value, path);
  const key = path.at(-1);
  if (issue.code === "invalid_type" && value === undefined && typeof key === "string") {
    return [
      {
        where: source.whereOf(path),
        what: within(path.slice(0, -1), `missing field: ${key}; it has no default`),
      },
    ];
  }
  return [{ where: source.whereOf(path), what: within(path, issue.message) }];
}

function isAboutWhole(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === "invalid_type" || (issue.code === "invalid_union" && issue.errors.length > 0);
}

function within(path: readonly PropertyKey[], what: string): string {
  const text = formatPath(path.map((key) => (typeof key === "number" ? key : String(key))));
  return text === "" ? what : `${text}: ${what}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return at;
}
