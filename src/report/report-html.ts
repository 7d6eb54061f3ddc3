import { createHash } from "node:crypto";
import { closingSections } from "./closing-sections.ts";
import { type Content, inlined, inlinedJson, type Markup, markup } from "./markup.ts";
import { pageAssets } from "./page-assets.ts";
import { pageData, policyStyles } from "./page-data-of.ts";
import type { ReportModel } from "./report-model.ts";
import { workloadSection } from "./workload-section.ts";

/**
 * The whole report as one page: nothing is loaded, so that it works from `file:` and in an archive. Tables are in the HTML, and charts
 * are drawn from the embedded figures by the bundled script.
 */
export function reportHtml(model: ReportModel): string {
  const { script, style } = pageAssets();
  const code = inlined(script);
  // Only our own script may run, whatever a workload or a policy is called.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${sha256(code.html)}'`;
  const styles = policyStyles(model);
  const title = `${model.workloads.map(({ facts }) => facts.name).join(", ")}: ${model.policies.map(({ name }) => name).join(", ")}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title} – stowage</title>
<style>${inlined(style)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header class="top">
<span class="mark">stowage</span>
<nav aria-label="Sections">${navigation(model)}</nav>
<button type="button" id="theme" class="quiet" hidden></button>
</header>
<main id="report">
${model.warnings.map((warning) => markup`<p class="warning" role="alert">${warning}</p>`)}
${model.workloads.map((workload, i) => workloadSection(model, workload, i, styles))}
${closingSections(model, styles)}
</main>
<noscript><p class="warning">Charts need scripts; every figure also stands in the tables, in summary.json and in the CSV files beside this page.</p></noscript>
<script type="application/json" id="figures">${inlinedJson(pageData(model))}</script>
<script>${code}</script>
</body>
</html>
`.html;
}

function navigation({ workloads }: ReportModel): Content {
  const links: Markup[] =
    workloads.length > 1
      ? workloads.map(({ facts }, i) => markup`<a href="#w${i}">${facts.name}</a>`)
      : [
          markup`<a href="#w0">Verdict</a>`,
          markup`<a href="#w0-run">Run</a>`,
          markup`<a href="#w0-nodes">Nodes</a>`,
          markup`<a href="#w0-explored">Exploratory</a>`,
          markup`<a href="#w0-trials">Trials</a>`,
        ];
  return [
    ...links,
    markup`<a href="#definitions">Definitions</a>`,
    markup`<a href="#provenance">Provenance</a>`,
  ];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
