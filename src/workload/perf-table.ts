import { dirname, relative } from "node:path";
import { listSchedulerPerf, type SchedulerPerfWorkload, schedulerPerfFiles } from "./read-scheduler-perf.ts";

/**
 * Every case below a directory as a Markdown table: its workloads that run, and those that do not with the reason.
 *
 * @internal
 */
export async function schedulerPerfTable(directory: string): Promise<string> {
  const rows: string[] = [];
  let cases = 0;
  let workloads = 0;
  let supported = 0;
  for (const file of await schedulerPerfFiles(directory)) {
    const folder = relative(directory, dirname(file));
    for (const [name, listed] of byCase(await listSchedulerPerf(file))) {
      const runs = listed.filter((workload) => workload.supported);
      cases++;
      workloads += listed.length;
      supported += runs.length;
      rows.push(
        `| ${folder} | ${name} | ${runs.length} of ${listed.length} | ${runs.map(shortName).join(", ")} | ${reasons(listed)} |`,
      );
    }
  }
  return [
    `${supported} of ${workloads} workloads in ${cases} cases run.`,
    "",
    "| directory | case | run | which | do not run, and why |",
    "| --- | --- | ---: | --- | --- |",
    ...rows,
  ].join("\n");
}

/** In the order of the file. */
function byCase(listed: readonly SchedulerPerfWorkload[]): Map<string, SchedulerPerfWorkload[]> {
  const cases = new Map<string, SchedulerPerfWorkload[]>();
  for (const workload of listed) {
    const name = workload.name.slice(0, workload.name.indexOf("/"));
    cases.set(name, [...(cases.get(name) ?? []), workload]);
  }
  return cases;
}

/** The name within its case; `/` may be in it. */
function shortName({ name }: SchedulerPerfWorkload): string {
  return name.slice(name.indexOf("/") + 1);
}

/** Each reason once, after the workloads that it holds for; "all" when it holds for every one of the case. */
function reasons(listed: readonly SchedulerPerfWorkload[]): string {
  const byReason = new Map<string, string[]>();
  for (const workload of listed) {
    if (workload.reason === undefined) continue;
    byReason.set(workload.reason, [...(byReason.get(workload.reason) ?? []), shortName(workload)]);
  }
  return [...byReason]
    .map(([reason, names]) => `${names.length === listed.length ? "all" : names.join(", ")}: ${reason}`)
    .join("; ")
    .replaceAll("|", "\\|");
}
