import { assert } from "../base/assert.ts";
import { InvariantViolation } from "../base/errors.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { FiltersInThought } from "../scheduler/filters-in-thought.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { preFilter } from "../scheduler/pre-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import { ExplainedCluster } from "./explain-cluster.ts";
import { applyChanges, type Change } from "./smallest-change-apply.ts";

/** What one plugin has against one node. */
export interface Fault {
  readonly plugin: string;
  readonly reasons: readonly string[];
  /** Whether pods that leave may take it away. */
  readonly resolvable: boolean;
}

/** A cluster in which changes are tried, one after another. */
export class Trials {
  readonly objects: KubernetesObjects;
  readonly pod: string;
  readonly profile: Profile;
  readonly world: ExplainedCluster;
  #byName: ReadonlyMap<string, PodObject> | undefined;

  constructor(objects: KubernetesObjects, pod: string, profile: Profile) {
    this.objects = objects;
    this.pod = pod;
    this.profile = profile;
    this.world = new ExplainedCluster(objects);
  }

  /** The pod of this name as it is without any change. */
  podNamed(name: string): PodObject {
    this.#byName ??= new Map(this.objects.pods.map((pod) => [qualifiedName(pod), pod]));
    const pod = this.#byName.get(name);
    assert(pod !== undefined, `no pod ${name} among the objects`);
    return pod;
  }

  /** The cycle of the pod with these changes made. */
  after(changes: readonly Change[]): Cycle {
    this.world.moveTo(applyChanges(this.objects, changes));
    return this.world.cycleOf(this.pod);
  }

  /** Whether the node takes the pod with these changes made. */
  passes(node: number, changes: readonly Change[]): boolean {
    const cycle = this.after(changes);
    const candidates = preFilter(this.profile, cycle);
    if (candidates.rejected !== undefined) return false;
    if (candidates.nodes !== undefined && !candidates.nodes.includes(node)) return false;
    const { cluster, nominations } = this.world;
    const thought = new FiltersInThought(cluster, this.profile, nominations, cycle);
    return failing(() => thought.rejection(node)) === undefined;
  }

  /** What each plugin has against each node as things are, in profile order. */
  faults(): (node: number) => Fault[] {
    const cycle = this.after([]);
    const plugins = new Set(this.profile.plugins.map(({ plugin }) => plugin.name));
    const judges = [...plugins].map((name) => this.#faultOf(cycle, name));
    const { cluster, nominations } = this.world;
    const thought = new FiltersInThought(cluster, this.profile, nominations, cycle);
    return (node) => {
      const own = judges.flatMap((judge) => judge(node) ?? []);
      if (own.length > 0) return own;
      // Pods nominated to the node are in the way.
      const rejection = failing(() => thought.rejection(node));
      if (rejection === undefined || rejection instanceof InvariantViolation) return [];
      const { status, plugin = "" } = rejection;
      return [{ plugin, reasons: status.reasons, resolvable: status.code === "Unschedulable" }];
    };
  }

  /** Whether the plugin of this name has nothing against the node with these changes made. */
  resolves(plugin: string, node: number, changes: readonly Change[]): boolean {
    return this.#faultOf(this.after(changes), plugin)(node) === undefined;
  }

  /** A plugin may stand in a profile twice, with its PreFilter and with the rest. */
  #faultOf(cycle: Cycle, name: string): (node: number) => Fault | undefined {
    const judges = this.profile.plugins
      .filter(({ plugin }) => plugin.name === name)
      .map(({ plugin }): ((node: number) => Fault | undefined) => {
        const early = plugin.preFilter?.(cycle);
        if (early !== undefined && "rejected" in early) {
          const { code, reasons } = early.rejected;
          return () => ({ plugin: name, reasons, resolvable: code === "Unschedulable" });
        }
        const named = early && new Set(early.names);
        const judge = plugin.judge?.(cycle);
        return (node) => {
          if (named && !named.has(cycle.nodes.name(node))) {
            return { plugin: name, reasons: [`node(s) didn't satisfy plugin ${name}`], resolvable: false };
          }
          const status = failing(() => judge?.(node));
          if (status instanceof InvariantViolation) {
            return { plugin: name, reasons: [status.message], resolvable: false };
          }
          return (
            status && { plugin: name, reasons: status.reasons, resolvable: status.code === "Unschedulable" }
          );
        };
      });
    return (node) => {
      for (const judge of judges) {
        const fault = judge(node);
        if (fault !== undefined) return fault;
      }
      return undefined;
    };
  }
}

/** What a plugin says, or the error with which it fails the cycle. */
function failing<T>(ask: () => T): T | InvariantViolation {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return error;
  }
}

/** One node and one fault for which remedies are looked for. */
export interface Complaint {
  readonly trials: Trials;
  readonly fault: Fault;
  readonly node: NodeObject;
  readonly row: number;
  readonly pod: PodObject;
}

/** Whether these changes take away what is complained about. */
export function resolves({ trials, fault, row }: Complaint, changes: readonly Change[]): boolean {
  return trials.resolves(fault.plugin, row, changes);
}

/**
 * The fewest of these changes that help: every single one that does alone, or as few as possible of all of them. Changes
 * that take array members away are given the last one first, so that places do not move.
 */
export function fewest(complaint: Complaint, changes: readonly Change[]): Change[][] {
  const alone = changes.filter((change) => resolves(complaint, [change]));
  if (alone.length > 0) return alone.map((change) => [change]);
  if (changes.length < 2 || !resolves(complaint, changes)) return [];
  let needed = [...changes];
  for (const change of changes) {
    const without = needed.filter((other) => other !== change);
    if (resolves(complaint, without)) needed = without;
  }
  return [needed];
}
