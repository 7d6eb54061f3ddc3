import type { Cycle } from "./plugin.ts";
import type { Profile } from "./profile.ts";
import { type Status, unresolvable } from "./status.ts";

/** What PreFilter leaves: candidates (undefined: every node), or a rejection; and the plugins that had a say, as bits. */
export interface CandidateSet {
  readonly nodes: Uint32Array | undefined;
  readonly rejected: Status | undefined;
  readonly rejectors: number;
  /** The place of the last plugin that was asked: a rejection may have ended it early. */
  readonly lastAsked: number;
}

/**
 * Runs PreFilter in profile order, with upstream's rules (pkg/scheduler/framework/runtime/framework.go): node sets are
 * intersected, an unresolvable rejection or an empty intersection ends it, a resolvable one is kept until the end.
 */
export function preFilter(profile: Profile, cycle: Cycle): CandidateSet {
  let names: Set<string> | undefined;
  let contributors = 0;
  let rejected: Status | undefined;
  let lastRejector = 0;
  for (let p = 0; p < profile.plugins.length; p++) {
    const result = profile.plugins[p].plugin.preFilter?.(cycle);
    if (result === undefined) continue;
    if ("rejected" in result) {
      if (result.rejected.code === "UnschedulableAndUnresolvable") {
        return { nodes: undefined, rejected: result.rejected, rejectors: 1 << p, lastAsked: p };
      }
      rejected = result.rejected;
      lastRejector = 1 << p;
      continue;
    }
    const known: Set<string> | undefined = names;
    names = new Set(known === undefined ? result.names : result.names.filter((name) => known.has(name)));
    contributors |= 1 << p;
    if (names.size === 0) {
      return {
        nodes: undefined,
        rejected: emptySet(profile, contributors),
        rejectors: contributors,
        lastAsked: p,
      };
    }
  }
  const lastAsked = profile.plugins.length - 1;
  if (rejected !== undefined)
    return { nodes: undefined, rejected, rejectors: contributors | lastRejector, lastAsked };
  if (names === undefined) return everyCandidate(profile);
  const { positions } = cycle.nodes;
  const present = [...names].map((name) => cycle.nodes.rowOf(name) ?? -1).filter((row) => row !== -1);
  present.sort((a, b) => positions[a] - positions[b]);
  return { nodes: Uint32Array.from(present), rejected: undefined, rejectors: contributors, lastAsked };
}

/** What PreFilter leaves when no plugin has a say. */
export function everyCandidate({ plugins }: Profile): CandidateSet {
  return { nodes: undefined, rejected: undefined, rejectors: 0, lastAsked: plugins.length - 1 };
}

/**
 * The verdict on the nodes outside the set to which PreFilter reduced the search.
 * @param triedFirst the plugin that rejected the node that was tried before all others: upstream names it as well
 */
export function absentStatus(profile: Profile, { rejectors }: CandidateSet, triedFirst?: string): Status {
  const names = new Set(namesOf(profile, rejectors));
  if (triedFirst !== undefined) names.add(triedFirst);
  return unresolvable(`node(s) didn't satisfy plugin(s) [${[...names].sort().join(" ")}]`);
}

function emptySet(profile: Profile, contributors: number): Status {
  const names = namesOf(profile, contributors);
  return unresolvable(
    names.length > 1
      ? `node(s) didn't satisfy plugin(s) [${names.join(" ")}] simultaneously`
      : `node(s) didn't satisfy plugin ${names[0]}`,
  );
}

function namesOf({ plugins }: Profile, bits: number): string[] {
  return plugins
    .filter((_, p) => (bits >> p) & 1)
    .map(({ plugin }) => plugin.name)
    .sort();
}
