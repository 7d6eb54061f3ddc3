import { InvariantViolation } from "../../base/errors.ts";
import { CPU, EPHEMERAL_STORAGE, MEMORY } from "../../cluster/node-columns.ts";
import type { PodKind, ResourceAmounts } from "../../cluster/pod-kind.ts";
import type { Cycle, Score } from "../../scheduler/plugin.ts";
import { deviceBackedResources, deviceClassesOf } from "../dynamic-resources/device-classes.ts";
import { devicesOfClass } from "../dynamic-resources/devices-of-class.ts";
import { allocatableInFull, int64, takenInFull } from "./amounts-in-full.ts";

const MAX_NODE_SCORE = 100n;

/** One resource of one node, in int64. */
export interface AmountsInFull {
  /** Never 0. */
  readonly allocatable: bigint;
  /** With the pod. */
  readonly requested: bigint;
  /** Of the pod. */
  readonly request: bigint;
}

/** Whose requests count: `real` ones, or for cpu and memory with defaults for containers that ask for nothing. */
export type Counted = "real" | "withDefaults";

/**
 * The scores of a cycle, where doubles are not enough or devices have to be counted: those nodes are scored one by one in
 * int64, as upstream does it, with what its overflow leads to. Everything else is left to `fast`.
 * @throws InvariantViolation, from the score, with upstream's text for the first score outside of 0..100
 */
export function scoredInFull(
  plugin: string,
  cycle: Cycle,
  resources: readonly string[],
  fast: Score,
  scoreOn: (node: number) => bigint,
): Score {
  const { huge, hugeNodes } = cycle.nodes;
  const all = cycle.pod.huge || asksForDevices(cycle, resources);
  if (!all && hugeNodes === 0) return fast;
  return (feasible, scores) => {
    if (!all) fast(feasible, scores);
    for (let i = 0; i < feasible.length; i++) {
      const node = feasible.rows[i];
      if (!all && huge[node] === 0) continue;
      const score = scoreOn(node);
      if (score < 0n || score > MAX_NODE_SCORE) {
        throw new InvariantViolation(
          `plugin "${plugin}" returns an invalid score ${score}, it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`,
        );
      }
      scores[i] = Number(score);
    }
  };
}

/**
 * What counts of a resource on a node; undefined: it is left out, with its weight. An extended resource that the node does not
 * offer is counted in devices of the class that backs it (upstream: noderesources/resource_allocation.go).
 */
export function amountsInFull(
  cycle: Cycle,
  name: string,
  node: number,
  counted: Counted,
): AmountsInFull | undefined {
  const { nodes, pod } = cycle;
  const resource = nodes.resources.find(name);
  if (resource === undefined) return undefined;
  const request = (counted === "real" ? pod.requests : pod.scoring).exactly(resource);
  if (resource > EPHEMERAL_STORAGE && request === 0n) return undefined;
  const allocatable = allocatableInFull(nodes, resource, node);
  if (allocatable !== 0n) {
    const amountsOf =
      counted === "withDefaults" && (resource === CPU || resource === MEMORY) ? withDefaults : real;
    return {
      allocatable,
      requested: int64(takenInFull(cycle, resource, node, amountsOf) + request),
      request,
    };
  }
  const deviceClass = backedBy(cycle, name);
  if (deviceClass === undefined) return undefined;
  const devices = devicesOfClass(cycle, deviceClass, node);
  if (devices.all === 0) return undefined;
  return { allocatable: BigInt(devices.all), requested: int64(BigInt(devices.taken) + request), request };
}

const real = ({ requests }: PodKind): ResourceAmounts => requests;
const withDefaults = ({ nonZero }: PodKind): ResourceAmounts => nonZero;

function asksForDevices(cycle: Cycle, resources: readonly string[]): boolean {
  return deviceBackedResources(cycle.pod).some(
    (name) => resources.includes(name) && backedBy(cycle, name) !== undefined,
  );
}

function backedBy({ cluster }: Cycle, name: string): string | undefined {
  return deviceClassesOf(cluster.objects).byResource.get(name);
}
