import { assert } from "../base/assert.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Status } from "../scheduler/status.ts";
import { unresolvable } from "../scheduler/status.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import type { UsedPlugin } from "./reference-plugins.ts";
import type { PluginStatus } from "./reference-record.ts";

/** What PreFilter says: the names worth a look (undefined: all), or a rejection. */
export interface PreFiltered {
  readonly names: readonly string[] | undefined;
  readonly rejected: Status | undefined;
  /** Plugins that gave names, or that rejected. */
  readonly rejectors: readonly string[];
  readonly skipped: readonly string[];
}

/** PreFilter in profile order (upstream: RunPreFilterPlugins). */
export function runPreFilter(
  plugins: readonly UsedPlugin[],
  pod: PodTemplate,
  cluster: ReferenceCluster,
): PreFiltered {
  let names: readonly string[] | undefined;
  let rejected: Status | undefined;
  let lastRejector: string[] = [];
  const withNodes: string[] = [];
  const skipped: string[] = [];
  for (const { name, plugin } of plugins) {
    const result = plugin.preFilter?.(pod, cluster);
    if (result === undefined) continue;
    if (result === "skip") {
      skipped.push(name);
    } else if ("rejected" in result) {
      if (result.rejected.code === "UnschedulableAndUnresolvable") {
        return { names: undefined, rejected: result.rejected, rejectors: [name], skipped };
      }
      rejected = result.rejected;
      lastRejector = [name];
    } else {
      const before = names;
      names = before === undefined ? result.names : before.filter((known) => result.names.includes(known));
      withNodes.push(name);
      if (names.length === 0) {
        const status = unresolvable(
          withNodes.length > 1
            ? `node(s) didn't satisfy plugin(s) [${[...withNodes].sort().join(" ")}] simultaneously`
            : `node(s) didn't satisfy plugin ${withNodes[0]}`,
        );
        return { names: undefined, rejected: status, rejectors: withNodes, skipped };
      }
    }
  }
  return { names, rejected, rejectors: [...withNodes, ...lastRejector], skipped };
}

export interface Searched {
  readonly feasible: readonly ReferenceNode[];
  readonly rejected: ReadonlyMap<string, PluginStatus>;
}

/** Looks at candidates from `start` on, until one more than `wanted` is feasible; that one is not counted. */
export function search(
  candidates: readonly ReferenceNode[],
  start: number,
  wanted: number,
  judge: (node: ReferenceNode) => PluginStatus | undefined,
): Searched {
  assert(wanted >= 1 || candidates.length === 0, "a search for no node");
  const feasible: ReferenceNode[] = [];
  const rejected = new Map<string, PluginStatus>();
  for (let i = 0; i < candidates.length; i++) {
    const node = candidates[(start + i) % candidates.length];
    const status = judge(node);
    if (status !== undefined) rejected.set(node.name, status);
    else if (feasible.length === wanted) break;
    else feasible.push(node);
  }
  return { feasible, rejected };
}

/** Upstream's numFeasibleNodesToFind, in int64. */
export function nodesToFind(percentage: number, candidates: number): number {
  const n = BigInt(candidates);
  if (n < 100n) return candidates;
  let share = BigInt(percentage);
  if (share === 0n) {
    share = 50n - n / 125n;
    if (share < 5n) share = 5n;
  }
  const wanted = (n * share) / 100n;
  return Number(wanted < 100n ? 100n : wanted);
}
