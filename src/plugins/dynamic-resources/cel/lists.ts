import { type Environment, Optional } from "@marcbachmann/cel-js";
import { compareValues, equalValues } from "./equal-values.ts";
import { namespace } from "./namespace.ts";

const SUMMED = ["int", "uint", "double", "google.protobuf.Duration"];
const ORDERED = ["string", "bool", "google.protobuf.Timestamp", "bytes", ...SUMMED];

/** Lists: apiserver/pkg/cel/library/lists.go and cel-go's ext/lists.go; errors with their texts. */
export function addLists(environment: Environment): void {
  for (const type of ORDERED) {
    const add = (name: string, result: string, run: (list: readonly unknown[]) => unknown) =>
      environment.registerFunction(`list<${type}>.${name}(): ${result}`, run);
    add("isSorted", "bool", (list) =>
      list.every((value, i) => i === 0 || compareValues(list[i - 1], value) <= 0),
    );
    add("min", type, (list) => outermost(list, -1));
    add("max", type, (list) => outermost(list, 1));
    add("sort", `list<${type}>`, (list) => list.toSorted(compareValues));
  }
  for (const type of SUMMED) {
    environment.registerFunction(`list<${type}>.sum(): ${type}`, (list: readonly unknown[]) =>
      sum(list, type),
    );
  }
  environment.registerFunction("list<T>.indexOf_(T): int", (list: readonly unknown[], sought: unknown) =>
    BigInt(list.findIndex((value) => equalValues(value, sought))),
  );
  environment.registerFunction("list<T>.lastIndexOf_(T): int", (list: readonly unknown[], sought: unknown) =>
    BigInt(list.findLastIndex((value) => equalValues(value, sought))),
  );
  environment.registerFunction("list<T>.distinct(): list<T>", distinct);
  environment.registerFunction("list<T>.reverse(): list<T>", (list: readonly unknown[]) => list.toReversed());
  environment.registerFunction("list<T>.slice(int, int): list<T>", slice);
  environment.registerFunction("list<T>.first(): optional<T>", (list: readonly unknown[]) =>
    Optional.of(list[0]),
  );
  environment.registerFunction("list<T>.last(): optional<T>", (list: readonly unknown[]) =>
    Optional.of(list.at(-1)),
  );
  environment.registerFunction("list<list<T>>.flatten(): list<T>", (list: readonly unknown[]) => list.flat());
  environment.registerFunction(
    "list<dyn>.flatten(int): list<dyn>",
    (list: readonly unknown[], level: bigint) => {
      if (level < 0n) throw new Error("level must be non-negative");
      return list.flat(Number(level));
    },
  );
  const lists = namespace(environment, "lists");
  environment.registerFunction(`${lists}.range(int): list<int>`, (_: unknown, count: bigint) =>
    Array.from({ length: Math.max(0, Number(count)) }, (_value, i) => BigInt(i)),
  );
}

function outermost(list: readonly unknown[], side: -1 | 1): unknown {
  const name = side < 0 ? "min" : "max";
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, value) => (compareValues(value, best) === side ? value : best));
}

interface Addable {
  addDuration(other: unknown): unknown;
}

function sum(list: readonly unknown[], type: string): unknown {
  if (type === "double") return (list as readonly number[]).reduce((total, value) => total + value, 0);
  if (type === "google.protobuf.Duration") {
    return (list as readonly Addable[]).reduce((total, value) => total.addDuration(value) as Addable);
  }
  let total = 0n;
  for (const value of list as readonly { valueOf(): bigint }[]) total += value.valueOf();
  if (type === "int") {
    if (BigInt.asIntN(64, total) !== total) throw new Error("integer overflow");
    return total;
  }
  const [first] = list as readonly object[];
  if (first === undefined) return 0n;
  const Unsigned = first.constructor as new (value: bigint) => unknown;
  return new Unsigned(total);
}

function distinct(list: readonly unknown[]): unknown[] {
  const kept: unknown[] = [];
  for (const value of list) if (!kept.some((one) => equalValues(one, value))) kept.push(value);
  return kept;
}

function slice(list: readonly unknown[], from: bigint, to: bigint): unknown[] {
  const place = `cannot slice(${from}, ${to})`;
  if (from < 0n || to < 0n) throw new Error(`${place}, negative indexes not supported`);
  if (from > to) throw new Error(`${place}, start index must be less than or equal to end index`);
  if (list.length < to) throw new Error(`${place}, list is length ${list.length}`);
  return list.slice(Number(from), Number(to));
}
