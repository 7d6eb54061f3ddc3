import { describe, expect, it } from "vitest";
import { compileLabelSelector } from "./label-selector.ts";

const web = new Map([
  ["app", "web"],
  ["tier", "front"],
]);

describe("compileLabelSelector", () => {
  it("matches nothing when absent and everything when empty", () => {
    expect(compileLabelSelector(undefined)).toMatchObject({ isEmpty: false, isNothing: true });
    expect(compileLabelSelector(undefined).matches(web)).toBe(false);
    expect(compileLabelSelector({})).toMatchObject({ isEmpty: true, isNothing: false });
    expect(compileLabelSelector({}).matches(new Map())).toBe(true);
  });

  it("asks for all labels and all expressions", () => {
    const selector = compileLabelSelector({
      matchLabels: { app: "web" },
      matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }],
    });
    expect(selector.matches(web)).toBe(true);
    expect(selector.matches(new Map([["app", "web"]]))).toBe(false);
  });

  it.each([
    ["NotIn", ["blue"], true],
    ["Exists", [], false],
    ["DoesNotExist", [], true],
    ["In", ["blue"], false],
  ] as const)("judges an object that lacks the key by %s", (operator, values, verdict) => {
    expect(
      compileLabelSelector({ matchExpressions: [{ key: "colour", operator, values }] }).matches(web),
    ).toBe(verdict);
  });

  it("matches nothing, and says why, when it does not parse", () => {
    const selector = compileLabelSelector({ matchExpressions: [{ key: "app", operator: "In" }] });
    expect(selector.matches(web)).toBe(false);
    expect(selector.problems).toEqual([
      "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    ]);
  });

  it("refuses keys and values that are no labels", () => {
    expect(compileLabelSelector({ matchLabels: { "a/b/c": "x" } }).problems).toHaveLength(1);
    expect(compileLabelSelector({ matchLabels: { app: "-x" } }).problems[0]).toContain(
      'values[0][app]: Invalid value: "-x"',
    );
    expect(compileLabelSelector({ matchLabels: { app: "" } }).problems).toEqual([]);
  });
});
