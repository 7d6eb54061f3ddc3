import { type ComparisonLine, differenceText, pText, verdictText } from "./comparison-line.ts";
import { exploratorySection } from "./exploratory-section.ts";
import { levelCell, measureFigure } from "./level.ts";
import { type Content, type Markup, markup } from "./markup.ts";
import { count, differenceUnit, figure, NONE } from "./numbers.ts";
import type { PagePolicy } from "./page-data.ts";
import { coverSeries, pageData } from "./page-data-of.ts";
import { bandCaption, plot, tableFallback } from "./plot.ts";
import { policyButton, policyMark } from "./policy-mark.ts";
import type { ReportModel, WorkloadReport } from "./report-model.ts";
import { runSections } from "./run-sections.ts";
import { tieSection } from "./tie-section.ts";
import { trialsSection } from "./trials-section.ts";
import { validity } from "./validity.ts";

/** Everything about one workload; the first begins with the page's main heading. */
export function workloadSection(
  model: ReportModel,
  workload: WorkloadReport,
  place: number,
  policies: readonly PagePolicy[],
): Markup {
  const id = `w${place}`;
  const { facts, headline, primary } = workload;
  const heading = place === 0 ? markup`<h1>${headline}</h1>` : markup`<h2 class="h1">${headline}</h2>`;
  const as = facts.as === "" ? "" : `, ${facts.as}`;
  return markup`<article class="workload" id="${id}">
<div class="cover">
<p class="eyebrow">${facts.name}${as} · ${count(model.policies.length, "policy", "policies")} · ${count(model.seeds.length, "seed")}</p>
${heading}
${workload.findings.length > 0 ? markup`<ul class="findings">${workload.findings.map((finding) => markup`<li>${finding}</li>`)}</ul>` : undefined}
${workload.summaries.length > 0 && model.policies.length > 2 ? markup`<ul class="findings">${workload.summaries.map((summary) => markup`<li>${summary}</li>`)}</ul>` : undefined}
<dl class="conditions">${validity(model, workload).map(({ heading: term, text }) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
</div>
<div class="legend" role="group" aria-label="Policies shown in the charts">${policies.map(policyButton)}</div>
<div class="pair">
${forest(model, workload, place)}
${curve(workload, place)}
</div>
${primary.length > 0 ? primaryTable(workload, policies, id) : undefined}
${tieSection(workload, policies, id)}
${runSections(workload, place, policies)}
${exploratorySection(workload, policies, id)}
${trialsSection(workload, policies, id)}
</article>`;
}

function forest(model: ReportModel, workload: WorkloadReport, place: number): Content {
  const panels = pageData(model).workloads[place].forest;
  if (panels.length === 0) return undefined;
  const { deterministic } = workload.facts;
  const what = deterministic
    ? "The one difference there is, from one run each"
    : "Median difference by seed and its exact 95 % interval; left of 0 is lower than the baseline, right is higher";
  return markup`<figure>
<figcaption><strong>Primary measures: difference from ${model.baseline}</strong> ${what}.</figcaption>
${panels.map((panel, i) => plot(`w${place}-forest-${i}`, "forest", place, panel.rows.length, panel.title, i))}
${tableFallback(`w${place}-forest-0`)}
</figure>`;
}

function curve(workload: WorkloadReport, place: number): Content {
  const name = coverSeries(workload);
  const series = workload.series.find((candidate) => candidate.name === name);
  if (series === undefined) return undefined;
  const id = `w${place}-curve`;
  return markup`<figure>
<figcaption><strong>${series.title}</strong> ${bandCaption(workload.facts, [series])}
<label class="inline"><input type="checkbox" data-whole="${id}"> Whole range</label></figcaption>
<div class="plot tall" id="${id}" data-kind="curve" data-workload="${place}" data-series="${series.name}" role="img" aria-label="${series.title}, a line for each policy; the table below has the figures"></div>
${tableFallback(id)}
</figure>`;
}

