import { describe, expect, it } from "vitest";
import { regularExpression } from "./regular-expressions.ts";

describe("regularExpression", () => {
  it.each([
    ["(?i)abc", "xABC"],
    ["(?s)a.b", "a\nb"],
    ["^(?P<x>a)b$", "ab"],
    ["^[[:alpha:]]+$", "abc"],
    ["\\pL", "é"],
    ["\\Aab\\z", "ab"],
    ['^\\"\\_$', '"_'],
  ])("reads RE2's %s", (pattern, text) => {
    expect(regularExpression(pattern).test(text)).toBe(true);
  });

  it.each(["(", "x(", "*", "a**", "[b-a]", "(?=a)", "\\1", "a{1001}"])(
    "refuses %s, as RE2 does",
    (pattern) => {
      expect(() => regularExpression(pattern)).toThrow("error parsing regexp: ");
    },
  );

  it("tells with Go's text of a group that is not closed", () => {
    expect(() => regularExpression("x1(")).toThrow("error parsing regexp: missing closing ): `x1(`");
  });
});
