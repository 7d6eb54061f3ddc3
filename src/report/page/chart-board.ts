import { CustomChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { type ECharts, getInstanceByDom, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { PageData } from "../page-data.ts";
import { curveOption } from "./curve-chart.ts";
import { heatOption } from "./heat-chart.ts";
import { intervalOption } from "./interval-chart.ts";
import { theme } from "./theme.ts";

use([CustomChart, HeatmapChart, LineChart, GridComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

/** All charts of the page; a policy is shown or hidden in all of them at once. */
export class ChartBoard {
  readonly #data: PageData;
  readonly #hidden = new Set<number>();
  readonly #plots = [...document.querySelectorAll<HTMLElement>(".plot")];

  constructor(data: PageData) {
    this.#data = data;
    const sizes = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const chart = getInstanceByDom(target as HTMLElement);
        if (chart === undefined || chart.getWidth() === target.clientWidth) continue;
        chart.resize();
        this.drawOne(target as HTMLElement);
      }
    });
    for (const plot of this.#plots) sizes.observe(plot);
  }

  /** Shows or hides a policy; returns whether it is hidden now. */
  toggle(policy: number): boolean {
    const hide = !this.#hidden.has(policy);
    if (hide) this.#hidden.add(policy);
    else this.#hidden.delete(policy);
    this.draw();
    return hide;
  }

  draw(): void {
    for (const plot of this.#plots) {
      // Paper has another width, and no observer is told in time.
      if (getInstanceByDom(plot)?.getWidth() !== plot.clientWidth) getInstanceByDom(plot)?.resize();
      this.drawOne(plot);
    }
  }

  drawOne(plot: HTMLElement): void {
    const { kind, workload: place, panel, series: name, map, resource } = plot.dataset;
    const workload = this.#data.workloads[Number(place)];
    const colours = theme();
    const { policies } = this.#data;
    const shown = (policy: number) => !this.#hidden.has(policy);
    const width = plot.clientWidth;
    if (kind === "forest" || kind === "waiting") {
      const drawn = workload[kind][Number(panel)];
      if (drawn !== undefined)
        chartOf(plot).setOption(intervalOption({ panel: drawn, policies, shown, colours, width }), true);
    } else if (kind === "curve") {
      const series = workload.series.find((candidate) => candidate.name === name);
      const whole = "wholeRange" in plot.dataset;
      if (series !== undefined)
        chartOf(plot).setOption(curveOption({ series, policies, shown, colours, width, whole }), true);
    } else if (kind === "heat") {
      const heat = workload.heat[Number(map)];
      if (heat === undefined) return;
      const { option, height } = heatOption({
        heat,
        names: workload.nodeNames,
        resource: Number(resource),
        colours,
        width,
      });
      plot.style.height = `${height}px`;
      const chart = chartOf(plot);
      if (chart.getHeight() !== height) chart.resize();
      chart.setOption(option, true);
    }
  }
}

function chartOf(plot: HTMLElement): ECharts {
  const existing = getInstanceByDom(plot);
  if (existing !== undefined) return existing;
  const chart = init(plot, undefined, { renderer: "svg" });
  // For scripts that look at the page, such as its tests: the drawn chart, by its element.
  Object.assign(plot, { chart });
  return chart;
}
