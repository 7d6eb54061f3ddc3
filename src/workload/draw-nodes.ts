import { randomKey, uniform } from "../base/random.ts";
import type { NodeSpec } from "../cluster/specs.ts";
import type { NodeTimes } from "./scenario.ts";
import type { GeneratedWorkload, NodeEventSpec, NodePoolSpec } from "./spec.ts";

const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Every node that ever exists, and when it joins, is cordoned, uncordoned and lost. */
export function drawNodes(
  spec: GeneratedWorkload,
  seed: number,
): { readonly nodes: readonly NodeSpec[]; readonly nodeTimes: NodeTimes } {
  const nodes: NodeSpec[] = [];
  const pools: number[] = [];
  const joinUs: number[] = [];
  const sizes = spec.nodePools.map(() => 0);
  const add = (pool: number, count: number, atUs: number) => {
    for (let i = 0; i < count; i++) {
      nodes.push(makeNode(spec.nodePools[pool], sizes[pool]++));
      pools.push(pool);
      joinUs.push(atUs);
    }
  };
  for (const [pool, { count }] of spec.nodePools.entries()) add(pool, count, 0);
  const events = [...spec.events].sort((a, b) => a.atUs - b.atUs || a.index - b.index);
  for (const event of events) {
    if (event.action === "join") add(event.pool, nodesOf(event, spec), event.atUs);
  }
  const never = () => new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
  const times: NodeTimes = {
    joinUs: Float64Array.from(joinUs),
    cordonUs: never(),
    uncordonUs: never(),
    lostUs: never(),
  };
  for (const event of events) {
    if (event.action !== "join") apply(event, nodesOf(event, spec), pools, times, seed);
  }
  return { nodes, nodeTimes: times };
}

/** A share is of the pool's size at the start, rounded up. */
function nodesOf(event: NodeEventSpec, spec: GeneratedWorkload): number {
  return event.count ?? Math.ceil((event.share ?? 0) * spec.nodePools[event.pool].count);
}

/** Takes the nodes with the smallest draws among those to which it can still happen; fewer when there are not enough. */
function apply(
  event: NodeEventSpec,
  wanted: number,
  pools: readonly number[],
  times: NodeTimes,
  seed: number,
): void {
  const key = randomKey(seed, `node event ${event.index}`);
  const eligible = pools.flatMap((pool, node) => {
    if (pool !== event.pool || times.joinUs[node] > event.atUs || times.lostUs[node] <= event.atUs) return [];
    const cordoned = times.cordonUs[node] <= event.atUs;
    // A node is cordoned at most once: the scenario has one time for it.
    if (event.action === "cordon" && cordoned) return [];
    if (event.action === "uncordon" && (!cordoned || times.uncordonUs[node] <= event.atUs)) return [];
    return [{ node, draw: uniform(key, node) }];
  });
  eligible.sort((a, b) => a.draw - b.draw || a.node - b.node);
  const column = {
    cordon: times.cordonUs,
    uncordon: times.uncordonUs,
    lose: times.lostUs,
    join: times.joinUs,
  };
  for (const { node } of eligible.slice(0, wanted)) column[event.action][node] = event.atUs;
}

function makeNode(pool: NodePoolSpec, index: number): NodeSpec {
  const name = `${pool.name}-${String(index).padStart(5, "0")}`;
  const zone = pool.zones.length === 0 ? {} : { [ZONE_LABEL]: pool.zones[index % pool.zones.length] };
  return {
    object: {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { ...pool.labels, ...zone, "kubernetes.io/hostname": name } },
      ...(pool.taints.length === 0 ? {} : { spec: { taints: pool.taints } }),
      status: { allocatable: pool.allocatable, capacity: pool.allocatable },
    },
    ...(pool.devices === undefined ? {} : { devices: pool.devices }),
  };
}
