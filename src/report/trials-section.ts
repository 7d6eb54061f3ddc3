import { type Content, type Markup, markup } from "./markup.ts";
import { count, figure, NONE } from "./numbers.ts";
import type { PagePolicy } from "./page-data.ts";
import { policyMark } from "./policy-mark.ts";
import type { WorkloadReport } from "./report-model.ts";
import type { TrialLine } from "./trial-line.ts";

/** Every trial: failed ones open, with the command that replays them, the others to be unfolded. */
export function trialsSection(
  { trials, levels, facts }: WorkloadReport,
  policies: readonly PagePolicy[],
  id: string,
): Content {
  const failed = trials.filter(({ status }) => status === "failed");
  const skipped = trials.filter(({ status }) => status === "skipped").length;
  const completed = trials.length - failed.length - skipped;
  const measures = facts.primaryMeasures.flatMap((name) =>
    levels.filter(({ measure }) => measure.name === name).map(({ measure }) => measure),
  );
  const markOf = (name: string) => {
    const policy = policies.find((candidate) => candidate.name === name);
    return policy === undefined ? name : policyMark(policy);
  };
  const tally = [
    `${count(completed, "trial")} completed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped > 0 ? [`${skipped} not run`] : []),
  ].join(", ");
  return markup`<section aria-labelledby="${id}-trials">
<h3 id="${id}-trials">Trials</h3>
<p class="lead">${tally}. A trial is one policy on this workload under one seed.</p>
${failed.map((trial) => failure(trial, markOf(trial.policy)))}
<details><summary>All ${count(trials.length, "trial")}</summary>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Policy</th><th scope="col" class="n">Seed</th><th scope="col">Status</th>${measures.map(({ title }) => markup`<th scope="col" class="n">${title}</th>`)}<th scope="col">Trace digest</th></tr></thead>
<tbody>${trials.map(
    (trial) =>
      markup`<tr><th scope="row">${markOf(trial.policy)}</th><td class="n">${trial.seed}</td><td>${trial.status}</td>${measures.map(
        ({ name }) => {
          const value = trial.values[name] ?? null;
          const atLeast = trial.atLeast.includes(name) ? "at least " : "";
          return markup`<td class="n"${value === null ? undefined : markup` data-value="${value}"`}>${value === null ? NONE : atLeast + figure(value)}</td>`;
        },
      )}<td><code>${trial.digest ?? NONE}</code></td></tr>`,
  )}</tbody>
</table></div></details>
</section>`;
}

const causes: Readonly<Record<string, string>> = {
  invariant: "invariant violated",
  limit: "limit reached",
  error: "error",
  "worker lost": "worker lost",
};

function failure({ seed, cause, message, replay }: TrialLine, policy: Content): Markup {
  return markup`<div class="failure"><p>${policy}, seed ${seed}: <strong>${causes[cause ?? "error"]}</strong>. ${message ?? ""}</p><p><code>${replay ?? ""}</code></p></div>`;
}
