import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import type { ExperimentResult } from "../experiment/experiment-result.ts";
import { measures } from "../metrics/measures.ts";
import { figure, signedRange } from "./numbers.ts";
import { checkWritable } from "./output-file.ts";
import { renderTerminal } from "./terminal.ts";
import { sampleResult } from "./testdata/sample-result.ts";
import { writeReport } from "./write-report.ts";

const root = mkdtempSync(join(tmpdir(), "stowage-report-"));

beforeAll(() => {
  execFileSync(process.execPath, [join(import.meta.dirname, "build-page.mjs")]);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function written(result: ExperimentResult, name: string): Promise<(file: string) => string> {
  const directory = join(root, name);
  await writeReport(result, directory);
  return (file) => readFileSync(join(directory, file), "utf8");
}

function rows(text: string): Record<string, string>[] {
  return parse(text, { columns: true });
}

interface SummaryComparison {
  readonly measure: string;
  readonly policy: string;
  readonly workload: string;
  readonly n: number;
  readonly policyMean: number | null;
  readonly medianDifference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pAdjusted: number | null;
  readonly verdict: string | null;
  readonly primary: boolean;
}

interface Summary {
  readonly workloads: readonly {
    readonly name: string;
    readonly headline: string;
    readonly comparisons: readonly SummaryComparison[];
    readonly trials: readonly { readonly values: Record<string, number | null> }[];
  }[];
}

const cell = (value: number | null) => (value === null ? "" : String(value));

describe("a report", () => {
  it("has the same figures in all formats", async () => {
    const result = sampleResult({ margin: 3 });
    const read = await written(result, "same");
    const { workloads } = JSON.parse(read("summary.json")) as Summary;
    const comparisons = workloads.flatMap((workload) => workload.comparisons);
    const table = rows(read("comparisons.csv"));
    expect(
      table.map((row) => [
        row["workload"],
        row["measure"],
        row["policy"],
        row["n"],
        row["policy_mean"],
        row["diff_median"],
        row["ci_low"],
        row["ci_high"],
        row["p_adjusted"],
      ]),
    ).toEqual(
      comparisons.map((line) => [
        line.workload,
        line.measure,
        line.policy,
        String(line.n),
        ...[line.policyMean, line.medianDifference, line.low, line.high, line.pAdjusted].map(cell),
      ]),
    );
    expect(new Set(table.map((row) => row["verdict"]))).toEqual(
      new Set(["better", "equivalent", "no difference shown", "deterministic, n = 1", "not comparable", ""]),
    );

    const html = read("index.html");
    const markdown = read("report.md");
    const terminal = renderTerminal(result, { color: false });
    const judged = comparisons.filter(({ primary, low }) => primary && low !== null);
    expect(judged.length).toBe(12);
    for (const { low, high, medianDifference } of judged) {
      const interval = signedRange(low ?? 0, high ?? 0);
      for (const text of [html, markdown, terminal]) expect(text.includes(interval)).toBe(true);
      const cell = `data-median="${medianDifference}" data-low="${low}" data-high="${high}"`;
      expect(html.includes(cell)).toBe(true);
    }
    for (const { headline } of workloads) {
      const said = headline.split(" (")[0];
      for (const text of [html, markdown]) expect(text.includes(said)).toBe(true);
      expect(terminal.replaceAll("\n", " ")).toContain(said);
    }

    const trials = rows(read("trials.csv"));
    const values = workloads.flatMap((workload) => workload.trials).map((trial) => trial.values);
    expect(trials).toHaveLength(200);
    for (const { name } of measures) {
      expect(trials.map((row) => row[name])).toEqual(values.map((of) => cell(of[name] ?? null)));
    }
    const shown = comparisons.find(({ policyMean, primary }) => primary && policyMean !== null);
    expect(html.includes(figure(shown?.policyMean ?? 0))).toBe(true);
  });

  it("draws bands from the samples of series.csv and from nothing else", async () => {
    const read = await written(sampleResult({ seeds: 5, workloads: ["openb"], failures: false }), "bands");
    const at100 = rows(read("series.csv")).filter(
      (row) => row["measure"] === "gpuAllocationByAsk" && row["policy"] === "best-fit" && row["at"] === "100",
    );
    const values = at100.map((row) => Number(row["value"]));
    expect(at100.map((row) => row["at_unit"])).toEqual(Array.from({ length: 5 }, () => "percent arrived"));
    const figures =
      /<script type="application\/json" id="figures">(.*?)<\/script>/s.exec(read("index.html"))?.[1] ?? "";
    const data = JSON.parse(figures) as {
      policies: { name: string }[];
      workloads: {
        series: {
          name: string;
          lines: { policy: number; at: number[]; mean: number[]; min: number[]; max: number[] }[];
        }[];
      }[];
    };
    const place = data.policies.findIndex(({ name }) => name === "best-fit");
    const line = data.workloads[0].series
      .find(({ name }) => name === "gpuAllocationByAsk")
      ?.lines.find(({ policy }) => policy === place);
    const i = line?.at.indexOf(100) ?? -1;
    expect([line?.min[i], line?.max[i]]).toEqual([Math.min(...values), Math.max(...values)]);
    expect(line?.mean[i]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 5, 12);
  });

  it("has the columns that were promised", async () => {
    const read = await written(sampleResult({ seeds: 2 }), "columns");
    const header = (file: string) => read(file).split("\r\n")[0];
    expect(header("comparisons.csv")).toBe(
      "measure,unit,better,baseline,policy,workload,n,baseline_mean,policy_mean,diff_median,ci_low,ci_high,p_adjusted,effect_size,verdict",
    );
    expect(header("series.csv")).toBe("workload,policy,seed,measure,at,at_unit,value");
    expect(header("trials.csv").startsWith("workload,policy,seed,status,trace_digest,")).toBe(true);
  });

  it("lists failed and skipped trials", async () => {
    const read = await written(sampleResult({ interrupted: true, seeds: 6 }), "failed");
    const trials = rows(read("trials.csv"));
    const statuses = trials.map((row) => row["status"]);
    expect(statuses.filter((status) => status === "failed")).toHaveLength(1);
    expect(statuses.filter((status) => status === "skipped")).toHaveLength(15);
    const replay = "stowage run openb.yaml --policy most-allocated --seed 45 --as fill:130%";
    expect(trials.find((row) => row["status"] === "failed")?.["replay"]).toBe(replay);
    for (const file of ["index.html", "report.md"]) expect(read(file).includes(replay)).toBe(true);
    expect(read("index.html").includes("Interrupted: 44 of 60 trials")).toBe(true);
  });

  it("is equal from run to run but for measured time and provenance", async () => {
    const result = sampleResult({ seeds: 6 });
    const first = await written(result, "once");
    const later = {
      ...result,
      trials: result.trials.map((trial) =>
        trial.state === "completed" ? { ...trial, wallSeconds: 9 } : trial,
      ),
      provenance: { ...result.provenance, finishedAt: "2027-01-01T00:00:00Z", wallSeconds: 99, threads: 8 },
    };
    const second = await written(later, "again");
    for (const file of ["comparisons.csv", "trials.csv", "series.csv", "report.md"]) {
      expect(second(file)).toBe(first(file));
    }
    const { provenance: one, ...summary } = JSON.parse(first("summary.json")) as Record<string, unknown>;
    const { provenance: other, ...again } = JSON.parse(second("summary.json")) as Record<string, unknown>;
    expect(again).toEqual(summary);
    expect(other).not.toEqual(one);
    expect(second("speed.csv")).not.toBe(first("speed.csv"));
  });

  it("takes any name as text", async () => {
    const evil = `</script><img src=x onerror="alert(1)">, "|\`=1+1`;
    const read = await written(
      sampleResult({ policies: ["default", evil], seeds: 6, nodeName: (node) => `${evil}${node}` }),
      "names",
    );
    const html = read("index.html");
    expect(html.includes("<img")).toBe(false);
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(rows(read("comparisons.csv"))[0]["policy"]).toBe(evil);
    // Within a span of code nothing is a tag.
    expect(read("report.md").replace(/`` .*? ``/g, "")).not.toMatch(/<img|[^\\]\|`/);
  });

  it("stays small with 20 seeds of 6 policies on 1,213 nodes", async () => {
    const policies = [
      "default",
      "most-allocated",
      "requested-to-capacity-ratio",
      "default-all-nodes",
      "best-fit",
      "first-fit",
    ];
    const result = sampleResult({ policies, nodes: 1213, workloads: ["openb"] });
    const [page] = await writeReport(result, join(root, "size"), { formats: ["html"] });
    expect(statSync(page).size).toBeLessThan(2 ** 21);
  });

  it("loads nothing: the page refers to no address, and its policy allows none", async () => {
    const html = (await written(sampleResult({ seeds: 2 }), "alone"))("index.html");
    expect(/content="default-src &#39;none&#39;; [^"]*script-src &#39;sha256-/.test(html)).toBe(true);
    expect(/<(?:link|img|iframe|script)\b[^>]*(?:src|href)=/.test(html)).toBe(false);
    expect(/@import|url\(/.test(/<style>(.*?)<\/style>/s.exec(html)?.[1] ?? "")).toBe(false);
  });
});

describe("writing a report", () => {
  it("writes only the formats that are asked for", async () => {
    const directory = join(root, "some");
    const files = await writeReport(sampleResult({ seeds: 2 }), directory, { formats: ["json", "md"] });
    expect(files).toEqual([join(directory, "summary.json"), join(directory, "report.md")]);
    expect(readdirSync(directory).sort()).toEqual(["report.md", "summary.json"]);
  });

  it("refuses a file in the folder's place, and a path below a file, and names the way out", async () => {
    const file = join(root, "taken");
    writeFileSync(file, "");
    for (const directory of [file, join(file, "below", "it")]) {
      const failure: unknown = await checkWritable(directory).catch((cause: unknown) => cause);
      expect(failure).toBeInstanceOf(UserError);
      expect(String(failure)).toContain(
        `invalid output folder: ${JSON.stringify(directory)}: ${file} is a file, not a folder; choose another folder with --out`,
      );
    }
  });

  it("makes the folder, and leaves nothing in it, when asked whether it could write", async () => {
    const directory = join(root, "new", "folder");
    await checkWritable(directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  // Every write to this device fails with ENOSPC, as on a full disk.
  it.skipIf(!existsSync("/dev/full"))(
    "keeps what was finished when the disk is full, and says so",
    async () => {
      const directory = join(root, "full");
      const result = sampleResult({ seeds: 2 });
      await writeReport(result, directory);
      const before = readFileSync(join(directory, "index.html"), "utf8");
      rmSync(join(directory, "trials.csv"));
      symlinkSync("/dev/full", join(directory, "index.html.part"));
      const failure: unknown = await writeReport(result, directory).catch((cause: unknown) => cause);
      expect(failure).toBeInstanceOf(UserError);
      expect(String(failure)).toContain(
        "no space left on the device; free some space, or choose another folder with --out",
      );
      expect(String(failure)).toContain(
        `finished before that, and readable: ${join(directory, "summary.json")}`,
      );
      expect(rows(readFileSync(join(directory, "trials.csv"), "utf8"))).toHaveLength(20);
      expect(readFileSync(join(directory, "index.html"), "utf8")).toBe(before);
      expect(readdirSync(directory).filter((name) => name.endsWith(".part"))).toEqual([]);
    },
  );

  it("does not replace a folder that stands where a file should go", async () => {
    const directory = join(root, "blocked");
    mkdirSync(join(directory, "summary.json", "kept"), { recursive: true });
    await expect(writeReport(sampleResult({ seeds: 2 }), directory)).rejects.toThrow(
      /summary\.json: invalid output folder: .*a folder stands where the file should go; move that folder away/,
    );
    expect(existsSync(join(directory, "summary.json", "kept"))).toBe(true);
  });
});
