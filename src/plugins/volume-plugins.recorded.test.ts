import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CaseCluster } from "../decisions/case-cluster.ts";
import {
  type DecisionRecord,
  type RecordedCase,
  type RecordedStatus,
  readCases,
} from "../decisions/recorded-case.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import { nodeDeclaredFeatures } from "./node-declared-features.ts";
import { nodeVolumeLimits } from "./node-volume-limits.ts";
import { reserveVolumes, type VolumeBindingArgs, volumeBinding } from "./volume-binding.ts";
import { volumeRestrictions } from "./volume-restrictions.ts";
import { volumeZone } from "./volume-zone.ts";

const recordings = resolve(import.meta.dirname, "../../../shared/conformance");

/** Every family in which some pod has a claim, a disk or a need for a declared feature, and two in which none has. */
const families = [
  "node-declared-features",
  "volume-restrictions",
  "volume-zone",
  "node-volume-limits",
  "volume-binding",
  "mixed",
  "sequences",
];

/** What was compared with the recordings of one plugin. */
class Comparison {
  readonly differences: string[] = [];
  rejections = 0;
  passes = 0;
  skips = 0;
  /** Other than 0. */
  scores = 0;

  expectEqual(where: string, actual: unknown, expected: unknown): void {
    const [said, recorded] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (said !== recorded) this.differences.push(`${where}: ${said}, recorded ${recorded}`);
  }
}

const comparisons = new Map<string, Comparison>();

beforeAll(async () => {
  if (!existsSync(recordings)) return;
  for (const family of families) {
    for (const line of await readCases(resolve(recordings, `${family}.jsonl.gz`))) {
      if (!("steps" in line)) compareCase(line);
    }
  }
}, 60_000);

describe.skipIf(!existsSync(recordings))("against the recordings (skipped when ../shared is absent)", () => {
  it.each([
    ["NodeDeclaredFeatures", { rejections: 2400, passes: 45_000, skips: 8000, scores: 0 }],
    ["VolumeRestrictions", { rejections: 2700, passes: 45_000, skips: 9000, scores: 0 }],
    ["VolumeZone", { rejections: 3400, passes: 45_000, skips: 9000, scores: 0 }],
    ["NodeVolumeLimits", { rejections: 3600, passes: 45_000, skips: 6000, scores: 0 }],
    ["VolumeBinding", { rejections: 4100, passes: 45_000, skips: 6000, scores: 1000 }],
  ] as const)("%s decides as recorded", (name, least) => {
    const compared = comparisons.get(name)!;
    expect(compared.differences.slice(0, 10)).toEqual([]);
    expect(compared.rejections).toBeGreaterThanOrEqual(least.rejections);
    expect(compared.passes).toBeGreaterThanOrEqual(least.passes);
    expect(compared.skips).toBeGreaterThanOrEqual(least.skips);
    expect(compared.scores).toBeGreaterThanOrEqual(least.scores);
  });
});

function compareCase(recorded: RecordedCase): void {
  const plugins = [
    nodeDeclaredFeatures,
    volumeRestrictions,
    volumeZone,
    nodeVolumeLimits,
    volumeBinding(argsOf(recorded)),
  ];
  const replay = new CaseCluster(recorded);
  const { cluster } = replay;
  for (const record of recorded.expected) {
    const row = replay.row(record.pod);
    const cycle = { pod: replay.kind(row), row, nodes: cluster.nodes, cluster };
    const where = `${recorded.id} ${record.pod} #${record.attempt}`;
    for (const plugin of plugins) {
      const to = comparisons.get(plugin.name) ?? new Comparison();
      comparisons.set(plugin.name, to);
      compareFilter(plugin, cycle, record, where, to);
      compareScores(plugin, cycle, record, where, to);
    }
    if (record.outcome === "bound") {
      cluster.objects = reserveVolumes(cycle, cluster.nodes.rowOf(record.node!)!);
    }
    replay.follow(record);
  }
}

function argsOf({ config }: RecordedCase): VolumeBindingArgs {
  interface Configured {
    readonly name: string;
    readonly args?: VolumeBindingArgs;
  }
  const profiles = (config["profiles"] ?? []) as readonly { pluginConfig?: readonly Configured[] }[];
  const configured = profiles.flatMap(({ pluginConfig = [] }) => pluginConfig);
  return configured.find(({ name }) => name === "VolumeBinding")?.args ?? {};
}

