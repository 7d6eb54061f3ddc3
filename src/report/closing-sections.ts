import { type Content, type Markup, markup } from "./markup.ts";
import { count, figure, seedList } from "./numbers.ts";
import type { PagePolicy } from "./page-data.ts";
import { policyMark } from "./policy-mark.ts";
import type { ReportModel } from "./report-model.ts";

/** What belongs to the experiment as a whole: policies, definitions, limits, provenance. */
export function closingSections(model: ReportModel, styles: readonly PagePolicy[]): Content {
  return [
    policies(model, styles),
    definitions(model),
    limits(model),
    speed(model, styles),
    provenance(model),
  ];
}

function policies(model: ReportModel, styles: readonly PagePolicy[]): Markup {
  return markup`<section aria-labelledby="policies"><h2 id="policies">Policies</h2>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Policy</th><th scope="col">What it is</th><th scope="col">Tie rule</th><th scope="col">Nodes scored</th><th scope="col">Plugins</th></tr></thead>
<tbody>${model.policies.map(
    ({ description, tieBreak, percentageOfNodesToScore, plugins }, i) =>
      markup`<tr><th scope="row">${policyMark(styles[i])}</th><td class="wrap">${description}</td><td>${tieBreak}</td><td>${percentageOfNodesToScore === 0 ? "adaptive" : `${percentageOfNodesToScore} %`}</td><td class="wrap"><small>${plugins.join(", ")}</small></td></tr>`,
  )}</tbody>
</table></div></section>`;
}

function definitions({ definitions: all }: ReportModel): Markup {
  return markup`<section aria-labelledby="definitions"><h2 id="definitions">Definitions</h2>
<dl class="definitions">${all.map(
    ({ name, title, unit, better, definition }) =>
      markup`<div id="def-${name}"><dt>${title}</dt><dd><p class="facts"><code>${name}</code> · ${unit}${better === "none" ? "" : ` · ${better} is better`}</p><p>${definition}</p></dd></div>`,
  )}</dl></section>`;
}

function limits({ provenance: { limits: all } }: ReportModel): Content {
  if (all.length === 0) return undefined;
  return markup`<section aria-labelledby="limits"><h2 id="limits">Costs and limits in force</h2>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Name</th><th scope="col" class="n">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>${all.map(({ name, value, meaning }) => markup`<tr><th scope="row"><code>${name}</code></th><td class="n">${figure(value)}</td><td class="wrap">${meaning}</td></tr>`)}</tbody></table></div></section>`;
}

function speed({ speedLevels: all }: ReportModel, styles: readonly PagePolicy[]): Content {
  if (all.length === 0) return undefined;
  return markup`<section aria-labelledby="speed"><h2 id="speed">Measured time</h2>
<p class="lead">How long the trials took on this machine: medians over the seeds, with arrivals, control plane and measures included. It differs from run to run and decides nothing above.</p>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Workload</th><th scope="col">Policy</th><th scope="col" class="n">Trials</th><th scope="col" class="n">Seconds a trial</th><th scope="col" class="n">Attempts a second</th></tr></thead>
<tbody>${all.map(
    ({ workload, policy, trials, wallSeconds, attemptsPerSecond }) =>
      markup`<tr><td>${workload}</td><th scope="row">${styles.filter(({ name }) => name === policy).map(policyMark)}</th><td class="n">${trials}</td><td class="n">${figure(wallSeconds)}</td><td class="n">${figure(attemptsPerSecond)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function provenance({ provenance: from, seeds, workloads }: ReportModel): Markup {
  const { cpu, cores, memoryGiB, platform } = from.machine;
  const rows: readonly (readonly [string, Content])[] = [
    ["Command", markup`<code>${from.command}</code>`],
    [
      "Digest of all traces",
      markup`<code>${from.digest}</code> equal for any number of threads, and from run to run`,
    ],
    ["Seeds", seedList(seeds)],
    ["Sources", workloads.map(({ facts }) => facts.source).join(", ")],
    [
      "Inputs",
      Object.entries(from.inputs).map(([name, digest]) => markup`<code>${digest}</code> ${name}<br>`),
    ],
    [
      "Notes",
      workloads.flatMap(({ facts }) => facts.notes.map((note) => markup`${facts.name}: ${note}<br>`)),
    ],
    ["stowage", from.stowage],
    ["kube-scheduler followed", from.kubeScheduler],
    ["Node.js", from.node],
    ["Machine", `${cpu}, ${count(cores, "core")}, ${memoryGiB} GiB, ${platform}`],
    [
      "Run",
      `finished ${from.finishedAt}, ${figure(from.wallSeconds)} s with ${count(from.threads, "thread")}`,
    ],
  ];
  return markup`<section aria-labelledby="provenance"><h2 id="provenance">Provenance</h2>
<dl class="provenance">${rows.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}
