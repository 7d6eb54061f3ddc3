import { figure, NONE } from "../numbers.ts";
import type { PageData, PageHeat, PageSeries, Panel } from "../page-data.ts";
import { cellName } from "./heat-chart.ts";
import { element } from "./tip.ts";

type Cell = string | number | null;

/** Fills the table beside a chart with the chart's figures; a cell's `data-value` has every digit. */
export function fillTable(details: HTMLDetailsElement, data: PageData): void {
  const chart = document.getElementById(details.dataset["chart"] ?? "");
  const box = details.querySelector(".scroll");
  if (chart === null || box === null) return;
  const { kind, workload: place, series: name, map } = chart.dataset;
  const workload = data.workloads[Number(place)];
  const policyNames = data.policies.map((policy) => policy.name);
  if (kind === "forest" || kind === "waiting") {
    box.replaceChildren(...panelTables(workload[kind], policyNames));
  } else if (kind === "curve") {
    const series = workload.series.find((candidate) => candidate.name === name);
    if (series !== undefined) box.replaceChildren(seriesTable(series, policyNames));
  } else if (kind === "heat") {
    const heat = workload.heat[Number(map)];
    if (heat !== undefined) box.replaceChildren(heatTable(heat, workload.nodeNames));
  }
}

function panelTables(panels: readonly Panel[], policies: readonly string[]): HTMLElement[] {
  return panels.map(({ title, unit, rows }) =>
    table(
      unit === "" ? title : `${title} (${unit})`,
      ["policy", "low", "middle", "high", ""],
      rows.map(({ policy, low, mid, high, remark, atLeast }) => [
        policies[policy],
        low,
        mid,
        high,
        atLeast ? "at least" : remark,
      ]),
    ),
  );
}

function seriesTable({ title, unit, atUnit, lines }: PageSeries, policies: readonly string[]): HTMLElement {
  const places = [...new Set(lines.flatMap(({ at }) => at))].sort((a, b) => a - b);
  const rows = places.map((at): Cell[] => [
    at,
    ...lines.flatMap((line): Cell[] => {
      const i = line.at.indexOf(at);
      return i < 0 ? [null, null, null] : [line.mean[i], line.min[i], line.max[i]];
    }),
  ]);
  const header = lines.flatMap(({ policy }) => [`${policies[policy]} mean`, "least", "greatest"]);
  return table(`${title} (${unit})`, [atUnit, ...header], rows);
}

function heatTable(heat: PageHeat, names: readonly string[]): HTMLElement {
  const rows = heat.pods.map((pods, cell): Cell[] => [
    cellName(heat, names, cell),
    ...heat.percent.map((column) => column[cell]),
    pods,
  ]);
  return table("Allocated share in percent", ["node", ...heat.resources, "pods"], rows);
}

function table(caption: string, header: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  const made = document.createElement("table");
  made.append(element("caption", caption));
  const head = document.createElement("tr");
  for (const title of header) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  made.createTHead().append(head);
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) {
      const cell = line.insertCell();
      if (typeof value === "string") {
        cell.textContent = value;
        continue;
      }
      cell.className = "n";
      cell.textContent = value === null ? NONE : figure(value);
      if (value !== null) cell.dataset["value"] = String(value);
    }
  }
  return made;
}
