import type { WorkloadFacts } from "../experiment/experiment-result.ts";
import type { BandedSeries } from "./band.ts";
import { type Markup, markup } from "./markup.ts";

/** An empty plot with its heading; the page's script draws it. */
export function plot(
  id: string,
  kind: string,
  place: number,
  rows: number,
  title: string,
  panel: number,
): Markup {
  return markup`<h4>${title}</h4>
<div class="plot" id="${id}" data-kind="${kind}" data-workload="${place}" data-panel="${panel}" style="height:${rows * 22 + 50}px" role="img" aria-label="${title}; the table below has the figures"></div>`;
}

/** The figures of a chart, filled in by the page's script when opened. */
export function tableFallback(chart: string): Markup {
  return markup`<details class="figures" data-chart="${chart}"><summary>Figures as a table</summary><div class="scroll" tabindex="0"></div></details>`;
}

/** What lines and bands are, said beside every curve. */
export function bandCaption(facts: WorkloadFacts, series: readonly BandedSeries[]): string {
  if (facts.deterministic) return "One line per policy; all seeds agree.";
  const first = series.some(({ bands }) => bands.some(({ seeds }) => seeds === 1));
  return `Line: mean over the seeds; band: least to greatest.${first ? " Where runs have no time axis in common, the first seed alone." : ""}`;
}
