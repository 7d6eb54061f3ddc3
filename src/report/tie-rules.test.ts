import { describe, expect, it } from "vitest";
import type { TieSensitivity, TieSensitivityRow } from "../experiment/experiment-result.ts";
import { reportMarkdown } from "./markdown.ts";
import { reportHtml } from "./report-html.ts";
import { reportModel } from "./report-model.ts";
import { summaryJson } from "./summary-json.ts";
import { renderTerminal } from "./terminal.ts";
import { sampleResult } from "./testdata/sample-result.ts";
import { tieReport } from "./tie-rules.ts";

const facts = { name: "openb", primaryMeasures: ["gpuAllocationAt130", "podsPending"] };

function row(
  policy: string,
  measure: string,
  verdict: "better" | "worse",
  first: "better" | "worse",
): TieSensitivityRow {
  const changes = verdict !== first;
  return { workload: "openb", policy, measure, verdict, under: { first, random: verdict }, changes };
}

function sensitivity(parts: Partial<TieSensitivity> = {}): TieSensitivity {
  return {
    rules: ["first", "random"],
    unfinished: [],
    kept: [],
    failed: 0,
    rows: [
      row("best-fit", "podsPending", "better", "better"),
      row("best-fit", "gpuAllocationAt130", "better", "worse"),
    ],
    ...parts,
  };
}

describe("tie rules in a report", () => {
  it("name each verdict that changes, with what it becomes and under which rule", () => {
    expect(tieReport(sensitivity(), facts, [])?.text).toBe(
      "1 of 2 verdicts hangs on how ties are broken (tried: rules first and random): best-fit, GPU allocation at 130 % asked: better as run, worse under first.",
    );
  });

  it("say that none changes, and who keeps its own rule", () => {
    const rows = [row("best-fit", "podsPending", "better", "better")];
    expect(tieReport(sensitivity({ rows, kept: ["random"] }), facts, [])?.text).toBe(
      "The verdict does not change under tie rules first and random. random keeps its own rule, which is all it ranks nodes by.",
    );
  });

  it("say what was not tried and what failed", () => {
    const cut = sensitivity({ rules: [], rows: [], unfinished: ["first", "random"], failed: 1 });
    expect(tieReport(cut, facts, [])?.text).toBe(
      "Interrupted: the rule first and random was not tried to the end. 1 trial of the repetitions failed and is left out.",
    );
  });

  it("are told alike in every format, and nowhere when nobody asked", () => {
    const asked = { ...sampleResult({ workloads: ["openb"] }), tieSensitivity: sensitivity() };
    const without = sampleResult({ workloads: ["openb"] });
    const words = (text: string) => text.replaceAll(/\s+/g, " ");
    const said = "better as run, worse under first";
    for (const format of [
      (result: typeof asked | typeof without) => reportMarkdown(reportModel(result)),
      (result: typeof asked | typeof without) => reportHtml(reportModel(result)),
      (result: typeof asked | typeof without) => JSON.stringify(summaryJson(result)),
      (result: typeof asked | typeof without) => renderTerminal(result, { color: false }),
    ]) {
      expect(words(format(asked))).toContain(said);
      expect(words(format(without))).not.toContain("as run,");
    }
    expect(reportHtml(reportModel(asked))).toContain("<strong>worse</strong>");
  });
});
