import { UserError } from "../base/errors.ts";
import type { Extender } from "./extender.ts";
import type { Plugin } from "./plugin.ts";

/**
 * How equal best totals are told apart: `upstream` takes the root of the binary heap that kube-scheduler builds over the
 * feasible nodes, `first` the first of the best in node order, `random` any of them, drawn from the seed and the pod.
 */
export type TieBreak = "upstream" | "first" | "random";

export const TIE_BREAKS: readonly TieBreak[] = ["upstream", "first", "random"];

/** What papers call a policy: an ordered set of plugins, their weights, and how many nodes are looked at. */
export interface Profile {
  readonly name: string;
  /** One line for `stowage list policies` and the report. */
  readonly description: string;
  readonly plugins: readonly ProfilePlugin[];
  /** Share of the nodes to find feasible before scoring, in percent; 0: upstream's adaptive share. */
  readonly percentageOfNodesToScore: number;
  readonly tieBreak: TieBreak;
  /** Programs outside that are asked after the plugins, in this order. */
  readonly extenders?: readonly Extender[];
  /** The plugins at points whose order is not that of `plugins`, by name; absent: in the order of `plugins`. */
  readonly order?: { readonly preFilter: readonly string[]; readonly postFilter: readonly string[] };
  /** Whether equal pods in a row reuse results (upstream: the gate OpportunisticBatching); they do when absent. */
  readonly batching?: boolean;
}

export interface ProfilePlugin {
  readonly plugin: Plugin;
  /** Weight of the plugin's score; 1 when absent. */
  readonly weight?: number;
}

/** A profile from its parts, checked: `percentageOfNodesToScore` defaults to 0 and `tieBreak` to `upstream`. */
export function defineProfile(profile: Pick<Profile, "name" | "plugins"> & Partial<Profile>): Profile {
  const problems: string[] = [];
  const names = new Set<string>();
  for (const { plugin, weight } of profile.plugins) {
    if (names.has(plugin.name)) problems.push(`plugin ${plugin.name} twice; keep one`);
    names.add(plugin.name);
    if (weight !== undefined && !(Number.isInteger(weight) && weight >= 1)) {
      problems.push(`invalid weight of ${plugin.name}: ${weight}; write a whole number from 1`);
    }
  }
  const percentage = profile.percentageOfNodesToScore ?? 0;
  if (!(Number.isInteger(percentage) && percentage >= 0 && percentage <= 100)) {
    problems.push(`invalid percentageOfNodesToScore: ${percentage}; write a whole number from 0 to 100`);
  }
  if (profile.plugins.filter(({ plugin }) => plugin.takeDevices !== undefined).length > 1) {
    problems.push("several plugins choose devices (takeDevices); keep one");
  }
  if (problems.length > 0) {
    throw new UserError(problems.map((what) => ({ where: `profile ${profile.name}`, what })));
  }
  return { description: "", percentageOfNodesToScore: 0, tieBreak: "upstream", ...profile };
}
