import { assert } from "../base/assert.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Status } from "../scheduler/status.ts";
import { unresolvable } from "../scheduler/status.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { failingAs } from "./filter-node.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import type { UsedPlugin } from "./reference-plugins.ts";
import type { PluginStatus } from "./reference-record.ts";

/** What PreFilter says: the names worth a look (undefined: all), or a rejection. */
export interface PreFiltered {
  readonly names: readonly string[] | undefined;
  /** Of a plugin, or of several together. */
  readonly rejected: Status | PluginStatus | undefined;
  /** Plugins that gave names, or that rejected. */
  readonly rejectors: readonly string[];
  readonly skipped: readonly string[];
  /** Plugins that were asked at all. */
  readonly asked: readonly string[];
}

/** PreFilter in profile order (upstream: RunPreFilterPlugins). */
export function runPreFilter(
  plugins: readonly UsedPlugin[],
  pod: PodTemplate,
  cluster: ReferenceCluster,
): PreFiltered {
  let names: readonly string[] | undefined;
  let rejected: PluginStatus | undefined;
  let lastRejector: string[] = [];
  const withNodes: string[] = [];
  const skipped: string[] = [];
  const asked: string[] = [];
  for (const { name, plugin } of plugins) {
    asked.push(name);
    const result = failingAs(name, `running PreFilter plugin "${name}"`, () =>
      plugin.preFilter?.(pod, cluster),
    );
    if (result === undefined) continue;
    if (result === "skip") {
      skipped.push(name);
    } else if ("rejected" in result) {
      if (result.rejected.code === "UnschedulableAndUnresolvable") {
        return {
          names: undefined,
          rejected: { ...result.rejected, plugin: name },
          rejectors: [name],
          skipped,
          asked,
        };
      }
      rejected = { ...result.rejected, plugin: name };
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
        return { names: undefined, rejected: status, rejectors: withNodes, skipped, asked };
      }
    }
  }
  return { names, rejected, rejectors: [...withNodes, ...lastRejector], skipped, asked };
}

export interface Searched {
  readonly feasible: readonly ReferenceNode[];
  readonly rejected: ReadonlyMap<string, PluginStatus>;
  /** A plugin's error ended the search at this node. */
  readonly failed?: { readonly node: string; readonly failure: CycleFailure };
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
    let status: PluginStatus | undefined;
    try {
      status = judge(node);
    } catch (failure) {
      if (!(failure instanceof CycleFailure)) throw failure;
      return { feasible, rejected, failed: { node: node.name, failure } };
    }
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
