import { measureNamed } from "../metrics/measures.ts";
import { type Content, markup } from "./markup.ts";
import { NONE } from "./numbers.ts";
import type { PagePolicy } from "./page-data.ts";
import { policyMark } from "./policy-mark.ts";
import type { WorkloadReport } from "./report-model.ts";

/** Verdicts as run and under each other tie rule; those that change are in bold. */
export function tieSection({ ties }: WorkloadReport, policies: readonly PagePolicy[], id: string): Content {
  if (ties === undefined || ties.rules.length === 0 || ties.rows.length === 0) return undefined;
  return markup`<section aria-labelledby="${id}-ties">
<h3 id="${id}-ties">Verdicts under other tie rules</h3>
<p class="lead">${ties.text} In each column every policy breaks its ties by that rule; the tests are those of the primary measures.</p>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Measure</th><th scope="col">Policy</th><th scope="col">As run</th>${ties.rules.map((rule) => markup`<th scope="col">${rule}</th>`)}</tr></thead>
<tbody>${ties.rows.map(({ measure, policy, verdict, under }) => {
    const style = policies.find(({ name }) => name === policy);
    return markup`<tr><td><a href="#def-${measure}">${measureNamed(measure).title}</a></td><th scope="row">${style === undefined ? policy : policyMark(style)}</th><td>${verdict}</td>${ties.rules.map(
      (rule) => {
        const other = under[rule] ?? NONE;
        return markup`<td>${other === verdict ? other : markup`<strong>${other}</strong>`}</td>`;
      },
    )}</tr>`;
  })}</tbody>
</table></div>
</section>`;
}
