import type { PageData } from "../page-data.ts";
import { ChartBoard } from "./chart-board.ts";
import { fillTable } from "./figure-table.ts";
import { startTheme } from "./theme.ts";

const figures = document.getElementById("figures");
const data = JSON.parse(figures?.textContent ?? "{}") as PageData;
const board = new ChartBoard(data);

startTheme(() => board.draw());
board.draw();

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-policy]")) {
  button.addEventListener("click", () => {
    const policy = Number(button.dataset["policy"]);
    const hidden = board.toggle(policy);
    for (const twin of document.querySelectorAll(`button[data-policy="${policy}"]`)) {
      twin.setAttribute("aria-pressed", String(!hidden));
    }
  });
}

/** A control that changes one attribute of a chart. */
function control(attribute: string, changes: string, read: (element: HTMLInputElement) => string): void {
  for (const element of document.querySelectorAll<HTMLInputElement>(`[${attribute}]`)) {
    const chart = document.getElementById(element.getAttribute(attribute) ?? "");
    if (chart === null) continue;
    element.addEventListener("change", () => {
      const value = read(element);
      if (value === "") chart.removeAttribute(changes);
      else chart.setAttribute(changes, value);
      board.drawOne(chart);
      for (const open of document.querySelectorAll<HTMLDetailsElement>(
        `details[data-chart="${chart.id}"][open]`,
      )) {
        fillTable(open, data);
      }
    });
  }
}
control("data-whole", "data-whole-range", ({ checked }) => (checked ? "yes" : ""));
control("data-series-of", "data-series", ({ value }) => value);
control("data-heat-policy", "data-map", ({ value }) => value);
control("data-heat-resource", "data-resource", ({ value }) => value);

for (const details of document.querySelectorAll<HTMLDetailsElement>("details.figures")) {
  details.addEventListener("toggle", () => {
    if (details.open) fillTable(details, data);
  });
}
