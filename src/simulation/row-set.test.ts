import fc from "fast-check";
import { expect, it } from "vitest";
import { RowSet } from "./row-set.ts";

it("always has the rows that a set of them has", () => {
  const row = fc.oneof(fc.nat(5), fc.integer({ min: 1000, max: 5000 }));
  const step = fc.oneof(fc.record({ add: row }), fc.record({ delete: row }), fc.constant("clear" as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rows = new RowSet();
      const model = new Set<number>();
      for (const next of steps) {
        if (next === "clear") {
          rows.clear();
          model.clear();
        } else if ("add" in next) {
          rows.add(next.add);
          model.add(next.add);
        } else {
          expect(rows.delete(next.delete)).toBe(model.delete(next.delete));
        }
        expect(rows.size).toBe(model.size);
      }
    }),
  );
});
