import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanJson } from "./json-scan.ts";

describe("scanJson", () => {
  it.each([
    ['{"a": 1 "b": 2}', 8, "a comma or }"],
    ['{"a" 1}', 5, "a colon"],
    ["[1, ]", 4, "a value"],
    ['{"a": tru}', 6, "a value"],
    ['{"a": 01}', 6, "a value"],
    ["{a: 1}", 1, "a key in quotes"],
    ['{"a": "x\n"}', 6, "a string closed with a quote"],
    ["{} {}", 3, "the end of the object"],
    ['{"a": [1', 8, "a comma or ]"],
  ])("finds the fault of %j at %i: %s", (text, offset, expected) => {
    expect(scanJson(text).error).toEqual({ offset, expected });
  });

  it("finds the value at a path, or the deepest enclosing one", () => {
    const text = '{"a": {"b": [10, {"c": true}]}}';
    expect(scanJson(text, ["a", "b", 1, "c"]).found).toBe(text.indexOf("true"));
    expect(scanJson(text, ["a", "b", 7]).found).toBe(text.indexOf("["));
    expect(scanJson(text, []).found).toBe(0);
  });

  it("always agrees with JSON.parse on what is JSON", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", "}", '"', ",", "x", "1", "\\", ":"),
        (json, at, insert) => {
          const place = at % (json.length + 1);
          const text = json.slice(0, place) + insert + json.slice(place);
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect(scanJson(text).error === undefined).toBe(isJson);
        },
      ),
    );
  });
});
