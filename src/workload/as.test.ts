import { describe, expect, it } from "vitest";
import { formatAs, parseAs } from "./as.ts";

describe("--as", () => {
  it.each(["fill", "fill:130%", "fill:62.5%", "pending", "repack", "replay"])(
    "reads and writes %s",
    (text) => {
      expect(formatAs(parseAs(text))).toBe(text);
    },
  );

  it.each([
    ["refill", '--as: unknown mode: "refill", did you mean fill?'],
    ["fill:130", '--as: invalid share: "130"; write fill:130%, above 0 and at most 10000%'],
    ["fill:0%", '--as: invalid share: "0%"; write fill:130%, above 0 and at most 10000%'],
    ["fill:-3%", '--as: invalid share: "-3%"; write fill:130%, above 0 and at most 10000%'],
    ["fill:", '--as: invalid share: ""; write fill:130%, above 0 and at most 10000%'],
    ["replay:2", '--as: invalid parameter: "2"; replay takes none, only fill does (fill:130%)'],
  ])("refuses %s", (text, message) => {
    expect(() => parseAs(text)).toThrow(message);
  });
});