function compareFilter(
  plugin: Plugin,
  cycle: Cycle,
  record: DecisionRecord,
  where: string,
  to: Comparison,
): void {
  const { name } = plugin;
  const alone = record.filterPerPlugin?.[name] ?? (record.filterPerPlugin && {});
  const result = plugin.preFilter?.(cycle);
  const rejected = result !== undefined && "rejected" in result ? result.rejected : undefined;
  if (alone !== undefined) to.expectEqual(`${where} PreFilter`, plain(rejected), plain(alone["*"]));
  if (record.preFilter?.plugin === name) {
    to.expectEqual(`${where} PreFilter`, plain(rejected), plain(record.preFilter));
  }
  if (rejected !== undefined) {
    to.rejections++;
    return;
  }
  const skipped = [plugin.filter?.(cycle), plugin.judge?.(cycle)].map((member) => member === undefined);
  // Plugins behind one that ended PreFilter were not asked.
  if (record.preFilter === undefined) {
    const recorded = record.skippedFilter?.includes(name) === true;
    to.expectEqual(`${where} Skip`, skipped, [recorded, recorded]);
  }
  if (skipped[0]) to.skips++;
  for (const node of cycle.nodes.order) compareVerdict(plugin, cycle, node, record, where, to);
}

function compareVerdict(
  plugin: Plugin,
  cycle: Cycle,
  node: number,
  record: DecisionRecord,
  where: string,
  to: Comparison,
): void {
  const nodeName = cycle.nodes.name(node);
  const place = `${where} ${nodeName}`;
  const said = verdict(() => plugin.judge?.(cycle)?.(node));
  if (said?.code !== "Error") {
    const selection = { rows: Uint32Array.of(node), length: 1 };
    plugin.filter?.(cycle)?.(selection);
    to.expectEqual(`${place} filter`, selection.length === 1, said === undefined);
    const whatIf = plugin.whatIf?.(cycle);
    if (whatIf) to.expectEqual(`${place} what if`, plain(whatIf.judge(node)), plain(said));
  }
  const recorded = record.filterPerPlugin?.[plugin.name]?.[nodeName] ?? ownVerdict(record, plugin, nodeName);
  const known = record.filterPerPlugin !== undefined || record.feasible?.includes(nodeName);
  if (recorded === undefined && !known) return;
  to.expectEqual(place, plain(said), plain(recorded));
  if (recorded === undefined) to.passes++;
  else to.rejections++;
}

/** The verdict of the whole cycle, if this plugin gave it. */
function ownVerdict(record: DecisionRecord, { name }: Plugin, node: string): RecordedStatus | undefined {
  const recorded = record.filter?.[node];
  return recorded?.plugin === name ? recorded : undefined;
}

/** An error that would fail the cycle is a verdict too, as the recordings have it. */
function verdict(say: () => RecordedStatus | undefined): RecordedStatus | undefined {
  try {
    return say();
  } catch (error) {
    const text = (error as Error).message.replace(/^running "\w+" filter plugin: /, "");
    return { code: "Error", reasons: [text] };
  }
}

function plain(status: RecordedStatus | undefined): unknown {
  return status && [status.code, ...(status.reasons ?? [])];
}

function compareScores(
  plugin: Plugin,
  cycle: Cycle,
  record: DecisionRecord,
  where: string,
  to: Comparison,
): void {
  const recorded = record.scores?.[plugin.name];
  if (recorded === undefined || record.feasible === undefined) return;
  const scores = new Int32Array(record.feasible.length);
  const rows = Uint32Array.from(record.feasible, (name) => cycle.nodes.rowOf(name)!);
  const scoring = pluginScore(plugin, cycle);
  scoring?.score({ rows, length: rows.length }, scores);
  to.expectEqual(`${where} does not score`, scoring === undefined, false);
  const expected = record.feasible.map((name) => recorded[name]);
  to.expectEqual(
    `${where} raw`,
    [...scores],
    expected.map(({ raw }) => raw),
  );
  scoring?.normalizeScore?.(scores, { rows, length: rows.length });
  to.expectEqual(
    `${where} normalized`,
    [...scores],
    expected.map(({ normalized }) => normalized),
  );
  to.scores += scores.filter((score) => score !== 0).length;
}
