import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IntPairs } from "./int-pairs.ts";

describe("IntPairs", () => {
  it("always numbers equal pairs alike and others apart, in order of first sight", () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(-1, -(2 ** 31), 2 ** 31 - 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 500 }), (pairs) => {
        const numbered = new IntPairs();
        const known = new Map<string, number>();
        for (const pair of pairs) {
          const key = pair.join();
          if (!known.has(key)) known.set(key, known.size);
          expect(numbered.numberOf(...pair)).toBe(known.get(key));
        }
        expect(numbered.size).toBe(known.size);
      }),
    );
  });
});
