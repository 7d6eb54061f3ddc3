import fc from "fast-check";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import { referencePolicy } from "../reference/reference-policy.ts";
import { referenceScheduler } from "../reference/reference-scheduler.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { arbitraryHistory, type ClusterHistory } from "./arbitrary-history.ts";
import { clusterDigest } from "./cluster-digest.ts";
import { ClusterFollower } from "./cluster-follower.ts";
import { expectedDecisions } from "./expected-decisions.ts";
import {
  cycleFor,
  judgesAlike,
  passesAlone,
  rowsThatPass,
  scoresOf,
  verdict,
} from "./plugin-observations.ts";

export interface PluginLawsOptions {
  /** Random clusters tried; 200 when absent. */
  readonly runs?: number;
  /** The seed of the random clusters; 1 when absent. */
  readonly seed?: number;
  /** What the clusters and pods look like, for plugins that read something special; `arbitraries.history` when absent. */
  readonly histories?: fc.Arbitrary<ClusterHistory>;
}

/**
 * The laws that every plugin keeps, whoever wrote it, tried on random clusters. Any test runner will do:
 *
 * ```ts
 * import { pluginLaws } from "stowage/testing";
 * test("sameRack keeps the laws", () => pluginLaws(sameRack));
 * ```
 *
 * 1. It narrows: a filter drops nodes and does nothing else.
 * 2. It is independent: a node's verdict and raw score are the same in any company and order, and alone.
 * 3. It agrees with its `judge`, which gives reasons for what it rejects.
 * 4. It reads only: the cluster is the same before and after.
 * 5. It repeats: the same question gets the same answer.
 * 6. It scores every node, in 0..100 after normalisation, unless it ends the cycle with an InvariantViolation.
 * 7. It takes devices that are there and have room, as many as the pod asks for.
 *
 * @throws Error naming the law, with the smallest cluster found that breaks it
 */
export function pluginLaws(plugin: Plugin, options: PluginLawsOptions = {}): void {
  const { runs = 200, seed = 1, histories = arbitraryHistory } = options;
  const details = fc.check(
    fc.property(histories, (history) => {
      const policy = referencePolicy("default-all-nodes");
      const happenings = expectedDecisions(history, { policy, seed });
      const follower = new ClusterFollower();
      for (const happening of happenings) follower.follow(happening);
      for (const template of history.templates) {
        const feasible = feasibleNodes(follower, template);
        tryLaws(plugin, follower.cluster, template, feasible);
      }
    }),
    { numRuns: runs, seed },
  );
  if (!details.failed) return;
  const { errorInstance, counterexample, numRuns } = details;
  if (counterexample === null || !(errorInstance instanceof Error))
    throw new Error(fc.defaultReportMessage(details));
  throw new Error(
    `${errorInstance.message}\n(random cluster ${numRuns} of seed ${seed}; the smallest that shows it: ${fc.stringify(counterexample[0])})`,
    { cause: errorInstance },
  );
}

/** Rows of the nodes with room for the pod: what scores are asked about. */
function feasibleNodes(follower: ClusterFollower, pod: PodTemplate): number[] {
  const { nodes } = follower.cluster;
  const names = Array.from(nodes.order, (row) => nodes.name(row));
  const { schedulingGates: _, ...spec } = pod.object.spec ?? {};
  const record = referenceScheduler({
    nodes: follower.specs(),
    order: names,
    placed: follower.placed(),
    pod: { ...pod, object: { ...pod.object, spec } },
    policy: referencePolicy("first-fit"),
    nextStart: 0,
  });
  return record.feasible.map((name) => follower.rowOf(name));
}

