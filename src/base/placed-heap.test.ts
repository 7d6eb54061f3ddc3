import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { PlacedHeap } from "./placed-heap.ts";

const placed = (row: number) => ({ row, slot: -1 });

/** A number below 27 as three that have its order. */
function digits(key: number): [number, number, number] {
  return [Math.floor(key / 9), Math.floor(key / 3) % 3, key % 3];
}

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
      const heap = new PlacedHeap<(typeof items)[number]>();
      for (const next of steps) {
        if ("push" in next && !inside.has(next.push)) {
          key.set(next.push, next.key);
          inside.add(next.push);
          heap.push(items[next.push], ...digits(next.key));
        } else if ("remove" in next) {
          expect(heap.remove(items[next.remove])).toBe(inside.delete(next.remove));
        } else if ("fix" in next && inside.has(next.fix)) {
          key.set(next.fix, next.key);
          heap.fix(items[next.fix], ...digits(next.key));
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
  const heap = new PlacedHeap<ReturnType<typeof placed>>();
  for (const row of [1, 2, 3, 4]) heap.push(placed(row), 7, 7);
  expect(heap.inOrder().map(({ row }) => row)).toEqual([1, 4, 3, 2]);
  expect([1, 2, 3, 4].map(() => heap.pop()?.row)).toEqual([1, 4, 3, 2]);
});

interface Keyed {
  readonly row: number;
  key: number;
}

/** Go's container/heap (src/container/heap/heap.go), in its terms. */
class ContainerHeap {
  readonly h: Keyed[];

  constructor(h: Keyed[] = []) {
    this.h = h;
  }

  push(item: Keyed): void {
    this.h.push(item);
    this.#up(this.h.length - 1);
  }

  pop(): Keyed | undefined {
    return this.h.length === 0 ? undefined : this.remove(0);
  }

