import type {
  CustomSeriesRenderItemAPI,
  CustomSeriesRenderItemParams,
  CustomSeriesRenderItemReturn,
} from "echarts";
import type { EChartsCoreOption } from "echarts/core";
import { figure, tick, unitSuffix } from "../numbers.ts";
import type { PageLine, PagePolicy, PageSeries } from "../page-data.ts";
import { colourOf } from "../policy-colour.ts";
import { axisText, FONT, tooltipBox } from "./chart-style.ts";
import type { Theme } from "./theme.ts";
import { tip } from "./tip.ts";

const LABEL_HEIGHT = 15;
const LABEL_WIDTH = 200;

export interface CurveInput {
  readonly series: PageSeries;
  readonly policies: readonly PagePolicy[];
  readonly shown: (policy: number) => boolean;
  readonly colours: Theme;
  readonly width: number;
  /** From the first place to the last; otherwise from where the policies part. */
  readonly whole: boolean;
}

/** A line for each policy, its mean over the seeds, on a band from the least to the greatest. */
export function curveOption(input: CurveInput): EChartsCoreOption {
  const { series, policies, shown, colours, width, whole } = input;
  const lines = series.lines.filter(({ policy }) => shown(policy));
  const from = whole ? undefined : partingPlace(series.lines);
  const named = width >= 560;
  const longest = Math.max(0, ...lines.map(({ policy }) => policies[policy].name.length));
  return {
    animation: false,
    grid: { left: 46, right: named ? Math.min(LABEL_WIDTH, longest * 6.6 + 22) : 16, top: 12, bottom: 44 },
    xAxis: {
      type: "value",
      name:
        series.atUnit === "seconds"
          ? "simulated seconds"
          : "% of the capacity asked for by the pods that arrived",
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: axisText(colours),
      axisLabel: { ...axisText(colours), hideOverlap: true, formatter: tick },
      axisLine: { show: true, onZero: false, lineStyle: { color: colours.faint } },
      splitLine: { show: false },
      splitNumber: width < 500 ? 4 : 8,
      ...(from === undefined ? { min: "dataMin" } : { min: from }),
      max: "dataMax",
    },
    yAxis: {
      type: "value",
      scale: true,
      axisLabel: {
        ...axisText(colours),
        formatter: (value: number) => `${tick(value)}${series.unit === "percent" ? " %" : ""}`,
      },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
    },
    tooltip: {
      ...tooltipBox(colours),
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: colours.faint, type: "solid" } },
      formatter: (hovered: { axisValue: number }[]) => curveTip(input, lines, hovered[0]?.axisValue),
    },
    series: [
      ...lines.flatMap((line) => {
        const { name, style } = policies[line.policy];
        const color = colours.policies[colourOf(style)];
        const start = from === undefined ? 0 : line.at.findIndex((at) => at >= from);
        const places = line.at.map((_, i) => i).slice(Math.max(0, start));
        return [
          {
            type: "custom",
            name: `${name} (band)`,
            silent: true,
            tooltip: { show: false },
            z: 1,
            clip: true,
            encode: { x: 0, y: [1, 2] },
            data: places.map((i) => [line.at[i], line.min[i], line.max[i]]),
            renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) =>
              drawBand(params, api, line, places, {
                fill: color,
                opacity: Math.min(0.16, 0.7 / lines.length),
              }),
          },
          {
            type: "line",
            name,
            data: places.map((i) => [line.at[i], line.mean[i]]),
            showSymbol: false,
            z: style === 0 ? 4 : 3,
            lineStyle: { color, width: 2, type: style === 0 ? [7, 4] : style > 7 ? [2, 3] : "solid" },
            itemStyle: { color },
            emphasis: { disabled: true },
          },
        ];
      }),
      ...(named ? [names(lines, policies, colours)] : []),
    ],
  };
}

/** The policies' names at the ends of their lines, moved apart where they would overlap. */
function names(lines: readonly PageLine[], policies: readonly PagePolicy[], colours: Theme) {
  const ends = lines.map(({ at, mean }) => [at[at.length - 1], mean[mean.length - 1]]);
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: ends.slice(0, 1),
    renderItem: (
      _: CustomSeriesRenderItemParams,
      api: CustomSeriesRenderItemAPI,
    ): CustomSeriesRenderItemReturn => {
      const places = lines
        .map((line, i) => ({ ...policies[line.policy], x: api.coord(ends[i])[0], y: api.coord(ends[i])[1] }))
        .sort((a, b) => a.y - b.y);
      for (let i = 1; i < places.length; i++)
        places[i].y = Math.max(places[i].y, places[i - 1].y + LABEL_HEIGHT);
      return {
        type: "group",
        children: places.map(({ name, style, x, y }) => ({
          type: "text",
          x: x + 8,
          y,
          style: {
            text: name,
            fill: colours.policies[colourOf(style)],
            font: `12px ${FONT}`,
            verticalAlign: "middle",
            width: LABEL_WIDTH - 10,
            overflow: "truncate",
          },
        })),
      };
    },
  };
}

function drawBand(
  params: CustomSeriesRenderItemParams,
  api: CustomSeriesRenderItemAPI,
  { at, min, max }: PageLine,
  places: readonly number[],
  style: { readonly fill: string; readonly opacity: number },
): CustomSeriesRenderItemReturn {
  // The whole band is one shape, drawn with the first item.
  if (params.dataIndex !== 0) return undefined;
  const upper = places.map((i) => api.coord([at[i], max[i]]));
  const lower = places.map((i) => api.coord([at[i], min[i]])).reverse();
  return { type: "polygon", shape: { points: [...upper, ...lower] }, style };
}

/**
 * From where the policies part: a little before their means first differ by a twentieth of the most they ever differ by. Undefined when
 * that is near the start.
 */
function partingPlace(lines: readonly PageLine[]): number | undefined {
  if (lines.length < 2) return undefined;
  const places = lines[0].at.length;
  if (!lines.every(({ at }) => at.length === places)) return undefined;
  const spreads = Array.from({ length: places }, (_, i) => {
    const means = lines.map(({ mean }) => mean[i]);
    return Math.max(...means) - Math.min(...means);
  });
  const most = Math.max(...spreads);
  const first = spreads.findIndex((spread) => spread > most / 20);
  const start = Math.floor(first - 0.05 * places);
  return start < places / 5 ? undefined : Math.floor(lines[0].at[start] / 5) * 5;
}

function curveTip(
  { series, policies, colours }: CurveInput,
  lines: readonly PageLine[],
  at: number | undefined,
): HTMLElement | string {
  if (at === undefined) return "";
  const heading = series.atUnit === "seconds" ? `${figure(at)} s` : `${figure(at)} % asked for`;
  const suffix = unitSuffix(series.unit);
  const rows = lines
    .map((line) => ({ line, i: line.at.indexOf(at) }))
    .filter(({ i }) => i >= 0)
    .sort((a, b) => b.line.mean[b.i] - a.line.mean[a.i])
    .map(({ line: { policy, seeds, mean, min, max }, i }) => ({
      colour: colours.policies[colourOf(policies[policy].style)],
      name: policies[policy].name,
      value: `${figure(mean[i])} ${suffix}`,
      rest: seeds === 1 || min[i] === max[i] ? "" : `${figure(min[i])} to ${figure(max[i])}`,
    }));
  return tip(heading, rows);
}
