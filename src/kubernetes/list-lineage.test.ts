import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedList, changesBetween, derivedFromList, type ListChange } from "./list-lineage.ts";
import { byQualifiedName, groupedBy, qualifiedName } from "./lists-by-key.ts";

interface Thing {
  readonly metadata: { readonly name: string };
  readonly group: string;
}

function thing(name: string, group = ""): Thing {
  return { metadata: { name }, group };
}

const inGroups = groupedBy<Thing>(({ group }) => group);

const named = fc
  .record({ name: fc.constantFrom("a", "b", "c", "d", "e"), group: fc.constantFrom("x", "y") })
  .map(({ name, group }) => thing(name, group));

/** A step takes the list at a place (not always the latest) and puts, changes or removes one of its objects. */
const step = fc.record({
  from: fc.nat(),
  place: fc.nat(),
  kind: fc.constantFrom("put", "replace", "remove"),
  after: named,
});

function changeOf(
  list: readonly Thing[],
  { place, kind, after }: typeof step extends fc.Arbitrary<infer T> ? T : never,
): ListChange<Thing> {
  if (kind === "put" || list.length === 0) return { before: undefined, after };
  const before = list[place % list.length];
  return { before, after: kind === "remove" ? undefined : after };
}

describe("changedList", () => {
  it("keeps objects where they were, puts new ones at the end and leaves the old list as it was", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => thing(name));
    const list = [a, b, c];
    const next = changedList(list, [
      { before: b, after: d },
      { before: a, after: undefined },
      { before: undefined, after: a },
    ]);
    expect(next).toEqual([d, c, a]);
    expect(list).toEqual([a, b, c]);
    expect(changedList(list, [])).toBe(list);
    expect(() => changedList(list, [{ before: d, after: undefined }])).toThrow("not in the list");
  });
});

describe("derivedFromList", () => {
  it("builds once per line and follows the changes after that", () => {
    let built = 0;
    const names = derivedFromList<Thing, Set<string>>(
      (list) => {
        built++;
        return new Set(list.map(qualifiedName));
      },
      (set, { before, after }) => {
        if (before !== undefined) set.delete(qualifiedName(before));
        if (after !== undefined) set.add(qualifiedName(after));
        return true;
      },
    );
    const first = [thing("a")];
    let list: readonly Thing[] = first;
    names(list);
    for (let i = 0; i < 50; i++) {
      list = changedList(list, [{ before: undefined, after: thing(`n${i}`) }]);
      if (i % 3 === 0) expect(names(list).size).toBe(i + 2);
    }
    expect(built).toBe(1);
    expect([...names(first)]).toEqual(["default/a"]);
    expect(built).toBe(2);
  });

  it("begins a new line after as many changes as the list is long, so that old objects are not kept for ever", () => {
    let built = 0;
    const count = derivedFromList<Thing, { size: number }>(
      (list) => {
        built++;
        return { size: list.length };
      },
      () => true,
    );
    let list: readonly Thing[] = [thing("a")];
    for (let i = 0; i < 650; i++) {
      list = changedList(list, [{ before: list[0], after: thing("a") }]);
      count(list);
    }
    expect(built).toBeGreaterThanOrEqual(10);
    expect(built).toBeLessThanOrEqual(11);
  });

  it("always gives maps and groups that equal those of a list without a past", () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 5 }), fc.array(step, { maxLength: 30 }), (start, steps) => {
        const lists: (readonly Thing[])[] = [start];
        for (const one of steps) {
          // Mostly the latest list; now and then an older one, as after an attempt that was taken back.
          const from = one.from % 4 === 0 ? lists[one.from % lists.length] : lists.at(-1)!;
          const next = changedList(from, [changeOf(from, one)]);
          lists.push(next);
          if (one.from % 3 === 0) continue;
          const fresh = [...next];
          expect(byQualifiedName(next)).toEqual(byQualifiedName(fresh));
          expect(inGroups(next)).toEqual(inGroups(fresh));
        }
      }),
    );
  });
});

describe("changesBetween", () => {
  it("tells each object once, from what it was to what it is", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => thing(name));
    const start = [a, b];
    const middle = changedList(start, [
      { before: b, after: c },
      { before: undefined, after: a },
    ]);
    const end = changedList(middle, [{ before: c, after: d }]);
    expect(changesBetween(start, end)).toEqual([
      { before: b, after: d },
      { before: undefined, after: a },
    ]);
    expect(changesBetween(start, start)).toEqual([]);
  });

  it("goes by places for lists of which nobody said how they came about", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => thing(name));
    expect(changesBetween([a, b], [a, c, b])).toEqual([
      { before: b, after: c },
      { before: undefined, after: b },
    ]);
  });

  it("always leads from the one list to the other", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(named, { maxLength: 5 }),
        fc.array(step, { maxLength: 20 }),
        (start, steps) => {
          let list: readonly Thing[] = start;
          for (const one of steps)
            list = changedList(list, [changeOf(list, { ...one, after: { ...one.after } })]);
          const again = changedList(start, changesBetween(start, list));
          expect(new Set(again)).toEqual(new Set(list));
          expect(again).toHaveLength(list.length);
        },
      ),
    );
  });
});
