import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../src/base/errors.ts";
import { perfScript } from "./perf-script.ts";
import type { PlayOptions } from "./play-script.ts";
import type { ScriptOperation } from "./script.ts";
import { equalPodsInBatches, everyPodDifferent, manyKinds } from "./synthetic.ts";

export interface CompareCase {
  /** `CASE/WORKLOAD`, or what a made-up one shows. */
  readonly name: string;
  /** How many times faster our side is to be. */
  readonly bar: number | undefined;
  readonly operations: () => Promise<Iterable<ScriptOperation>> | Iterable<ScriptOperation>;
  /**
   * Gates of ours alone. Opportunistic batching of kube-scheduler expires by the wall clock, so that its placements depend on the
   * machine: ours decides every pod anew, and placements are compared with kube-scheduler doing the same.
   */
  readonly ourGates?: Readonly<Record<string, boolean>>;
  /** Ours also in other ways, beside the one that is compared. */
  readonly variants: readonly Variant[];
}

export interface Variant extends PlayOptions {
  readonly name: string;
}

/** The cases that are rungs of the ladder. */
export const LADDER_CASE = "SchedulingBasic/5000Nodes_10000Pods";
export const BATCHING_CASE = "Equal pods, batching in effect";
export const KINDS_CASE = "10,000 kinds in turn";

const FIRST: Variant = { name: "first", tieBreak: "first" };
const SCAN: Variant = { name: "scan", algorithm: "scan" };

const workloads: readonly (readonly [
  folder: string,
  name: string,
  bar: number,
  variants?: readonly Variant[],
])[] = [
  ["misc", LADDER_CASE, 2000, [FIRST, SCAN]],
  ["misc", "SchedulingBasic/5000Nodes_50000Pods", 2000, [FIRST]],
  ["affinity", "SchedulingNodeAffinity/5000Nodes_10000Pods", 1000],
  ["default_preemption", "Unschedulable/5kNodes/100Init/10kPods", 1000],
  ["topology_spreading", "TopologySpreading/5000Nodes_5000Pods", 1000],
  ["topology_spreading", "PreferredTopologySpreading/5000Nodes_5000Pods", 1000],
  ["topology_spreading", "DefaultTopologySpreading/5000Nodes_10000Pods", 1000],
  ["topology_spreading", "DefaultTopologySpreading/5000Nodes_50000Pods", 1000],
  ["affinity", "SchedulingPodAffinity/5000Nodes_5000Pods", 1000],
  ["affinity", "SchedulingPodAntiAffinity/5000Nodes_2000Pods", 1000],
  ["affinity", "SchedulingPodMatchingAntiAffinity/5000Nodes_5000Pods", 1000],
  ["affinity", "SchedulingPreferredPodAffinity/5000Nodes_5000Pods", 1000],
  ["affinity", "SchedulingPreferredPodAntiAffinity/5000Nodes_5000Pods", 1000],
  ["affinity", "MixedSchedulingBasePod/5000Nodes_5000Pods", 1000],
  ["misc", "SchedulingWithMixedChurn/5000Nodes_10000Pods", 1000],
  ["default_preemption", "PreemptionBasic/1000Nodes", 1000],
  ["misc", "SchedulingDeletedPodsWithFinalizers/5000Node_5000DeletingPods", 1000],
  ["misc", "SchedulingDaemonset/15000Nodes", 500],
];

const SIZE = { nodes: 5000, pods: 10_000 };

/** Everything that is compared; scheduler_perf's workloads come from a folder with its files. */
export function compareCases(perfFolder: string): CompareCase[] {
  const upstream = workloads.map(([folder, name, bar, variants = []]): CompareCase => {
    const file = join(perfFolder, folder, "performance-config.yaml");
    return { name, bar, variants, operations: () => perfScript(file, name) };
  });
  const made: CompareCase[] = [
    {
      name: "Every pod different",
      bar: 100,
      variants: [FIRST, SCAN],
      operations: () => everyPodDifferent(SIZE),
    },
    {
      name: KINDS_CASE,
      bar: undefined,
      variants: [FIRST],
      operations: () => manyKinds({ ...SIZE, pods: 20_000 }, 10_000),
    },
    {
      name: BATCHING_CASE,
      bar: 100,
      ourGates: { OpportunisticBatching: false },
      variants: [],
      operations: () => equalPodsInBatches(SIZE),
    },
  ];
  return existsSync(perfFolder) ? [...upstream, ...made] : made;
}

/** Where scheduler_perf's files are looked for when no folder is named. */
export function defaultPerfFolder(): string {
  return fileURLToPath(new URL("../../../shared/upstream/scheduler_perf", import.meta.url));
}

/**
 * Cases whose name contains any of the parts, whatever the letters' case; all of them where no part is named.
 * @throws UserError when there is none
 */
export function selectCases(cases: readonly CompareCase[], parts: readonly string[]): CompareCase[] {
  const wanted = parts.length === 0 ? [""] : parts.map((part) => part.toLowerCase());
  const selected = cases.filter(({ name }) => wanted.some((part) => name.toLowerCase().includes(part)));
  if (selected.length > 0) return selected;
  const known = cases.map(({ name }) => name).join(", ");
  throw new UserError([{ where: "--case", what: `unknown case: ${parts.join(", ")}; there are ${known}` }]);
}
