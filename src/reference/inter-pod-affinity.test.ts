import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Affinity } from "../kubernetes/affinity.ts";
import type { NamespaceObject } from "../kubernetes/cluster-object.ts";
import type { LabelSelector } from "../kubernetes/label-selector.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { interPodAffinity } from "../plugins/inter-pod-affinity.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { referenceScheduler } from "./reference-scheduler.ts";

const selector = fc.constantFrom<LabelSelector | undefined>(
  undefined,
  {},
  { matchLabels: { app: "web" } },
  { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
  { matchExpressions: [{ key: "tier", operator: "Exists" }] },
);
const unparsable: LabelSelector = { matchExpressions: [{ key: "app", operator: "In", values: [] }] };
const term = fc
  .record({
    topologyKey: fc.constantFrom("zone", "host", "host"),
    labelSelector: fc.oneof(
      { weight: 30, arbitrary: selector },
      { weight: 1, arbitrary: fc.constant(unparsable) },
    ),
    namespaces: fc.constantFrom(undefined, undefined, ["default"], ["prod", "unknown"]),
    namespaceSelector: fc.constantFrom<LabelSelector | undefined>(
      undefined,
      undefined,
      {},
      { matchLabels: { tier: "prod" } },
      { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
    ),
  })
  .map((fields) => JSON.parse(JSON.stringify(fields)) as typeof fields & object);
const weighted = fc.record({ weight: fc.integer({ min: 1, max: 9 }), podAffinityTerm: term });
const terms = fc.record(
  {
    requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { maxLength: 2 }),
    preferredDuringSchedulingIgnoredDuringExecution: fc.array(weighted, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const template = fc
  .record({
    namespace: fc.constantFrom("default", "default", "prod", "unknown"),
    labels: fc.constantFrom<Record<string, string>>({}, { app: "web" }, { app: "db", tier: "a" }),
    affinity: fc.record({ podAffinity: terms, podAntiAffinity: terms }, { requiredKeys: [] }),
  })
  .map(
    ({ namespace, labels, affinity }): PodTemplate => ({
      name: "p",
      object: { kind: "Pod", metadata: { namespace, labels }, spec: { affinity: affinity as Affinity } },
    }),
  );
const nodes = fc
  .array(fc.constantFrom<Record<string, string>>({}, { zone: "a" }, { zone: "b" }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((zones) =>
    zones.map(
      (zone, i): NodeSpec => ({
        object: {
          kind: "Node",
          metadata: { name: `n${i}`, labels: i === 3 ? zone : { ...zone, host: `n${i}` } },
        },
      }),
    ),
  );
const args = fc.record({
  hardPodAffinityWeight: fc.constantFrom(0, 1, 10),
  ignorePreferredTermsOfExistingPods: fc.boolean(),
});
const namespaces: readonly NamespaceObject[] = [
  { kind: "Namespace", metadata: { name: "default" } },
  { kind: "Namespace", metadata: { name: "prod", labels: { tier: "prod" } } },
];

describe("InterPodAffinity and its reference", () => {
  it("always judge, skip and score alike", () => {
    const seen = { rejected: 0, scored: 0, skipped: 0, refused: 0 };
    fc.assert(
      fc.property(
        nodes,
        fc.array(fc.tuple(template, fc.nat()), { maxLength: 6 }),
        template,
        args,
        (specs, spots, pod, pluginArgs) => {
          const cluster = new Cluster();
          cluster.objects = { ...NO_OBJECTS, namespaces };
          const rows = specs.map((spec) => cluster.addNode(spec));
          spots.forEach(([placed, place], i) => {
            cluster.assume(i, cluster.kind(placed), rows[place % rows.length], 0);
          });
          const plugin = interPodAffinity(pluginArgs);
          const name = (row: number) => cluster.nodes.name(row);
          const record = referenceScheduler({
            nodes: specs,
            placed: spots.map(([placed, place]) => ({
              pod: placed,
              node: name(rows[place % rows.length]),
              devices: [],
            })),
            pod,
            policy: {
              name: "affinity",
              plugins: [{ name: "InterPodAffinity", weight: 2, ...pluginArgs }],
              percentageOfNodesToScore: 100,
              tieBreak: "first",
            },
            nextStart: 0,
            objects: { ...NO_OBJECTS, namespaces },
          });
          const profile = {
            name: "affinity",
            description: "InterPodAffinity alone",
            plugins: [{ plugin, weight: 2 }],
            percentageOfNodesToScore: 100,
            tieBreak: "first" as const,
          };
          const outcome = new SchedulingCycle({ cluster, profile, seed: 1 }).run(1000, cluster.kind(pod), 0);
          expect(outcome.preFilterStatus?.reasons).toEqual(record.preFilter?.reasons);
          expect(outcome.node === -1 ? undefined : name(outcome.node)).toBe(record.node);
          if (record.preFilter !== undefined) {
            seen.refused++;
            return;
          }
          const cycle = cycleFor(cluster, pod);
          const judge = plugin.judge?.(cycle);
          expect(judge === undefined).toBe(record.skippedFilter.includes("InterPodAffinity"));
          for (const row of rows) {
            const recorded = record.filterPerPlugin["InterPodAffinity"]?.[name(row)];
            expect(judge?.(row)).toEqual(recorded);
            if (recorded !== undefined) seen.rejected++;
          }
          if (record.feasible.length < 2) return;
          const ours = scoresOf(
            plugin,
            cycle,
            record.feasible.map((node) => cluster.nodes.rowOf(node)!),
          );
          const theirs = record.scores["InterPodAffinity"];
          const skipped = record.skippedScore.includes("InterPodAffinity");
          expect(ours === undefined).toBe(skipped);
          if (skipped) seen.skipped++;
          else seen.scored++;
          if (ours === undefined || theirs === undefined) return;
          expect(ours.raw).toEqual(record.feasible.map((node) => theirs[node]?.raw));
          expect(ours.normalized).toEqual(record.feasible.map((node) => theirs[node]?.normalized));
        },
      ),
      { numRuns: 400, seed: 1 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });
});
