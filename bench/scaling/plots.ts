import { type CustomSeriesRenderItem, type EChartsCoreOption, init } from "echarts";
import type { Axis } from "./curves.ts";
import type { MeasuredCurve } from "./measure-curve.ts";

const WIDTH = 1300;
const HEIGHT = 620;

const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  nodes: "nodes",
  kinds: "kinds of pods, in turn",
  domains: "zones",
};

/** Microseconds per pod over one axis, both logarithmic: a line of medians for each curve, with least and greatest as a bar. */
export function curvesSvg(axis: Axis, curves: readonly MeasuredCurve[], subtext: string): string {
  const option: EChartsCoreOption = {
    animation: false,
    title: { text: `Microseconds per pod by ${AXIS_NAMES[axis]}`, subtext, left: 10 },
    legend: { type: "plain", orient: "vertical", left: WIDTH - 365, top: 70 },
    grid: { left: 80, right: 390, top: 80, bottom: 50 },
    xAxis: { type: "log", name: AXIS_NAMES[axis], nameLocation: "middle", nameGap: 28 },
    yAxis: { type: "log", name: "us per pod", nameLocation: "middle", nameGap: 45 },
    series: curves.flatMap(({ name, algorithm, points }, place) => {
      const color = `hsl(${Math.round((360 * place) / curves.length)}, 65%, 45%)`;
      return [
        {
          name,
          type: "line",
          color,
          symbolSize: 6,
          lineStyle: { type: algorithm === "scan" ? "dashed" : "solid" },
          data: points.map(({ size, us }) => [size, us.median]),
        },
        {
          name,
          type: "custom",
          color,
          renderItem: rangeIn(color),
          data: points.map(({ size, us }) => [size, us.min, us.max]),
          encode: { x: 0, y: [1, 2] },
        },
      ];
    }),
  };
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** From the least to the greatest sample. */
function rangeIn(stroke: string): CustomSeriesRenderItem {
  return (_, api) => {
    const [x1, y1] = api.coord([api.value(0), api.value(1)]);
    const [x2, y2] = api.coord([api.value(0), api.value(2)]);
    return { type: "line", shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.5 } };
  };
}
