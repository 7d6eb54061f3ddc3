import type {
  CustomSeriesRenderItemAPI,
  CustomSeriesRenderItemParams,
  CustomSeriesRenderItemReturn,
} from "echarts";
import type { EChartsCoreOption } from "echarts/core";
import { figure, signed, tick } from "../numbers.ts";
import type { PagePolicy, Panel, PanelRow } from "../page-data.ts";
import { colourOf } from "../policy-colour.ts";
import { axisText, tooltipBox } from "./chart-style.ts";
import { markerOf } from "./marker.ts";
import type { Theme } from "./theme.ts";
import { tip } from "./tip.ts";

export interface IntervalInput {
  readonly panel: Panel;
  readonly policies: readonly PagePolicy[];
  readonly shown: (policy: number) => boolean;
  readonly colours: Theme;
  readonly width: number;
}

/** A row for each policy: a marker at the middle, a line from low to high. 0 is always on the axis. */
export function intervalOption({ panel, policies, shown, colours, width }: IntervalInput): EChartsCoreOption {
  const rows = panel.rows.filter(({ policy }) => shown(policy));
  const longest = Math.max(0, ...rows.map(({ policy }) => policies[policy].name.length));
  const left = Math.round(Math.min(longest * 7 + 18, 0.42 * width));
  return {
    animation: false,
    grid: { left, right: 24, top: 6, bottom: 44, containLabel: false },
    xAxis: {
      type: "value",
      boundaryGap: ["4%", "4%"],
      name: panel.axis,
      nameLocation: "middle",
      nameGap: 24,
      nameTextStyle: axisText(colours),
      axisLabel: { ...axisText(colours), hideOverlap: true, formatter: tick },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: width < 500 ? 3 : 5,
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(({ policy }) => policies[policy].name),
      axisLabel: { ...axisText(colours), color: colours.ink, width: left - 14, overflow: "truncate" },
      axisLine: { show: true, onZero: false, lineStyle: { color: colours.line } },
      axisTick: { show: false },
    },
    tooltip: {
      ...tooltipBox(colours),
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        intervalTip(panel, rows[dataIndex], policies, colours),
    },
    series: [
      {
        type: "custom",
        encode: { x: [0, 2, 3], y: 1 },
        data: rows.map(({ mid, low, high }, row) => [mid, row, low ?? mid, high ?? mid]),
        renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) =>
          drawRow(params, api, rows[params.dataIndex], policies, colours),
      },
    ],
  };
}

function drawRow(
  params: CustomSeriesRenderItemParams,
  api: CustomSeriesRenderItemAPI,
  row: PanelRow,
  policies: readonly PagePolicy[],
  colours: Theme,
): CustomSeriesRenderItemReturn {
  const place = api.value(1);
  const [x, y] = api.coord([api.value(0), place]);
  const [from] = api.coord([api.value(2), place]);
  const [to] = api.coord([api.value(3), place]);
  const { style } = policies[row.policy];
  const stroke = colours.policies[colourOf(style)];
  const line = (x1: number, y1: number, x2: number, y2: number, lineWidth: number) =>
    ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } }) as const;
  const area = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
  const [zero] = api.coord([0, place]);
  return {
    type: "group",
    children: [
      ...(params.dataIndex === 0
        ? [
            {
              type: "line",
              shape: { x1: zero, y1: area.y, x2: zero, y2: area.y + area.height },
              style: { stroke: colours.faint, lineWidth: 1 },
              silent: true,
            } as const,
          ]
        : []),
      // Wide and invisible, for the pointer.
      {
        type: "rect",
        shape: { x: area.x, y: y - 11, width: area.width, height: 22 },
        style: { fill: "transparent" },
      },
      line(from, y, to, y, 2),
      line(from, y - 4, from, y + 4, 2),
      line(to, y - 4, to, y + 4, 2),
      ...(row.atLeast
        ? [line(to, y, to + 12, y, 2), line(to + 12, y, to + 7, y - 4, 2), line(to + 12, y, to + 7, y + 4, 2)]
        : []),
      markerOf(style, x, y, row.atLeast ? colours.surface : stroke, stroke),
    ],
  } as CustomSeriesRenderItemReturn;
}

function intervalTip(
  panel: Panel,
  row: PanelRow,
  policies: readonly PagePolicy[],
  colours: Theme,
): HTMLElement {
  const { policy, low, mid, high, atLeast, remark } = row;
  const { name, style } = policies[policy];
  const differs = remark !== "";
  const show = differs ? signed : figure;
  const unit = panel.unit === "" ? "" : ` ${panel.unit}`;
  const rows = [
    {
      name: differs ? "median" : "mean",
      value: `${atLeast ? "at least " : ""}${show(mid)}${unit}`,
      rest: "",
    },
    ...(low !== null && high !== null
      ? [
          {
            name: differs ? "95 % interval" : "over the seeds",
            value: `${show(low)} to ${show(high)}${unit}`,
            rest: "",
          },
        ]
      : []),
    ...(differs ? [{ name: "verdict", value: remark, rest: "" }] : []),
  ];
  const [first, ...others] = rows;
  return tip(name, [{ colour: colours.policies[colourOf(style)], ...first }, ...others]);
}