  remove(i: number): Keyed {
    const n = this.h.length - 1;
    if (n !== i) {
      this.#swap(i, n);
      if (!this.#down(i, n)) this.#up(i);
    }
    return this.h.pop()!;
  }

  fix(i: number): void {
    if (!this.#down(i, this.h.length)) this.#up(i);
  }

  inOrder(): number[] {
    const copy = new ContainerHeap([...this.h]);
    return this.h.map(() => copy.pop()!.row);
  }

  #up(from: number): void {
    for (let j = from; j > 0; ) {
      const i = (j - 1) >> 1;
      if (!this.#less(j, i)) break;
      this.#swap(i, j);
      j = i;
    }
  }

  #down(from: number, n: number): boolean {
    let i = from;
    for (;;) {
      let j = 2 * i + 1;
      if (j >= n) break;
      if (j + 1 < n && this.#less(j + 1, j)) j++;
      if (!this.#less(j, i)) break;
      this.#swap(i, j);
      i = j;
    }
    return i > from;
  }

  #less(i: number, j: number): boolean {
    return this.h[i].key < this.h[j].key;
  }

  #swap(i: number, j: number): void {
    [this.h[i], this.h[j]] = [this.h[j], this.h[i]];
  }
}

/** A number as three that have its order; which of them differ depends on how far two numbers are from each other. */
function spread(key: number): [number, number, number] {
  return [key >> 6, (key >> 3) & 7, key & 7];
}

it("always takes items in the order of container/heap, through every turn from lane to heap and back", () => {
  const somewhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const rise = fc.record({ rise: fc.integer({ min: 1, max: 150 }), pops: fc.nat(3), by: fc.nat(4) });
  const drain = fc.constant({ drain: true });
  const step = fc.oneof(
    { weight: 6, arbitrary: rise },
    { weight: 3, arbitrary: drain },
    { weight: 2, arbitrary: fc.record({ pop: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ push: fc.integer({ min: -200, max: 2 }), times: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ fix: somewhere, to: somewhere }) },
    { weight: 1, arbitrary: fc.record({ nudge: somewhere, by: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ remove: somewhere }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const heap = new PlacedHeap<Keyed & { slot: number }>();
      const go = new ContainerHeap();
      const items: (Keyed & { slot: number })[] = [];
      let last = 0;
      const push = (key: number) => {
        const item = { row: items.length, key, slot: -1 };
        items.push(item);
        go.push(item);
        heap.push(item, ...spread(key));
        last = key;
      };
      const seen: unknown[] = [];
      const due: unknown[] = [];
      const pop = () => {
        const first = heap.peek();
        const least = heap.leastKey;
        const item = heap.pop();
        seen.push(first?.row, least, item?.row, item !== undefined && heap.has(item));
        const expected = go.pop();
        const row = expected?.row;
        due.push(
          row,
          expected === undefined ? Number.POSITIVE_INFINITY : spread(expected.key)[0],
          row,
          false,
        );
      };
      const change = (place: number, key: number) => {
        const item = items[go.h[place].row];
        item.key = key;
        go.fix(place);
        heap.fix(item, ...spread(key));
      };
      for (const next of steps) {
        const { length } = go.h;
        if ("rise" in next) {
          for (let i = 0; i < next.rise; i++) {
            push(last + 2 + next.by);
            // As many pops as pushes in the long run, or fewer, or more.
            if (i % 3 < next.pops) pop();
          }
        } else if ("drain" in next) {
          while (go.h.length > 0) pop();
        } else if ("pop" in next) {
          for (let i = 0; i < next.pop; i++) pop();
        } else if ("push" in next) {
          // Few values, so that many are equal.
          for (let i = 0; i < next.times; i++) push(last + next.push + (i % 2));
        } else if (length === 0) continue;
        else if ("fix" in next) {
          change(Math.floor(next.fix * length), go.h[Math.floor(next.to * length)].key);
        } else if ("nudge" in next) {
          const place = Math.floor(next.nudge * length);
          change(place, go.h[place].key + next.by);
        } else {
          const gone = go.remove(Math.floor(next.remove * length));
          expect(heap.remove(items[gone.row])).toBe(true);
          expect(heap.remove(items[gone.row])).toBe(false);
        }
        expect(heap.size).toBe(go.h.length);
        seen.push(...heap.inOrder().map(({ row }) => row));
        due.push(...go.inOrder());
      }
      while (go.h.length > 0) pop();
      expect(seen).toEqual(due);
      expect(heap.pop()).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

it("always takes equal items as container/heap does after many that rose and were popped", () => {
  const round = fc.record({ length: fc.nat(400), kept: fc.nat(70), twice: fc.boolean(), left: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 6 }), (rounds) => {
      const heap = new PlacedHeap<Keyed & { slot: number }>();
      const go = new ContainerHeap();
      const push = (row: number, key: number) => {
        const item = { row, key, slot: -1 };
        heap.push(item, key);
        go.push(item);
      };
      const pop = () => {
        heap.pop();
        go.pop();
      };
      for (const { length, kept, twice, left } of rounds) {
        for (let row = 0; row < length; row++) {
          push(row, row);
          if (row >= kept && row < length - left) pop();
        }
        const there = go.h.map(({ key }) => key);
        if (twice) for (const key of there) push(length + key, key);
        expect(heap.inOrder().map(({ row }) => row)).toEqual(go.inOrder());
        while (go.h.length > 0) pop();
      }
    }),
  );
});

it("takes an item that was made equal to the one before or behind it as container/heap does", () => {
  for (let pops = 0; pops < 10; pops++) {
    for (let row = pops; row < 19; row++) {
      for (const step of [-1, 1]) {
        const heap = new PlacedHeap<Keyed & { slot: number }>();
        const go = new ContainerHeap();
        const items = Array.from({ length: 20 }, (_, index) => ({ row: index, key: index, slot: -1 }));
        for (const item of items) {
          heap.push(item, 0, 0, item.key);
          go.push(item);
        }
        for (let pop = 0; pop < pops; pop++) {
          heap.pop();
          go.pop();
        }
        const place = go.h.indexOf(items[row]);
        items[row].key += step;
        go.fix(place);
        heap.fix(items[row], 0, 0, items[row].key);
        expect(heap.inOrder().map((item) => item.row)).toEqual(go.inOrder());
      }
    }
  }
});

it("lets go of items that were taken", async () => {
  setFlagsFromString("--expose-gc");
  const heap = new PlacedHeap<ReturnType<typeof placed>>();
  const taken: WeakRef<object>[] = [];
  const fill = () => {
    for (let row = 0; row < 500; row++) heap.push(placed(row), row);
    for (let row = 0; row < 400; row++) taken.push(new WeakRef(heap.pop()!));
  };
  fill();
  await new Promise((resolve) => setTimeout(resolve, 0));
  runInNewContext("gc()");
  expect(taken.filter((ref) => ref.deref() !== undefined)).toEqual([]);
  expect(heap.size).toBe(100);
});
