import { type Content, type Markup, markup } from "./markup.ts";
import { figure, NONE } from "./numbers.ts";
import type { PagePolicy } from "./page-data.ts";
import { bandCaption, plot, tableFallback } from "./plot.ts";
import { policyClass, policyMark } from "./policy-mark.ts";
import type { WorkloadReport } from "./report-model.ts";

/** What happened during the run: courses, waiting times, nodes, and why pods are pending. */
export function runSections(
  workload: WorkloadReport,
  place: number,
  policies: readonly PagePolicy[],
): Content {
  return [
    courses(workload, place),
    waiting(workload, place),
    nodes(workload, place, policies),
    pending(workload, place, policies),
  ];
}

function courses(workload: WorkloadReport, place: number): Content {
  const { series } = workload;
  if (series.length === 0) return undefined;
  const id = `w${place}-course`;
  const first = series.find(({ name }) => name === "podsPendingOverTime") ?? series[0];
  return markup`<section aria-labelledby="w${place}-run">
<h3 id="w${place}-run">The course of the run</h3>
<figure>
<figcaption>${bandCaption(workload.facts, series)}
<label class="inline">Show <select data-series-of="${id}">${series.map(
    ({ name, title, atUnit }) =>
      markup`<option value="${name}"${name === first.name ? markup` selected` : undefined}>${title}${atUnit === "seconds" ? " over time" : ""}</option>`,
  )}</select></label></figcaption>
<div class="plot tall" id="${id}" data-kind="curve" data-workload="${place}" data-series="${first.name}" data-whole-range role="img" aria-label="The chosen series, a line for each policy; the table below has the figures"></div>
${tableFallback(id)}
</figure>
</section>`;
}

function waiting({ levels }: WorkloadReport, place: number): Content {
  const panels = levels.filter(({ measure }) => measure.name.startsWith("waitingTime"));
  if (panels.length === 0) return undefined;
  const drawn = panels.filter(({ of }) => of.some(({ max }) => (max ?? 0) > 0));
  const censored = panels.some(({ of }) => of.some((level) => level.censored > 0));
  const heading = markup`<h3 id="w${place}-waiting">Waiting times</h3>`;
  if (drawn.length === 0) {
    return markup`<section aria-labelledby="w${place}-waiting">${heading}<p class="lead">No pod waits: up to the 99th percentile every pod gets its node the moment it is created.</p></section>`;
  }
  const open = censored
    ? " Hollow with an arrow: at least that much, because the percentile falls among pods still pending at the end, which are counted and never dropped."
    : "";
  return markup`<section aria-labelledby="w${place}-waiting">${heading}
<figure><figcaption>From creation to the choice of a node. Marker: mean over the seeds; line: least to greatest.${open}</figcaption>
<div class="panels">${drawn.map(({ measure, of }, i) => markup`<div>${plot(`w${place}-waiting-${i}`, "waiting", place, of.length, measure.title, i)}</div>`)}</div>
${tableFallback(`w${place}-waiting-0`)}
</figure>
</section>`;
}

function nodes({ heat, facts }: WorkloadReport, place: number, policies: readonly PagePolicy[]): Content {
  if (heat.length === 0) return undefined;
  const id = `w${place}-heat`;
  const { resources, seed, nodesPerCell } = heat[0];
  const chosen = resources.includes("gpu") ? "gpu" : resources[0];
  const cells =
    nodesPerCell === 1 ? "A cell is a node" : `A cell is the mean of ${nodesPerCell} neighbouring nodes`;
  const shown = heat.flatMap((map) => policies.filter(({ name }) => name === map.policy));
  return markup`<section aria-labelledby="w${place}-nodes">
<h3 id="w${place}-nodes">Nodes at the end</h3>
<figure>
<figcaption>${cells}, in creation order, row by row; its colour is the allocated share, blank where there is none of the resource. One run: seed ${seed}.
<label class="inline">Policy <select data-heat-policy="${id}">${shown.map(({ name }, i) => markup`<option value="${i}">${name}</option>`)}</select></label>
<label class="inline">Resource <select data-heat-resource="${id}">${resources.map((resource, i) => markup`<option value="${i}"${resource === chosen ? markup` selected` : undefined}>${resource}</option>`)}</select></label></figcaption>
<div class="plot" id="${id}" data-kind="heat" data-workload="${place}" data-map="0" data-resource="${resources.indexOf(chosen)}" role="img" aria-label="Allocated share of each of ${facts.nodes} nodes; the table below has the figures"></div>
<p class="scale" aria-hidden="true"><span>0 %</span><span class="ramp"></span><span>100 % allocated</span></p>
${tableFallback(id)}
</figure>
</section>`;
}

function pending(
  { pending: table }: WorkloadReport,
  place: number,
  policies: readonly PagePolicy[],
): Content {
  if (table.reasons.length === 0) return undefined;
  const most = Math.max(...table.mean.flat().map((pods) => pods ?? 0));
  const bar = (pods: number | null, { style }: PagePolicy): Markup =>
    markup`<td class="n bar ${policyClass(style)}" style="--share:${Math.round((1000 * (pods ?? 0)) / most) / 10}%">${pods === null ? NONE : figure(pods)}</td>`;
  return markup`<section aria-labelledby="w${place}-pending">
<h3 id="w${place}-pending">Pending pods by reason</h3>
<p class="lead">Pods neither bound nor deleted when the run ends, by the reason most nodes gave; the mean over the seeds.</p>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Reason</th>${policies.map((policy) => markup`<th scope="col" class="n">${policyMark(policy)}</th>`)}</tr></thead>
<tbody>${table.reasons.map((reason, r) => markup`<tr><th scope="row" class="wrap">${reason}</th>${policies.map((policy, p) => bar(table.mean[r][p], policy))}</tr>`)}</tbody>
</table></div>
</section>`;
}
