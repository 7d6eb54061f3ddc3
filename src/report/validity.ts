import { count, seedList } from "./numbers.ts";
import type { ReportModel, WorkloadReport } from "./report-model.ts";

/** A statement of what a verdict is valid for, with its heading. */
export interface Condition {
  readonly heading: string;
  readonly text: string;
}

/** What the figures of one workload hold for, and what they cannot show: said beside every verdict. */
export function validity({ seeds, provenance }: ReportModel, { facts, ties }: WorkloadReport): Condition[] {
  const as = facts.as === "" ? "" : `, as ${facts.as}`;
  const runs = facts.deterministic
    ? "Every seed gives the same run, so there is one observation (n = 1) and no interval."
    : `A seed stands for ${withStop(facts.seedMeans)}`;
  return [
    {
      heading: "Workload",
      text: `${facts.name}${as}, ${count(facts.nodes, "node")}: ${withStop(facts.description)}`,
    },
    {
      heading: "Seeds",
      text: `${count(seeds.length, "seed")} (${seedList(seeds)}). ${runs}`,
    },
    ...(ties === undefined ? [] : [{ heading: "Tie rules", text: ties.text }]),
    {
      heading: "Not shown",
      text: [
        ...facts.notModelled.map(withStop),
        "Other clusters and other workloads: a seed is not one of those.",
      ].join(" "),
    },
    {
      heading: "Versions",
      text: `stowage ${provenance.stowage}, following the rules of kube-scheduler ${provenance.kubeScheduler}. Digest of all traces: ${provenance.digest}.`,
    },
  ];
}

function withStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
