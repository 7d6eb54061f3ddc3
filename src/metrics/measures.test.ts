import { describe, expect, it } from "vitest";
import { measureNamed, measures } from "./measures.ts";

describe("the catalogue of measures", () => {
  it("has one measure for each name, in camelCase, each defined in sentences", () => {
    expect(new Set(measures.map(({ name }) => name)).size).toBe(measures.length);
    for (const { name, definition } of measures) {
      expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(definition).toMatch(/^[A-Za-z].+\.$/);
    }
  });

  it("lets no measure be primary that is neither better higher nor lower", () => {
    for (const { name, better, primaryEligible } of measures) {
      expect([name, primaryEligible]).toEqual([name, better !== "none"]);
    }
  });

  it("finds a measure by name, and offers the nearest to a typo", () => {
    expect(measureNamed("gpuAllocationAt100").unit).toBe("percent");
    expect(() => measureNamed("gpuAlocationAt100")).toThrow(
      'unknown measure: "gpuAlocationAt100", did you mean gpuAllocationAt100?',
    );
  });
});
