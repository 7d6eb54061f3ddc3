import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright-core";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { figure, signed } from "./numbers.ts";
import { launchBrowser } from "./testdata/browser.ts";
import { sampleResult } from "./testdata/sample-result.ts";
import { writeReport } from "./write-report.ts";

const browser = await launchBrowser();
const directory = mkdtempSync(join(tmpdir(), "stowage-page-"));
if (typeof browser !== "string") {
  execFileSync(process.execPath, [join(import.meta.dirname, "build-page.mjs")]);
  const evil = "<b onclick=x>bold</b>, first";
  const policies = ["default", "most-allocated", "best-fit", evil];
  await writeReport(
    sampleResult({ policies, seeds: 10, nodes: 200, workloads: ["openb", "steady"] }),
    directory,
  );
}

afterAll(async () => {
  if (typeof browser !== "string") await browser.close();
  rmSync(directory, { recursive: true, force: true });
});

type Row = Readonly<Record<string, string>>;

function table(file: string): Row[] {
  return parse(readFileSync(join(directory, file), "utf8"), { columns: true });
}

interface Opened {
  readonly page: Page;
  /** Whatever the page complains of or asks the network for. */
  readonly complaints: readonly string[];
}

async function open(settings: { width?: number; scheme?: "light" | "dark" } = {}): Promise<Opened> {
  const context = await (browser as Browser).newContext({
    locale: "en-US",
    colorScheme: settings.scheme ?? "light",
    viewport: { width: settings.width ?? 1280, height: 860 },
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  await context.route(/^(?!file:)/, (route) => {
    complaints.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  await page.goto(pathToFileURL(join(directory, "index.html")).href);
  await frames(page);
  return { page, complaints };
}

/** Two animation frames: what was asked to be drawn is drawn. */
async function frames(page: Page): Promise<void> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

interface Drawn {
  readonly id: string;
  readonly shapes: number;
  readonly widths: readonly number[];
}

/** The text a reader sees, with a line break between blocks. */
async function textOf(page: Page, selector: string): Promise<string> {
  const texts = await page.locator(selector).allInnerTexts();
  return texts[0] ?? "";
}

async function drawn(page: Page): Promise<Drawn[]> {
  return page.evaluate<Drawn[]>(`[...document.querySelectorAll(".plot")].map((plot) => ({
    id: plot.id,
    shapes: plot.querySelectorAll("svg path").length,
    widths: [...plot.querySelectorAll("svg text")].map((text) => text.getBoundingClientRect().width),
  }))`);
}

/** The data of the drawn series, by chart, as the chart itself has them. */
async function seriesOf(page: Page, id: string): Promise<{ name: string; type: string; data: number[][] }[]> {
  return page.evaluate(`document.getElementById(${JSON.stringify(id)}).chart.getOption().series
    .map(({ name, type, data }) => ({ name, type, data }))`);
}

describe.skipIf(typeof browser === "string")(
  typeof browser === "string" ? `the page in a browser (skipped: ${browser})` : "the page in a browser",
  () => {
    it.each([
      { width: 1280, scheme: "light" },
      { width: 1280, scheme: "dark" },
      { width: 400, scheme: "light" },
      { width: 400, scheme: "dark" },
    ] as const)("draws every chart and complains of nothing, $width wide and $scheme", async (settings) => {
      const { page, complaints } = await open(settings);
      const charts = await drawn(page);
      expect(charts.map(({ id }) => id).sort()).toEqual(
        [
          "w0-forest-0",
          "w0-forest-1",
          "w0-forest-2",
          "w0-curve",
          "w0-course",
          "w0-waiting-0",
          "w0-heat",
          "w1-forest-0",
          "w1-forest-1",
          "w1-curve",
          "w1-course",
          "w1-waiting-0",
          "w1-waiting-1",
          "w1-waiting-2",
          "w1-heat",
        ].sort(),
      );
      for (const { id, shapes, widths } of charts) {
        expect(shapes, id).toBeGreaterThan(4);
        expect(Math.min(...widths, 1), id).toBeGreaterThan(0);
        if (!id.endsWith("heat")) expect(widths.length, id).toBeGreaterThan(4);
      }
      const heat = charts.find(({ id }) => id === "w0-heat");
      // A cell each for the nodes that have GPUs: every eleventh of the sample has none.
      expect(heat?.shapes).toBe(200 - Math.ceil(200 / 11));
      const [scrolled, inner, background] = await page.evaluate<[number, number, string]>(
        "[document.documentElement.scrollWidth, innerWidth, getComputedStyle(document.body).backgroundColor]",
      );
      expect(scrolled).toBe(inner);
      expect(background).toBe(settings.scheme === "dark" ? "rgb(20, 24, 29)" : "rgb(252, 252, 250)");
      expect(complaints).toEqual([]);
    });

    it("opens with the verdict, its interval, its conditions and the digest", async () => {
      const { page } = await open();
      const [best] = table("comparisons.csv").filter(
        (row) => row["policy"] === "best-fit" && row["measure"] === "gpuAllocationAt130",
      );
      const interval = `${figure(Number(best["ci_low"]))} to ${figure(Number(best["ci_high"]))}`;
      expect(await textOf(page, "h1")).toContain(
        best["verdict"] === "better" ? `allocates ${interval} points more GPU` : "No difference shown",
      );
      const conditions = await textOf(page, ".conditions");
      for (const part of [
        "fill:130%",
        "10 seeds (42\u201351)",
        "A seed stands for",
        "Not shown",
        "Digest of all traces",
      ]) {
        expect(conditions).toContain(part);
      }
    });

    it("draws the intervals of comparisons.csv", async () => {
      const { page } = await open();
      const rows = table("comparisons.csv").filter(
        (row) => row["workload"] === "openb" && row["measure"] === "podsPending",
      );
      const [{ data }] = await seriesOf(page, "w0-forest-2");
      expect(data).toEqual(
        rows.map((row, place) => [
          Number(row["diff_median"]),
          place,
          ...["ci_low", "ci_high"].map((end) => Number(row[end] === "" ? row["diff_median"] : row[end])),
        ]),
      );
      const plot = page.locator("#w0-forest-2");
      const [x, y] = await page.evaluate<[number, number]>(
        `document.getElementById("w0-forest-2").chart.convertToPixel("grid", [${data[1][0]}, 1])`,
      );
      await plot.hover({ position: { x, y } });
      const tip = await textOf(page, "#w0-forest-2 .tip");
      expect(tip).toContain(rows[1]["policy"]);
      expect(tip).toContain(`${signed(data[1][2])} to ${signed(data[1][3])} pods`);
      expect(tip).toContain(rows[1]["verdict"]);
    });

    it("draws the samples of series.csv, in lines, bands and tooltips", async () => {
      const { page } = await open();
      const samples = table("series.csv").filter(
        (row) => row["workload"] === "openb" && row["measure"] === "gpuAllocationByAsk",
      );
      const valuesAt = (policy: string, at: number) =>
        samples
          .filter((row) => row["policy"] === policy && Number(row["at"]) === at)
          .map((row) => Number(row["value"]));
      const series = await seriesOf(page, "w0-curve");
      const band = series.find(({ name }) => name === "best-fit (band)")?.data ?? [];
      const line = series.find(({ name }) => name === "best-fit")?.data ?? [];
      expect(band.length).toBeGreaterThan(20);
      expect(line.length).toBe(band.length);
      for (const [i, [at, least, greatest]] of band.entries()) {
        const values = valuesAt("best-fit", at);
        expect([least, greatest]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(line[i][0]).toBe(at);
        expect(line[i][1]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 10);
      }
      const [at, mean] = line[line.length - 12];
      const [x, y] = await page.evaluate<[number, number]>(
        `document.getElementById("w0-curve").chart.convertToPixel("grid", [${at}, ${mean}])`,
      );
      const plot = page.locator("#w0-curve");
      await plot.hover({ position: { x, y } });
      const values = valuesAt("best-fit", at);
      const tip = await textOf(page, "#w0-curve .tip");
      expect(tip).toContain(`${figure(at)} % asked for`);
      expect(tip.replace(/\s+/g, " ")).toContain(
        `best-fit ${figure(mean)} % ${figure(Math.min(...values))} to ${figure(Math.max(...values))}`,
      );
      await page.getByLabel("Whole range").first().check();
      expect((await seriesOf(page, "w0-curve")).find(({ name }) => name === "best-fit")?.data[0][0]).toBe(0);
    });

    it("shows names as text in charts, tooltips and tables", async () => {
      const { page } = await open();
      expect(await page.locator("b").count()).toBe(0);
      await page.locator("#w0-curve").hover();
      expect(await textOf(page, "#w0-curve .tip")).toContain("<b onclick=x>bold</b>, first");
      expect(await page.locator("b").count()).toBe(0);
    });

    it("has every chart's figures in a table, for those who cannot see it", async () => {
      const { page } = await open();
      for (const details of await page.locator("details.figures").all()) {
        await details.locator("summary").click();
        const cells = details.locator("td[data-value]");
        await cells.first().waitFor();
        expect(await cells.count()).toBeGreaterThan(5);
      }
      const [cell] = table("comparisons.csv");
      const drawnValue = page.locator(
        `details[data-chart="w0-forest-0"] td[data-value="${cell["diff_median"]}"]`,
      );
      expect(await drawnValue.count()).toBeGreaterThan(0);
    });

    it("can be used with the keyboard alone", async () => {
      const { page, complaints } = await open();
      const press = async (stop: string) => {
        for (let tabs = 0; tabs < 60; tabs++) {
          await page.keyboard.press("Tab");
          const reached = await page.evaluate<boolean>(
            `document.activeElement.matches(${JSON.stringify(stop)})`,
          );
          if (!reached) continue;
          const outline = await page.evaluate<string>(
            "getComputedStyle(document.activeElement).outlineStyle",
          );
          expect(outline, `focus on ${stop} can be seen`).not.toBe("none");
          return;
        }
        throw new Error(`the Tab key does not reach ${stop}`);
      };
      await press("#theme");
      await page.keyboard.press("Enter");
      expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
      await press('button[data-policy="2"]');
      await page.keyboard.press("Space");
      expect((await seriesOf(page, "w0-curve")).map(({ name }) => name)).not.toContain("best-fit");
      expect((await seriesOf(page, "w1-curve")).map(({ name }) => name)).not.toContain("best-fit");
      await press("details.figures summary");
      await page.keyboard.press("Enter");
      await page.locator('details[data-chart="w0-forest-0"] td[data-value]').first().waitFor();
      expect(complaints).toEqual([]);
    });

    it("changes series, policy and resource on demand", async () => {
      const { page, complaints } = await open();
      await page.locator('select[data-series-of="w0-course"]').selectOption("cpuAllocationOverTime");
      const [line] = (await seriesOf(page, "w0-course")).filter(({ type }) => type === "line");
      expect(line.data).toHaveLength(256);
      const before = await seriesOf(page, "w0-heat");
      await page.locator('select[data-heat-policy="w0-heat"]').selectOption("2");
      await page.locator('select[data-heat-resource="w0-heat"]').selectOption("0");
      expect(await seriesOf(page, "w0-heat")).not.toEqual(before);
      expect(complaints).toEqual([]);
    });

    it("prints light, with its charts, whatever the screen's scheme", async () => {
      const { page, complaints } = await open({ scheme: "dark" });
      expect((await page.pdf()).length).toBeGreaterThan(20_000);
      await page.emulateMedia({ media: "print" });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      const widths = await page.evaluate<number[]>(
        `[...document.querySelectorAll(".plot svg")].map((svg) => svg.getBoundingClientRect().width)`,
      );
      expect(Math.max(...widths)).toBeLessThan(700);
      expect(Math.min(...widths)).toBeGreaterThan(200);
      const ink = await page.evaluate<string>(
        `document.querySelector("#w0-forest-0 svg text").getAttribute("fill")`,
      );
      expect(ink).toBe("#59626e");
      expect(complaints).toEqual([]);
    });
  },
);
