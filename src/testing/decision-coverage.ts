import type { ReferenceRecord } from "../reference/reference-record.ts";
import { TIE_BREAKS, type TieBreak } from "../scheduler/profile.ts";
import type { Happening } from "./expected-decisions.ts";

const FILTERS = [
  "NodeName",
  "NodeUnschedulable",
  "TaintToleration",
  "NodeAffinity",
  "NodePorts",
  "NodeResourcesFit",
  "PodTopologySpread",
  "InterPodAffinity",
  "NodeDeclaredFeatures",
  "DeviceShare",
];
const SCORES = [
  "TaintToleration",
  "NodeAffinity",
  "NodeResourcesFit",
  "NodeResourcesBalancedAllocation",
  "ImageLocality",
  "PodTopologySpread",
  "InterPodAffinity",
  "BestFit",
  "DotProduct",
  "GpuPacking",
];

/** What a plugin does to something. */
const OF_PLUGINS: ReadonlySet<string> = new Set([
  ...FILTERS.flatMap((name) => [`${name} passes a node`, `${name} rejects a node`]),
  ...SCORES.map((name) => `${name} tells nodes apart`),
]);

/** What random histories are meant to reach. */
const SITUATIONS: readonly string[] = [
  ...OF_PLUGINS,
  "PodTopologySpread skips Score",
  "InterPodAffinity skips Score",
  "NodeAffinity skips Score",
  "NodeResourcesBalancedAllocation skips Score",
  ...TIE_BREAKS.map((rule) => `tie decided by ${rule}`),
  ...TIE_BREAKS.map((rule) => `tie of three or more decided by ${rule}`),
  "the tie rules disagree",
  "gated",
  "no nodes",
  "PreFilter reduces the search",
  "PreFilter names only nodes that are not there",
  "PreFilter rejects",
  "none feasible",
  "one feasible",
  "several feasible, one best",
  "error of the cycle",
  "sample smaller than the cluster",
  "sample by the policy's own percentage",
  "window wraps around",
  "share of a device taken",
  "whole devices taken",
  "pod released",
  "node added",
  "node changed",
  "node removed",
  "more than 100 nodes",
];

/** Counts which situations a set of played histories reached. */
export class DecisionCoverage {
  readonly #counts = new Map<string, number>(SITUATIONS.map((situation) => [situation, 0]));

  /** @param forced whether the sample size was forced */
  add(happenings: readonly Happening[], tieBreak: TieBreak, forced: boolean): void {
    let nodes = 0;
    let start = 0;
    let decided = false;
    for (const happening of happenings) {
      switch (happening.kind) {
        case "addNode":
          nodes++;
          if (decided) this.#count("node added");
          if (nodes === 101) this.#count("more than 100 nodes");
          break;
        case "removeNode":
          nodes--;
          this.#count("node removed");
          break;
        case "updateNode":
          this.#count("node changed");
          break;
        case "objects":
          break;
        case "release":
          this.#count("pod released");
          break;
        case "decide":
          decided = true;
          this.#addRecord(happening.record, tieBreak);
          this.#addSearch(happening.record, nodes, start, forced);
          if (happening.record.devices.length > 0) {
            const share = happening.template.devices!.milli < 1000;
            this.#count(share ? "share of a device taken" : "whole devices taken");
          }
          start = happening.record.nextStart;
          break;
      }
    }
  }

  /** Situations that happened fewer times than `least`: each plugin's own, and the others when they never did. */
  missing(least: number): string[] {
    return [...this.#counts]
      .filter(([situation, count]) => count < (OF_PLUGINS.has(situation) ? least : 1))
      .map(([situation]) => situation);
  }

  /** One line per situation. */
  table(): string {
    return [...this.#counts]
      .map(([situation, count]) => `${String(count).padStart(8)}  ${situation}`)
      .join("\n");
  }

  #count(situation: string): void {
    this.#counts.set(situation, (this.#counts.get(situation) ?? 0) + 1);
  }

  #addRecord(record: ReferenceRecord, tieBreak: TieBreak): void {
    if (record.outcome === "gated") this.#count("gated");
    if (record.outcome === "error") this.#count("error of the cycle");
    if (record.preFilter !== undefined) this.#count("PreFilter rejects");
    if (record.preFilterNodes !== undefined) {
      this.#count("PreFilter reduces the search");
      if (record.evaluated === 0) this.#count("PreFilter names only nodes that are not there");
    }
    if (record.outcome === "unschedulable") {
      this.#count(record.message?.startsWith("no nodes") ? "no nodes" : "none feasible");
    }
    if (record.scoringSkipped) this.#count("one feasible");
    for (const name of FILTERS) {
      // Alone, because the search never offers a node to NodeName that it would reject: PreFilter named the only one.
      const alone = record.filterPerPlugin[name];
      if (alone === undefined) continue;
      if (Object.keys(alone).length > 0) this.#count(`${name} rejects a node`);
      if (record.feasible.some((node) => alone[node] === undefined)) this.#count(`${name} passes a node`);
    }
    for (const [name, scores] of Object.entries(record.scores)) {
      if (SCORES.includes(name) && new Set(Object.values(scores).map(({ raw }) => raw)).size > 1) {
        this.#count(`${name} tells nodes apart`);
      }
    }
    for (const name of record.skippedScore) this.#count(`${name} skips Score`);
    if (record.best.length === 1) this.#count("several feasible, one best");
    if (record.best.length > 1) this.#count(`tie decided by ${tieBreak}`);
    if (record.best.length > 2) this.#count(`tie of three or more decided by ${tieBreak}`);
    if (new Set(Object.values(record.picks ?? {})).size > 1) this.#count("the tie rules disagree");
  }

  #addSearch(record: ReferenceRecord, nodes: number, start: number, forced: boolean): void {
    const sampled = record.feasible.length === record.wanted && record.evaluated < nodes;
    if (record.preFilterNodes !== undefined || record.evaluated === 0) return;
    if (sampled)
      this.#count(forced ? "sample smaller than the cluster" : "sample by the policy's own percentage");
    if ((start % nodes) + record.evaluated > nodes) this.#count("window wraps around");
  }
}
