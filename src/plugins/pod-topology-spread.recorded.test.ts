import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CaseCluster } from "../decisions/case-cluster.ts";
import {
  type DecisionRecord,
  isQueueScript,
  type RecordedCase,
  readCases,
} from "../decisions/recorded-case.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { type PodTopologySpreadArgs, podTopologySpread } from "./pod-topology-spread.ts";

const FOLDER = "../shared/conformance";
const NAME = "PodTopologySpread";

/** In what is recorded of a family there are at least so many rejected nodes, scored nodes and answers on Skip. */
const FAMILIES: readonly [family: string, rejections: number, scores: number, skips: number][] = [
  ["topology-spread", 1500, 1500, 1200],
  ["spread-defaults", 400, 1500, 1200],
  ["mixed", 300, 1500, 1200],
  ["sequences", 900, 9000, 7000],
  ["scores-config", 100, 300, 1000],
  ["sampling", 100, 1000, 400],
  ["batching", 100, 100, 1500],
  ["default-preemption", 5, 10, 1300],
  ["nominated-pods", 5, 10, 1200],
  ["taints", 0, 0, 1500],
  ["node-affinity", 0, 0, 1500],
  ["scheduling-gates", 0, 0, 500],
];

/** What the plugin, alone, says otherwise than was recorded. */
class Comparison {
  readonly differences: string[] = [];
  rejections = 0;
  scores = 0;
  skips = 0;
  readonly #plugin: Plugin;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  filter(cycle: Cycle, record: DecisionRecord, inPlace: boolean): void {
    const judge = this.#plugin.judge?.(cycle);
    const whatIf = this.#plugin.whatIf?.(cycle);
    const passing = rowsThatPass(this.#plugin, cycle, [...cycle.nodes.order]);
    for (const node of cycle.nodes.order) {
      const name = cycle.nodes.name(node);
      const first = record.filter?.[name];
      const passed = record.feasible?.includes(name) ?? false;
      // Without verdicts of the plugin alone there are those on nodes that came as far as this plugin.
      if (record.filterPerPlugin === undefined && first?.plugin !== NAME && !(inPlace && passed)) continue;
      const status = record.filterPerPlugin
        ? record.filterPerPlugin[NAME]?.[name]
        : passed
          ? undefined
          : first;
      if (status !== undefined) this.rejections++;
      const recorded = status && [status.code, status.reasons];
      for (const ours of [judge?.(node), whatIf?.judge(node)]) {
        this.#expect(`${record.pod} ${name}`, ours && [ours.code, ours.reasons], recorded);
      }
      this.#expect(`${record.pod} ${name} passes`, passing.includes(node), status === undefined);
    }
  }

  score(cycle: Cycle, record: DecisionRecord): void {
    const recorded = record.scores?.[NAME];
    if (recorded === undefined) return;
    const feasible = record.feasible ?? [];
    const rows = feasible.map((name) => cycle.nodes.rowOf(name) ?? -1);
    const scores = scoresOf(this.#plugin, cycle, rows);
    this.scores += rows.length;
    this.#expect(`${record.pod} scores`, scores && [scores.raw, scores.normalized], [
      feasible.map((name) => recorded[name]?.raw),
      feasible.map((name) => recorded[name]?.normalized),
    ]);
  }

  skip(cycle: Cycle, record: DecisionRecord): void {
    if (record.preFilter === undefined) {
      this.skips++;
      const skipped = record.skippedFilter?.includes(NAME) ?? false;
      this.#expect(`${record.pod} filter skipped`, this.#plugin.filter?.(cycle) === undefined, skipped);
    }
    if (record.scores !== undefined) {
      this.skips++;
      const skipped = record.skippedScore?.includes(NAME) ?? false;
      this.#expect(`${record.pod} score skipped`, this.#plugin.score?.(cycle) === undefined, skipped);
    }
  }

  #expect(where: string, actual: unknown, recorded: unknown): void {
    const [a, r] = [JSON.stringify(actual), JSON.stringify(recorded)];
    if (a !== r) this.differences.push(`${where}: ${a}, recorded ${r}`);
  }
}

interface RecordedProfile {
  readonly plugins?: unknown;
  readonly pluginConfig?: readonly { readonly name: string; readonly args: Partial<PodTopologySpreadArgs> }[];
}

/** Every record of a case against the plugin alone, as far as the case lets it run where it runs by default. */
function compare(recorded: RecordedCase): Comparison {
  const [profile = {}] = (recorded.config["profiles"] ?? []) as RecordedProfile[];
  const args: PodTopologySpreadArgs = {
    defaultConstraints: [],
    defaultingType: "System",
    ...profile.pluginConfig?.find(({ name }) => name === NAME)?.args,
  };
  const comparisonOperators = recorded.gates?.["TaintTolerationComparisonOperators"] === true;
  const plugin = podTopologySpread(args, { comparisonOperators });
  const state = new CaseCluster(recorded);
  const { cluster } = state;
  const comparison = new Comparison(plugin);
  const inPlace = !new RegExp(`"\\*"|${NAME}`).test(JSON.stringify(profile.plugins ?? {}));
  for (const record of recorded.expected) {
    const row = state.row(record.pod);
    const cycle: Cycle = { pod: state.kind(row), row, nodes: cluster.nodes, cluster };
    // Without any node no plugin is asked.
    if (record.outcome !== "gated" && cluster.nodes.order.length > 0) {
      comparison.filter(cycle, record, inPlace);
      comparison.score(cycle, record);
      if (inPlace && record.outcome !== "error") comparison.skip(cycle, record);
    }
    state.follow(record);
  }
  return comparison;
}

describe.skipIf(!existsSync(FOLDER))(`PodTopologySpread as recorded, which needs ${FOLDER}`, () => {
  it.each(FAMILIES)("judges and scores the family %s like kube-scheduler", async (family, ...atLeast) => {
    const counts = [0, 0, 0];
    for (const recorded of await readCases(`${FOLDER}/${family}.jsonl.gz`)) {
      if (isQueueScript(recorded)) continue;
      const { differences, rejections, scores, skips } = compare(recorded);
      expect(differences, recorded.id).toEqual([]);
      [rejections, scores, skips].forEach((count, i) => {
        counts[i] += count;
      });
    }
    counts.forEach((count, i) => {
      expect(count, ["rejections", "scores", "skips"][i]).toBeGreaterThanOrEqual(atLeast[i]);
    });
  });
});
