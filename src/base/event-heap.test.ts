import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventHeap } from "./event-heap.ts";

describe("EventHeap", () => {
  it("gives events of one time in the order in which they were pushed", () => {
    const heap = new EventHeap();
    for (let i = 0; i < 5; i++) heap.push(7, i, 100 + i);
    const taken: number[] = [];
    while (heap.pop()) taken.push(heap.whom);
    expect(taken).toEqual([100, 101, 102, 103, 104]);
  });

  it("always pops in order of time, then of pushing, whatever is pushed in between", () => {
    const step = fc.oneof(
      fc.record({ push: fc.nat(50), what: fc.nat(3) }),
      // What was planned for a fixed while from now, as most events are.
      fc.record({ after: fc.nat(5), what: fc.constantFrom(4, 5) }),
      fc.constant("pop" as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000 }), (steps) => {
        const heap = new EventHeap();
        const model: { time: number; what: number; order: number }[] = [];
        let order = 0;
        for (const next of steps) {
          if (next === "pop") {
            model.sort((a, b) => a.time - b.time || a.order - b.order);
            const expected = model.shift();
            expect(heap.pop()).toBe(expected !== undefined);
            if (expected !== undefined) {
              const { time, what, order: whom } = expected;
              expect(heap).toMatchObject({ time, what, whom });
            }
          } else {
            const time = "push" in next ? next.push : heap.time + next.after;
            model.push({ time, what: next.what, order });
            heap.push(time, next.what, order++);
          }
          expect(heap.size).toBe(model.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