function primaryTable(workload: WorkloadReport, policies: readonly PagePolicy[], id: string): Markup {
  const measures = [...new Set(workload.primary.map(({ measure }) => measure))];
  return markup`<section aria-labelledby="${id}-primary">
<h3 id="${id}-primary">Primary measures</h3>
<p class="lead">Only these get verdicts: exact signed-rank test by seed, adjusted by Holm for all rows of the table. The interval is of the median difference, exact, and not adjusted. Effect: matched-pairs rank-biserial correlation, from −1 (every seed lower) to 1 (every seed higher).</p>
<div class="scroll" tabindex="0"><table class="primary">
<thead><tr><th scope="col">Policy</th><th scope="col" class="n">Seeds</th><th scope="col" class="n">Mean</th><th scope="col" class="n">Difference (95 %)</th><th scope="col" class="n">p after Holm</th><th scope="col" class="n">Effect</th><th scope="col">Verdict</th></tr></thead>
${measures.map((measure) => {
  const lines = workload.primary.filter((line) => line.measure === measure);
  const of = workload.levels.find((level) => level.measure === measure)?.of ?? [];
  const unit = differenceUnit(measure.unit);
  const better = measure.better === "none" ? "" : `${measure.better} is better`;
  return markup`<tbody><tr class="group"><th colspan="7" scope="rowgroup"><a href="#def-${measure.name}">${measure.title}</a> <small>${[unit === "" ? "" : `differences in ${unit}`, better].filter(Boolean).join(", ")}</small></th></tr>
${policies.map((policy) => {
  const level = of.find((candidate) => candidate.policy === policy.name);
  const line = lines.find((candidate) => candidate.policy === policy.name);
  if (line === undefined) {
    const mean = level === undefined ? NONE : levelCell(level);
    return markup`<tr><th scope="row">${policyMark(policy)}</th><td class="n">${level?.n ?? 0}</td><td class="n">${mean}</td><td colspan="4"></td></tr>`;
  }
  // Of the seeds that both finished, as in comparisons.csv.
  const paired = line.policyMean === null ? NONE : measureFigure(line.policyMean, measure);
  const atLeast = line.kind === "incomparable" && (level?.censored ?? 0) > 0 ? "at least " : "";
  return markup`<tr><th scope="row">${policyMark(policy)}</th><td class="n">${line.n}</td><td class="n">${atLeast}${paired}</td><td class="n"${numbers(line)}>${differenceText(line)}</td><td class="n">${pText(line)}</td><td class="n">${line.effectSize === null ? NONE : figure(line.effectSize)}</td><td>${verdictPill(line)}${line.notes.map((note) => markup`<small class="note">${note}</small>`)}</td></tr>`;
})}</tbody>`;
})}
</table></div>
</section>`;
}

/** The figures behind a cell, in full. */
function numbers({ medianDifference, low, high }: ComparisonLine): Content {
  if (medianDifference === null) return undefined;
  return markup` data-median="${medianDifference}" data-low="${low ?? ""}" data-high="${high ?? ""}"`;
}

/** Beside the colour, since colour alone does not tell verdicts apart for everyone. */
const signs = {
  better: markup`<path d="M6 1.5 11 10H1z"/>`,
  worse: markup`<path d="M6 10.5 1 2h10z"/>`,
  equivalent: markup`<path d="M1 3.5h10v1.8H1zM1 7h10v1.8H1z"/>`,
  open: markup`<path d="M1 5.2h10v1.8H1z"/>`,
} as const;

function verdictPill(line: ComparisonLine): Markup {
  const verdict = verdictText(line);
  const kind = verdict === "better" || verdict === "worse" || verdict === "equivalent" ? verdict : "open";
  return markup`<span class="pill ${kind}"><svg viewBox="0 0 12 12" aria-hidden="true">${signs[kind]}</svg>${verdict}</span>`;
}
