import type { EChartsCoreOption } from "echarts/core";
import { figure } from "../numbers.ts";
import type { PageHeat } from "../page-data.ts";
import { tooltipBox } from "./chart-style.ts";
import type { Theme } from "./theme.ts";
import { tip } from "./tip.ts";

export interface HeatInput {
  readonly heat: PageHeat;
  readonly names: readonly string[];
  readonly resource: number;
  readonly colours: Theme;
  readonly width: number;
}

/** A cell for each node, row by row, as square as the width allows. */
export function heatOption({ heat, names, resource, colours, width }: HeatInput): {
  readonly option: EChartsCoreOption;
  readonly height: number;
} {
  const cells = heat.pods.length;
  const side = Math.max(7, Math.min(26, Math.floor(Math.sqrt((width * 300) / cells))));
  const columns = Math.max(1, Math.floor(width / side));
  const rows = Math.ceil(cells / columns);
  const option = {
    animation: false,
    grid: { left: 0, top: 0, width: columns * side, height: rows * side },
    xAxis: { type: "category", show: false, data: Array.from({ length: columns }, (_, i) => i) },
    yAxis: { type: "category", show: false, inverse: true, data: Array.from({ length: rows }, (_, i) => i) },
    visualMap: {
      show: false,
      min: 0,
      max: 100,
      inRange: { color: colours.ramp },
      outOfRange: { color: "transparent" },
    },
    tooltip: {
      ...tooltipBox(colours),
      formatter: ({ dataIndex }: { dataIndex: number }) => heatTip(heat, names, dataIndex),
    },
    series: [
      {
        type: "heatmap",
        progressive: 0,
        data: heat.pods.map((_, cell) => [
          cell % columns,
          Math.floor(cell / columns),
          heat.percent[resource]?.[cell] ?? "-",
        ]),
        itemStyle: { borderColor: colours.surface, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 1.5 } },
      },
    ],
  };
  return { option, height: rows * side };
}

/** The node of a cell, or the first and last when it stands for several. */
export function cellName({ nodesPerCell }: PageHeat, names: readonly string[], cell: number): string {
  const first = cell * nodesPerCell;
  const last = Math.min(names.length, first + nodesPerCell) - 1;
  const name = names[first] ?? `node ${first}`;
  return last <= first ? name : `${name} to ${names[last]}`;
}

function heatTip(heat: PageHeat, names: readonly string[], cell: number): HTMLElement {
  const shares = heat.resources.map((resource, r) => {
    const percent = heat.percent[r][cell];
    return { name: resource, value: percent === null ? "none" : `${figure(percent)} %`, rest: "" };
  });
  return tip(cellName(heat, names, cell), [
    ...shares,
    { name: "pods", value: figure(heat.pods[cell]), rest: "" },
  ]);
}
