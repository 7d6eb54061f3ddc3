import fc from "fast-check";
import { expect, it } from "vitest";
import { RowHeap } from "./row-heap.ts";

it("always takes the first row left, whatever was pushed, changed or removed before", () => {
  const step = fc.oneof(
    fc.record({ push: fc.nat(200), key: fc.nat(20) }),
    fc.record({ remove: fc.nat(200) }),
    fc.record({ fix: fc.nat(200), key: fc.nat(20) }),
    fc.constant({ pop: true }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const key = new Map<number, number>();
      const inside = new Set<number>();
      const heap = new RowHeap((a, b) => key.get(a)! < key.get(b)!);
      for (const next of steps) {
        if ("push" in next && !inside.has(next.push)) {
          key.set(next.push, next.key);
          inside.add(next.push);
          heap.push(next.push);
        } else if ("remove" in next) {
          expect(heap.remove(next.remove)).toBe(inside.delete(next.remove));
        } else if ("fix" in next && inside.has(next.fix)) {
          key.set(next.fix, next.key);
          heap.fix(next.fix);
        } else if ("pop" in next) {
          const least = Math.min(...[...inside].map((row) => key.get(row)!));
          const row = heap.pop();
          if (inside.size === 0) expect(row).toBe(-1);
          else expect(key.get(row)).toBe(least);
          inside.delete(row);
        }
        expect(new Set(heap.rows)).toEqual(inside);
      }
    }),
  );
});

it("lets equal rows fall as container/heap does", () => {
  const heap = new RowHeap(() => false);
  for (const row of [1, 2, 3, 4]) heap.push(row);
  expect([heap.pop(), heap.pop(), heap.pop(), heap.pop()]).toEqual([1, 4, 3, 2]);
});
