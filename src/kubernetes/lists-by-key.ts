import { derivedFromList } from "./list-lineage.ts";
import type { ObjectMeta } from "./object-meta.ts";

interface Named {
  readonly metadata?: ObjectMeta;
}

/** `namespace/name`. */
export function qualifiedName({ metadata }: Named): string {
  return `${metadata?.namespace || "default"}/${metadata?.name ?? ""}`;
}

const qualified = uniqueBy(qualifiedName);
const named = uniqueBy<Named>(({ metadata }) => metadata?.name ?? "");

/** Objects by `namespace/name`; it moves on with the list (see `derivedFromList`). Of equal names the last one counts. */
export function byQualifiedName<T extends Named>(list: readonly T[]): ReadonlyMap<string, T> {
  return qualified(list) as ReadonlyMap<string, T>;
}

/** Objects outside of namespaces by name; otherwise as `byQualifiedName`. */
export function byName<T extends Named>(list: readonly T[]): ReadonlyMap<string, T> {
  return named(list) as ReadonlyMap<string, T>;
}

/** Objects by a key, each group in the order of the list; it moves on with the list (see `derivedFromList`). */
export function groupedBy<T extends object>(
  keyOf: (object: T) => string,
): (list: readonly T[]) => ReadonlyMap<string, readonly T[]> {
  return derivedFromList<T, Map<string, T[]>>(
    (list) => {
      const groups = new Map<string, T[]>();
      for (const object of list) join(groups, keyOf(object), object);
      return groups;
    },
    (groups, { before, after }) => {
      if (before === undefined) {
        if (after !== undefined) join(groups, keyOf(after), after);
        return true;
      }
      const key = keyOf(before);
      // One that changes its group may belong anywhere in the other.
      if (after !== undefined && keyOf(after) !== key) return false;
      const group = groups.get(key) ?? [];
      const place = group.indexOf(before);
      if (place === -1) return false;
      if (after !== undefined) group[place] = after;
      else if (group.length === 1) groups.delete(key);
      else group.splice(place, 1);
      return true;
    },
  );
}

function join<T>(groups: Map<string, T[]>, key: string, object: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [object]);
  else group.push(object);
}

/** Without a repeated key, each object is the only one that its key may stand for; with one, a change needs all of them. */
function uniqueBy<T extends object>(
  keyOf: (object: T) => string,
): (list: readonly T[]) => ReadonlyMap<string, T> {
  const derived = derivedFromList<T, { readonly map: Map<string, T>; readonly unique: boolean }>(
    (list) => {
      const map = new Map(list.map((object) => [keyOf(object), object]));
      return { map, unique: map.size === list.length };
    },
    ({ map, unique }, { before, after }) => {
      if (!unique) return false;
      if (before !== undefined) map.delete(keyOf(before));
      if (after === undefined) return true;
      const key = keyOf(after);
      if (map.has(key)) return false;
      map.set(key, after);
      return true;
    },
  );
  return (list) => derived(list).map;
}
