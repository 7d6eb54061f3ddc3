import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CaseCluster } from "../decisions/case-cluster.ts";
import {
  type DecisionRecord,
  isQueueScript,
  type RecordedCase,
  type RecordedStatus,
  readCases,
} from "../decisions/recorded-case.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { type InterPodAffinityArgs, interPodAffinity } from "./inter-pod-affinity.ts";

const FOLDER = "../shared/conformance";
const NAME = "InterPodAffinity";

/** In what is recorded of a family the plugin rejects, scores and skips so often. */
const FAMILIES: readonly [family: string, rejections: number, scores: number, skips: number][] = [
  ["inter-pod-affinity", 2000, 2000, 1500],
  ["mixed", 300, 2000, 1500],
  ["sequences", 800, 6000, 7000],
  ["scores-config", 0, 1500, 0],
  ["sampling", 0, 0, 500],
  ["default-preemption", 10, 40, 1500],
  ["nominated-pods", 10, 30, 1500],
  ["batching", 0, 0, 2000],
];

class Comparison {
  readonly differences: string[] = [];
  rejections = 0;
  scores = 0;
  skips = 0;
  readonly #plugin: Plugin;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  filter(
    cycle: Cycle,
    record: DecisionRecord,
    alone: Readonly<Record<string, RecordedStatus>> | undefined,
  ): void {
    const judge = this.#plugin.judge?.(cycle);
    const whatIf = this.#plugin.whatIf?.(cycle);
    const passing = rowsThatPass(this.#plugin, cycle, [...cycle.nodes.order]);
    for (const node of cycle.nodes.order) {
      const name = cycle.nodes.name(node);
      const first = record.filter?.[name];
      // Without verdicts of the plugin alone there are those on nodes that came as far as this plugin.
      if (alone === undefined && first?.plugin !== NAME && !record.feasible?.includes(name)) continue;
      const status = alone === undefined ? first : alone[name];
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
    const feasible = record.feasible ?? [];
    if (recorded === undefined) return;
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
      const skipped = record.skippedFilter?.includes(NAME);
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

function argsOf({ config }: RecordedCase): InterPodAffinityArgs {
  const profiles = (config["profiles"] ?? []) as {
    pluginConfig?: { name: string; args: InterPodAffinityArgs }[];
  }[];
  return profiles[0]?.pluginConfig?.find(({ name }) => name === NAME)?.args ?? {};
}

/** Every record of a case against the plugin alone, as far as the case lets it run where it runs by default. */
function compare(recorded: RecordedCase): Comparison {
  const state = new CaseCluster(recorded);
  const { cluster } = state;
  const plugin = interPodAffinity(argsOf(recorded));
  const comparison = new Comparison(plugin);
  const inPlace = !JSON.stringify(recorded.config).includes('"plugins"');
  for (const record of recorded.expected) {
    const row = state.row(record.pod);
    const cycle: Cycle = { pod: state.kind(row), row, nodes: cluster.nodes, cluster };
    if (record.outcome !== "gated") {
      const alone =
        recorded.perPlugin && record.filterPerPlugin ? (record.filterPerPlugin[NAME] ?? {}) : undefined;
      if (inPlace || alone !== undefined) comparison.filter(cycle, record, alone);
      comparison.score(cycle, record);
      if (inPlace && record.outcome !== "error") comparison.skip(cycle, record);
    }
    state.follow(record);
  }
  return comparison;
}

describe.skipIf(!existsSync(FOLDER))(`InterPodAffinity as recorded, which needs ${FOLDER}`, () => {
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
      expect(count).toBeGreaterThanOrEqual(atLeast[i]);
    });
  });
});
