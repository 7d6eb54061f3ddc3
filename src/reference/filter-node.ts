import type { PodTemplate } from "../cluster/specs.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { nodeNamed, withPod } from "./reference-cluster.ts";
import { type PlacedPod, type ReferenceCluster, specOf } from "./reference-plugin.ts";
import type { UsedPlugin, UsedPlugins } from "./reference-plugins.ts";
import type { PluginStatus, Verdict } from "./reference-record.ts";

/** What filters are asked with: the plugins that did not skip, the pod, and the pods that are nominated to nodes. */
export interface Filtering {
  readonly filters: readonly UsedPlugin[];
  readonly pod: PodTemplate;
  readonly nominated: readonly PlacedPod[];
}

/**
 * The verdict on one node (upstream: RunFilterPluginsWithNominatedPods). Pods nominated to it that are no less important
 * must fit as well; and as they may never come, the pod must fit without them too.
 *
 * @throws CycleFailure with what upstream writes before a plugin's error
 */
export function filterNode(
  filtering: Filtering,
  name: string,
  cluster: ReferenceCluster,
): PluginStatus | undefined {
  const { pod, nominated } = filtering;
  const weighing = nominated.filter(
    (other) => other.node === name && other.pod !== pod && priorityOf(other.pod) >= priorityOf(pod),
  );
  if (weighing.length > 0) {
    const status = firstRejection(filtering, name, weighing.reduce(withPod, cluster));
    if (status !== undefined) return status;
  }
  return firstRejection(filtering, name, cluster);
}

function firstRejection(
  { filters, pod }: Filtering,
  nodeName: string,
  cluster: ReferenceCluster,
): PluginStatus | undefined {
  const node = nodeNamed(cluster, nodeName)!;
  for (const { name, plugin } of filters) {
    const status = failingAs(name, `running "${name}" filter plugin`, () =>
      plugin.filter?.(pod, node, cluster),
    );
    if (status !== undefined) return { ...status, plugin: name };
  }
  return undefined;
}

/** Each plugin alone, after its own PreFilter, on every node. */
export function verdictsPerPlugin(
  { filter }: UsedPlugins,
  pod: PodTemplate,
  cluster: ReferenceCluster,
): Record<string, Record<string, Verdict>> {
  const verdicts: Record<string, Record<string, Verdict>> = {};
  for (const { name, plugin } of filter) {
    const rejected: Record<string, Verdict> = {};
    for (const node of cluster.nodes) {
      const status = verdictOf(() => plugin.filter?.(pod, node, cluster));
      if (status !== undefined) rejected[node.name] = status;
    }
    verdicts[name] = rejected;
  }
  return verdicts;
}

function verdictOf(judge: () => Verdict | undefined): Verdict | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof CycleFailure) return { code: "Error", reasons: [error.message] };
    throw error;
  }
}

/** Runs a plugin; its failure gets the words that the framework puts before it. */
export function failingAs<T>(plugin: string, words: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CycleFailure) throw new CycleFailure(`${words}: ${error.message}`, plugin);
    throw error;
  }
}

export function priorityOf(pod: PodTemplate): number {
  return specOf(pod).priority ?? 0;
}