function tryLaws(plugin: Plugin, cluster: Cluster, template: PodTemplate, feasible: readonly number[]): void {
  const law = (name: string, holds: boolean, what: string): void => {
    if (!holds) throw new Error(`plugin ${plugin.name} breaks the law "${name}": ${what}`);
  };
  const { nodes } = cluster;
  const cycle = cycleFor(cluster, template);
  const before = clusterDigest(cluster);
  const all = [...nodes.order];
  const named = (rows: readonly number[]): string => JSON.stringify(rows.map((row) => nodes.name(row)));

  const together = rowsThatPass(plugin, cycle, all);
  law("narrows", isSubsequence(together, all), `offered ${named(all)}, kept ${named(together)}`);
  const backwards = rowsThatPass(plugin, cycle, all.toReversed()).toReversed();
  law(
    "independent",
    same(backwards, together),
    `kept ${named(together)}, and ${named(backwards)} in reverse order`,
  );
  for (const node of all) {
    const alone = passesAlone(plugin, cycle, node);
    const inCompany = together.includes(node);
    law(
      "independent",
      alone === inCompany,
      `${nodes.name(node)} ${verdict(alone)} alone and ${verdict(inCompany)} in company`,
    );
    const judged = judgesAlike(plugin, cycle, node, inCompany);
    law(
      "agrees with its judge",
      judged === undefined,
      `${nodes.name(node)} ${verdict(inCompany)} the filter and its judge says ${judged}`,
    );
  }
  law(
    "repeats",
    same(rowsThatPass(plugin, cycle, all), together),
    "the filter answered otherwise when asked again",
  );

  if (feasible.length > 0) {
    tryScoreLaws(plugin, cycle, feasible, law);
    if (plugin.takeDevices !== undefined) tryDeviceLaw(plugin.takeDevices, cycle, feasible, law);
  }
  law(
    "reads only",
    clusterDigest(cluster) === before,
    "the cluster is another one after the plugin was asked",
  );
}

type Law = (name: string, holds: boolean, what: string) => void;

function tryScoreLaws(plugin: Plugin, cycle: Cycle, feasible: readonly number[], law: Law): void {
  const scored = scoresOf(plugin, cycle, feasible);
  if (scored === undefined) return;
  const { raw, normalized, written } = scored;
  law("scores every node", written, "some score was not written, or one too many was");
  const outside = normalized.find((score) => score < 0 || score > 100);
  law("scores in 0..100", outside === undefined, `${outside} after normalisation`);
  law(
    "repeats",
    same(scoresOf(plugin, cycle, feasible)?.raw ?? [], raw),
    "the scores were others when asked again",
  );
  const backwards = scoresOf(plugin, cycle, feasible.toReversed())?.raw.toReversed() ?? [];
  law(
    "independent",
    same(backwards, raw),
    `raw scores ${raw.join(" ")}, and ${backwards.join(" ")} in reverse order`,
  );
  feasible.forEach((node, i) => {
    const alone = scoresOf(plugin, cycle, [node])?.raw[0];
    law(
      "independent",
      alone === raw[i],
      `${cycle.nodes.name(node)} scores ${raw[i]} in company and ${alone} alone`,
    );
  });
}

function tryDeviceLaw(
  takeDevices: NonNullable<Plugin["takeDevices"]>,
  cycle: Cycle,
  feasible: readonly number[],
  law: Law,
): void {
  const { count = 0, milli = 0 } = cycle.pod.devices ?? {};
  const { devices } = cycle.nodes;
  for (const node of feasible) {
    const bits = takeDevices(cycle, node);
    const taken = Array.from({ length: 32 }, (_, device) => device).filter((device) => (bits >>> device) & 1);
    const fit = taken.every(
      (device) => device < devices.count[node] && devices.free[devices.first[node] + device] >= milli,
    );
    law(
      "takes devices with room",
      fit && taken.length === count,
      `devices ${taken.join(" ")} for ${count} times ${milli}`,
    );
  }
}

function isSubsequence(part: readonly number[], whole: readonly number[]): boolean {
  let next = 0;
  for (const row of whole) if (part[next] === row) next++;
  return next === part.length;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
