import { assert } from "../base/assert.ts";

/** One object of a list that is not what it was. */
export interface ListChange<T> {
  /** Undefined: the object came, at the end of the list. */
  readonly before: T | undefined;
  /** Undefined: the object went. */
  readonly after: T | undefined;
}

/** Where a list stands in a line of lists, each made of the one before by a few changes. */
interface Version {
  readonly line: object;
  readonly from: Version | undefined;
  readonly changes: readonly ListChange<object>[];
  /** Changes since the line began. */
  readonly length: number;
}

const versions = new WeakMap<readonly object[], Version>();

/**
 * The list after some changes, as a new list that knows what it was made of, so that what is derived of the old one moves on
 * instead of being built again. Objects that stay keep their order.
 */
export function changedList<T extends object>(
  list: readonly T[],
  changes: readonly ListChange<T>[],
): readonly T[] {
  if (changes.length === 0) return list;
  // Copying references and looking for one are the only steps that take longer in a longer list.
  const next = [...list];
  for (const { before, after } of changes) {
    if (before === undefined) {
      if (after !== undefined) next.push(after);
      continue;
    }
    const place = next.indexOf(before);
    assert(place !== -1, "a change of an object that is not in the list");
    if (after === undefined) next.splice(place, 1);
    else next[place] = after;
  }
  const from = versionOf(list);
  const length = from.length + changes.length;
  // A line that went on for ever would keep every object that ever was; one more building per so many changes costs little.
  if (length <= Math.max(SHORTEST_LINE, next.length)) {
    versions.set(next, { line: from.line, from, changes, length });
  }
  return next;
}

const SHORTEST_LINE = 64;

/**
 * What of `before` is not what it was in `after`, in the order of the changes; for lists of which nobody said how one became the
 * other, in the order of their places, as if objects were only replaced or added at the end.
 */
export function changesBetween<T extends object>(
  before: readonly T[],
  after: readonly T[],
): readonly ListChange<T>[] {
  if (before === after) return [];
  const steps = stepsBetween(versionOf(before), versionOf(after));
  if (steps !== undefined) return merged(steps.flat() as ListChange<T>[]);
  const changes: ListChange<T>[] = [];
  for (let place = 0; place < Math.max(before.length, after.length); place++) {
    if (after[place] !== before[place]) changes.push({ before: before[place], after: after[place] });
  }
  return changes;
}

/**
 * A function of lists whose value moves on from list to list of a line. There is one value per line: what was returned for an
 * earlier list shows the latest one that was asked for.
 * @param follow makes the value that of the list after a change; false when it cannot, and the value is built anew
 */
export function derivedFromList<T extends object, D>(
  build: (list: readonly T[]) => D,
  follow: (derived: D, change: ListChange<T>) => boolean,
): (list: readonly T[]) => D {
  const known = new WeakMap<object, { at: Version; readonly value: D }>();
  return (list) => {
    const version = versionOf(list);
    const state = known.get(version.line);
    if (state?.at === version) return state.value;
    if (state !== undefined) {
      const steps = stepsBetween(state.at, version);
      // Should a change throw halfway, the value is good for no list any more.
      known.delete(version.line);
      if (steps?.every((step) => step.every((change) => follow(state.value, change as ListChange<T>)))) {
        state.at = version;
        known.set(version.line, state);
        return state.value;
      }
    }
    const value = build(list);
    known.set(version.line, { at: version, value });
    return value;
  };
}

function versionOf(list: readonly object[]): Version {
  let version = versions.get(list);
  if (version === undefined) {
    version = { line: {}, from: undefined, changes: [], length: 0 };
    versions.set(list, version);
  }
  return version;
}

/** The changes from one version to a later one of its line; undefined when it is none. */
function stepsBetween(earlier: Version, later: Version): (readonly ListChange<object>[])[] | undefined {
  const steps: (readonly ListChange<object>[])[] = [];
  let version: Version | undefined = later;
  while (version !== undefined && version !== earlier) {
    if (version.length <= earlier.length) return undefined;
    steps.push(version.changes);
    version = version.from;
  }
  return version === undefined ? undefined : steps.reverse();
}

/** One change for each object, from what it was at first to what it is in the end. */
function merged<T>(changes: readonly ListChange<T>[]): ListChange<T>[] {
  const places = new Map<T, number>();
  const result: ListChange<T>[] = [];
  for (const { before, after } of changes) {
    const place = before === undefined ? undefined : places.get(before);
    if (before !== undefined) places.delete(before);
    if (after !== undefined) places.set(after, place ?? result.length);
    if (place === undefined) result.push({ before, after });
    else result[place] = { before: result[place].before, after };
  }
  return result.filter(({ before, after }) => before !== after);
}
