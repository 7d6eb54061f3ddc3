import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permutation, philoxBlock, randomKey, uniform, uniformInt } from "./random.ts";

describe("random", () => {
  it("gives the known answers of Random123 for Philox2x32-10", () => {
    expect(philoxBlock(0, 0, 0)).toEqual([0xff1dae59, 0x6cd10df2]);
    expect(philoxBlock(0xffffffff, 0xffffffff, 0xffffffff)).toEqual([0x2c3f628b, 0xab4fd7ad]);
    expect(philoxBlock(0x243f6a88, 0x85a308d3, 0x13198a2e)).toEqual([0xdd7ce038, 0xf62a4c12]);
  });

  it("fills [0, 1) evenly", () => {
    const key = randomKey(42, "test");
    const bins = new Uint32Array(10);
    for (let i = 0; i < 100_000; i++) bins[Math.floor(uniform(key, i) * 10)]++;
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it("always gives the same draw for the same key, entity and counter, and another for another purpose", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(100), (seed, entity, counter) => {
        const key = randomKey(seed, "a");
        expect(uniform(key, entity, counter)).toBe(uniform(randomKey(seed, "a"), entity, counter));
        expect(uniform(randomKey(seed, "b"), entity, counter)).not.toBe(uniform(key, entity, counter));
      }),
    );
  });

  it("always draws integers below the bound", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (entity, bound) => {
        const drawn = uniformInt(7, entity, 0, bound);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true);
      }),
    );
  });

  it("always permutes", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(200), (key, length) => {
        expect([...permutation(key, length)].sort((a, b) => a - b)).toEqual(
          Array.from({ length }, (_, i) => i),
        );
      }),
    );
  });
});
