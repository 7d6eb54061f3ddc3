import { compileLabelSelector } from "../kubernetes/label-selector.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import { labelsOf } from "../kubernetes/object-meta.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { Change } from "./smallest-change-apply.ts";
import type { Trials } from "./smallest-change-trial.ts";

/** Single evictions that are tried on a node before sets of them. */
const MOST_SINGLE = 24;
/** Pods of other nodes may be in the way as well (a topology domain); they are asked only in clusters as small as this. */
const MOST_ELSEWHERE = 100;

/**
 * The eviction after which the node takes the pod, or a set of at most `most` of which none is spared; empty when no pods that
 * leave would help. Pods that no budget protects go first, and the least important among them.
 */
export function evictionsFor(trials: Trials, node: number, most: number): Change[] {
  const { world } = trials;
  trials.after([]);
  const { cluster } = world;
  const podsOn = (row: number) => cluster.podsOn(row).map((pod) => trials.podNamed(world.nameOf(pod)));
  const here = podsOn(node);
  const isSmall = cluster.placedPods <= MOST_ELSEWHERE;
  const placed = isSmall ? Array.from(cluster.nodes.order, podsOn).flat() : [];
  const pools = isSmall ? [here, placed] : [here];
  for (const pool of pools) {
    const evictions = pool.map((pod) => eviction(trials, pod)).sort(cheapestFirst);
    if (evictions.length === 0 || !trials.passes(node, evictions)) continue;
    for (const single of evictions.slice(0, MOST_SINGLE)) if (trials.passes(node, [single])) return [single];
    let needed = evictions;
    for (const candidate of [...evictions].reverse()) {
      const without = needed.filter((other) => other !== candidate);
      if (trials.passes(node, without)) needed = without;
    }
    return needed.length <= most ? needed : [];
  }
  return [];
}

/** `share` is 1, more by the pod's importance, and more by far when a budget does not allow it. */
function eviction(trials: Trials, pod: PodObject): Change {
  const name = qualifiedName(pod);
  const budgets = budgetsAgainst(trials, pod);
  const priority = pod.spec?.priority ?? 0;
  const own = trials.podNamed(trials.pod).spec?.priority ?? 0;
  const said =
    budgets.length === 0
      ? ""
      : `, which ${budgets.length === 1 ? "the budget" : "the budgets"} ${budgets.join(", ")} ${budgets.length === 1 ? "does" : "do"} not allow`;
  return {
    kind: "evict",
    subject: `pod ${name}`,
    field: "nodeName",
    from: pod.spec?.nodeName ?? null,
    to: null,
    words: `evict pod ${name} (priority ${priority}) from node ${pod.spec?.nodeName ?? ""}${said}`,
    share: 2 + (priority > own ? 1 : 0) + (budgets.length > 0 ? 2 : 0),
    ...(budgets.length > 0 && { budgets }),
  };
}

function cheapestFirst(a: Change, b: Change): number {
  return a.share - b.share || (a.subject < b.subject ? -1 : 1);
}

/** Budgets of the pod that allow no disruption now, as `namespace/name`. */
function budgetsAgainst({ objects }: Trials, pod: PodObject): string[] {
  const namespace = pod.metadata?.namespace || "default";
  return objects.podDisruptionBudgets.flatMap(({ metadata = {}, spec, status }) => {
    if ((metadata.namespace || "default") !== namespace || (status?.disruptionsAllowed ?? 0) > 0) return [];
    const selector = compileLabelSelector(spec?.selector);
    return selector.matches(labelsOf(pod)) ? [`${namespace}/${metadata.name}`] : [];
  });
}
