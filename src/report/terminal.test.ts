import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { renderTerminal } from "./terminal.ts";
import { sampleResult } from "./testdata/sample-result.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the report in a terminal", () => {
  it("has the verdict, the primary table, its conditions, failed trials with their replay, and the digest", () => {
    const result = sampleResult({ policies: ["default", "most-allocated", "default-all-nodes"], margin: 3 });
    expect(renderTerminal(result, { color: false })).toMatchSnapshot();
  });

  it("says when there are too few seeds, and when there is nothing to compare", () => {
    const few = sampleResult({
      seeds: 4,
      policies: ["default", "best-fit"],
      workloads: ["openb"],
      failures: false,
    });
    expect(renderTerminal(few, { color: false })).toContain("Too few seeds to tell best-fit from default");
    const alone = sampleResult({ policies: ["default"], workloads: ["steady"] });
    expect(renderTerminal(alone, { color: false })).toContain("there is no second policy");
  });

  it("keeps to 100 columns, but for commands to be copied", () => {
    const text = renderTerminal(sampleResult({ policies: ["default", `./${"long/".repeat(12)}policy.ts`] }), {
      color: false,
    });
    const lines = text.split("\n").filter((line) => !line.startsWith("  stowage run"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("has colours only when they are wanted, and the same words with and without", () => {
    vi.stubEnv("NO_COLOR", "");
    const plain = renderTerminal(sampleResult(), { color: false });
    const colored = renderTerminal(sampleResult(), { color: true });
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(colored).not.toBe(plain);
    expect(stripVTControlCharacters(colored)).toBe(plain);
    vi.stubEnv("NO_COLOR", "1");
    expect(renderTerminal(sampleResult(), { color: true })).toBe(plain);
  });

  it("lets no name steer the terminal", () => {
    const text = renderTerminal(sampleResult({ policies: ["default", "\u001b[2Jevil\u0007"] }), {
      color: false,
    });
    expect(text).toBe(stripVTControlCharacters(text));
    expect(text).toContain("[2Jevil");
  });
});
