import { type EChartsCoreOption, init } from "echarts";
import type { ComparedCase } from "./compare-case.ts";
import type { Rung } from "./ladder.ts";
import { HEADLINE } from "./report-tables.ts";

const WIDTH = 1100;
const ROW = 34;

/** Pods a second of both sides, a pair of bars for each case, on a logarithmic axis. */
export function barsSvg(cases: readonly ComparedCase[], subtitle: string): string {
  const names = cases.map(({ name }) => name);
  return draw(cases.length * 1.6, {
    ...frame("Pods decided a second, ours and kube-scheduler's", subtitle, names),
    legend: { bottom: 0, data: ["ours", "kube-scheduler"] },
    series: [
      { name: "ours", type: "bar", data: cases.map(({ oursPerSecond }) => oursPerSecond) },
      {
        name: "kube-scheduler",
        type: "bar",
        data: cases.map(({ theirsPerSecond }) => theirsPerSecond ?? null),
      },
    ],
  });
}

/** The ladder, a bar for each rung. */
export function ladderSvg(rungs: readonly Rung[], subtitle: string): string {
  const names = rungs.map(({ what }) => what);
  const data = rungs.map(({ perSecond, side }) => ({
    value: perSecond?.[1] ?? null,
    itemStyle: { color: side === "ours" ? "#5470c6" : "#91cc75" },
  }));
  return draw(rungs.length, {
    ...frame("SchedulingBasic, 5,000 nodes, pods a second", subtitle, names),
    series: [{ type: "bar", data, label: { show: true, position: "right", formatter: label } }],
  });
}

function frame(text: string, subtext: string, names: readonly string[]): EChartsCoreOption {
  return {
    animation: false,
    title: { text, subtext: `${HEADLINE} ${subtext}`, left: 10 },
    grid: { left: 440, right: 90, top: 70, bottom: 50 },
    xAxis: { type: "log", min: 10 },
    yAxis: { type: "category", inverse: true, data: names },
  };
}

function label({ value }: { readonly value?: unknown }): string {
  return typeof value === "number" ? Math.round(value).toLocaleString("en-US") : "";
}

function draw(rows: number, option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: rows * ROW + 140 });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
