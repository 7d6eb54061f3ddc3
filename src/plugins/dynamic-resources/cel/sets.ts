import type { Environment } from "@marcbachmann/cel-js";
import { equalValues } from "./equal-values.ts";
import { namespace } from "./namespace.ts";

type List = readonly unknown[];

/** Lists as sets: cel-go's ext/sets.go. */
export function addSets(environment: Environment): void {
  const sets = namespace(environment, "sets");
  const add = (name: string, holds: (a: List, b: List) => boolean) =>
    environment.registerFunction(`${sets}.${name}(list<T>, list<T>): bool`, (_: unknown, a: List, b: List) =>
      holds(a, b),
    );
  add("contains", contains);
  add("equivalent", (a, b) => contains(a, b) && contains(b, a));
  add("intersects", (a, b) => a.some((value) => has(b, value)));
}

function contains(list: List, part: List): boolean {
  return part.every((value) => has(list, value));
}

function has(list: List, sought: unknown): boolean {
  return list.some((value) => equalValues(value, sought));
}
