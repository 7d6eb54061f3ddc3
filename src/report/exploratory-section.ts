import { type ComparisonLine, differenceText } from "./comparison-line.ts";
import { levelCell } from "./level.ts";
import { type Content, type Markup, markup } from "./markup.ts";
import { differenceUnit, NONE } from "./numbers.ts";
import type { PagePolicy } from "./page-data.ts";
import { policyMark } from "./policy-mark.ts";
import type { WorkloadReport } from "./report-model.ts";

/** Measures that nobody declared primary: intervals to look at, and no verdicts. */
export function exploratorySection(
  { explored, levels, facts }: WorkloadReport,
  policies: readonly PagePolicy[],
  id: string,
): Content {
  const shown = levels.filter(({ measure }) => !facts.primaryMeasures.includes(measure.name));
  if (shown.length === 0) return undefined;
  const baseline = policies.find(({ style }) => style === 0);
  const others = policies.filter(({ style }) => style !== 0);
  const cellOf = (measure: string, policy: string): Markup => {
    const line = explored.find(
      (candidate) => candidate.measure.name === measure && candidate.policy === policy,
    );
    return line === undefined ? markup`<td class="n faint">${NONE}</td>` : cell(line);
  };
  return markup`<section aria-labelledby="${id}-explored">
<h3 id="${id}-explored">Exploratory measures</h3>
<p class="lead">No verdicts here. Each interval holds by itself, not for all of them together: among twenty, one is expected to miss. Pale: the interval includes 0.</p>
<div class="scroll" tabindex="0"><table class="explored">
<thead><tr><th scope="col">Measure</th><th scope="col" class="n">${baseline === undefined ? undefined : policyMark(baseline)}<br><small>mean</small></th>${others.map((policy) => markup`<th scope="col" class="n">${policyMark(policy)}<br><small>difference</small></th>`)}</tr></thead>
<tbody>${shown.map(({ measure, of }) => {
    const level = of.find(({ policy }) => policy === baseline?.name);
    const unit = differenceUnit(measure.unit);
    return markup`<tr><th scope="row" class="wrap"><a href="#def-${measure.name}">${measure.title}</a>${unit === "" ? undefined : markup` <small>${unit}</small>`}</th><td class="n">${level === undefined ? NONE : levelCell(level)}</td>${others.map(({ name }) => cellOf(measure.name, name))}</tr>`;
  })}</tbody>
</table></div>
</section>`;
}

function cell(line: ComparisonLine): Markup {
  if (line.kind === "incomparable")
    return markup`<td class="n faint reason"><small>${line.sentence}</small></td>`;
  const { low, high, medianDifference } = line;
  const open = low !== null && high !== null ? low <= 0 && high >= 0 : medianDifference === 0;
  return markup`<td class="n${open ? " faint" : ""}">${differenceText(line)}</td>`;
}
