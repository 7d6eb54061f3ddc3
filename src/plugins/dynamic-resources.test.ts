import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CaseCluster } from "../decisions/case-cluster.ts";
import { type RecordedCase, readCases } from "../decisions/recorded-case.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { holdInFlight } from "./dynamic-resources/in-flight.ts";
import { allocationsOn, dynamicResources, missingClaim } from "./dynamic-resources.ts";

const recordings = "../shared/conformance";
const plugin = dynamicResources();
const NAME = "DynamicResources";

interface Tally {
  verdicts: number;
  scores: number;
  readonly differences: string[];
}

describe.skipIf(!existsSync(recordings))(
  "DynamicResources against recorded decisions (needs ../shared)",
  () => {
    it("decides as kube-scheduler on cases about devices", async () => {
      const tally = await checkFamily("dynamic-resources.jsonl.gz");
      expect(tally.differences).toEqual([]);
      expect(tally.verdicts).toBeGreaterThan(5000);
      expect(tally.scores).toBeGreaterThan(1500);
    });

    it("stays out of everything else, and still scores 0", async () => {
      const differences: string[] = [];
      let scores = 0;
      for (const file of readdirSync(recordings)) {
        if (
          !file.endsWith(".jsonl.gz") ||
          file.startsWith("dynamic-resources") ||
          file.startsWith("sampling")
        )
          continue;
        const tally = await checkFamily(file);
        differences.push(...tally.differences);
        scores += tally.scores;
      }
      expect(differences).toEqual([]);
      expect(scores).toBeGreaterThan(50_000);
    }, 60_000);
  },
);

async function checkFamily(file: string): Promise<Tally> {
  const tally: Tally = { verdicts: 0, scores: 0, differences: [] };
  for (const recorded of await readCases(join(recordings, file)))
    if ("pods" in recorded) checkCase(recorded, tally);
  return tally;
}

function checkCase(recorded: RecordedCase, tally: Tally): void {
  const world = new CaseCluster(recorded);
  const { cluster } = world;
  const isOff = JSON.stringify(recorded.config).includes(NAME);
  const same = (where: string, actual: unknown, expected: unknown): void => {
    if (JSON.stringify(actual) === JSON.stringify(expected)) return;
    tally.differences.push(
      `${recorded.id} ${where}: ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`,
    );
  };
  for (const record of recorded.expected) {
    const row = world.row(record.pod);
    const pod = world.kind(row);
    const cycle: Cycle = { pod, row, nodes: cluster.nodes, cluster };
    const gate = record.preEnqueue?.plugin === NAME ? record.preEnqueue : undefined;
    if (record.outcome !== "gated" || gate)
      same(`${record.pod} gate`, missingClaim(pod, cluster.objects), bare(gate));
    if (record.outcome === "gated") continue;
    const rejection = record.preFilter?.plugin === NAME ? record.preFilter : undefined;
    const early = plugin.preFilter!(cycle);
    if (record.preFilter === undefined || rejection) {
      same(`${record.pod} PreFilter`, early && "rejected" in early ? early.rejected : early, bare(rejection));
    }
    if (record.preFilter === undefined) {
      const judge = plugin.judge!(cycle);
      const skips = record.skippedFilter?.includes(NAME) === true;
      if (!isOff && cluster.nodes.order.length > 0) same(`${record.pod} Skip`, judge === undefined, skips);
      for (const [name, status] of Object.entries(record.filter ?? {})) {
        if (status.plugin !== NAME) continue;
        const node = cluster.nodes.rowOf(name)!;
        tally.verdicts++;
        let verdict: unknown;
        try {
          verdict = judge?.(node);
        } catch (error) {
          verdict = { code: "Error", reasons: [(error as Error).message] };
        }
        same(`${record.pod} on ${name}`, verdict, bare(status));
      }
      for (const name of record.feasible ?? []) {
        tally.verdicts++;
        same(`${record.pod} on ${name}`, judge?.(cluster.nodes.rowOf(name)!), undefined);
      }
      checkScores(record.feasible ?? [], record.scores?.[NAME]);
    }
    if (record.outcome === "bound")
      holdInFlight(cluster, allocationsOn(cycle, cluster.nodes.rowOf(record.node!)!));
    world.follow(record);

    function checkScores(
      feasible: readonly string[],
      expected: Readonly<Record<string, { raw: number; normalized: number }>> | undefined,
    ): void {
      if (expected === undefined) return;
      const rows = Uint32Array.from(feasible, (name) => cluster.nodes.rowOf(name)!);
      const scores = new Int32Array(rows.length);
      const scored = plugin.score!(cycle);
      if (typeof scored !== "function") throw new Error("DynamicResources never skips its score");
      const selection = { rows, length: rows.length };
      scored(selection, scores);
      const raw = [...scores];
      plugin.normalizeScore!(scores, selection);
      for (const [i, name] of feasible.entries()) {
        tally.scores++;
        const { raw: wantedRaw, normalized } = expected[name];
        same(`${record.pod} score of ${name}`, [raw[i], scores[i]], [wantedRaw, normalized]);
      }
    }
  }
}

function bare(status: { readonly code: string; readonly reasons?: readonly string[] } | undefined): unknown {
  return status && { code: status.code, reasons: status.reasons };
}
