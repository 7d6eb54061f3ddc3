import fc from "fast-check";
import { expect, it } from "vitest";
import { PlacedHeap } from "./placed-heap.ts";

const placed = (row: number) => ({ row, place: -1 });

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
      const items = Array.from({ length: 201 }, (_, row) => placed(row));
      const heap = new PlacedHeap<(typeof items)[number]>((a, b) => key.get(a.row)! < key.get(b.row)!);
      for (const next of steps) {
        if ("push" in next && !inside.has(next.push)) {
          key.set(next.push, next.key);
          inside.add(next.push);
          heap.push(items[next.push]);
        } else if ("remove" in next) {
          expect(heap.remove(items[next.remove])).toBe(inside.delete(next.remove));
        } else if ("fix" in next && inside.has(next.fix)) {
          key.set(next.fix, next.key);
          heap.fix(items[next.fix]);
        } else if ("pop" in next) {
          const least = Math.min(...[...inside].map((row) => key.get(row)!));
          const row = heap.pop()?.row;
          if (inside.size === 0) expect(row).toBeUndefined();
          else expect(key.get(row!)).toBe(least);
          inside.delete(row!);
        }
        const order = heap.inOrder().map(({ row }) => row);
        expect(new Set(order)).toEqual(inside);
        expect(order.map((row) => key.get(row)!)).toEqual(
          [...inside].map((row) => key.get(row)!).sort((a, b) => a - b),
        );
        expect(heap.size).toBe(inside.size);
      }
    }),
  );
});

it("lets equal rows fall as container/heap does", () => {
  const heap = new PlacedHeap<ReturnType<typeof placed>>(() => false);
  for (const row of [1, 2, 3, 4]) heap.push(placed(row));
  expect(heap.inOrder().map(({ row }) => row)).toEqual([1, 4, 3, 2]);
  expect([1, 2, 3, 4].map(() => heap.pop()?.row)).toEqual([1, 4, 3, 2]);
});
