import { isDeepStrictEqual } from "node:util";
import { InvariantViolation } from "../base/errors.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { NodeSpec } from "../cluster/specs.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { Nominations } from "../scheduler/nominations.ts";
import { checkIndex } from "../scheduler/placement-index/check-index.ts";
import type { KindIndex } from "../scheduler/placement-index/kind-index.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import type { Profile, TieBreak } from "../scheduler/profile.ts";
import { SchedulingCycle, type SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import { withName } from "./arbitrary-node.ts";
import { nodeName } from "./arbitrary-parts.ts";
import type { PressedHistory, PressedStep } from "./arbitrary-pressed-history.ts";
import { forcedSample } from "./forced-sample.ts";

/** How two schedulers are to play one history. */
export interface TwinRules {
  readonly history: PressedHistory;
  /** Name of a profile, and a tie rule in the place of its own. */
  readonly policy: string;
  readonly tieBreak: TieBreak;
  readonly seed: number;
  /** Feasible nodes that every search looks for; the profile's own rule when absent. */
  readonly sample?: number | undefined;
  /** The other scheduler is asked in every so many-th attempt only; in each when absent. */
  readonly rhythm?: number | undefined;
  /** Its index is asked also where that does not pay. */
  readonly atAnyCost?: boolean | undefined;
  /** Memory of its index. */
  readonly bytesAtMost?: number | undefined;
  /** Its index is made anew and compared after every decision. */
  readonly check?: boolean | undefined;
}

/** A pod that no node took yet. */
interface Waiting {
  readonly row: number;
  readonly kind: PodKind;
  attempts: number;
}

type Change = Exclude<
  PressedStep,
  { readonly kind: "schedule" | "retry" | "evict" | "nominate" | "withdraw" }
>;

/**
 * One cluster under two schedulers that should decide alike: `SchedulingCycle` that scans, and another one. Pods are placed where
 * they say; victims of preemption leave when the history says, and who preempted is nominated meanwhile.
 */
export class TwinCycles {
  readonly cluster = new Cluster();
  readonly #nominations = new Nominations();
  readonly #profile: Profile;
  readonly #rhythm: number;
  readonly #fast: SchedulingCycle;
  readonly #scan: SchedulingCycle;
  readonly #specs: NodeSpec[] = [];
  readonly #live: number[] = [];
  readonly #waiting: Waiting[] = [];
  /** Victims that have not left yet. */
  readonly #leaving: number[] = [];
  #pods = 0;
  #attempts = 0;
  #difference: string | undefined;
  /** Attempts that found a node, preemptions, and attempts while some pod was expected somewhere. */
  readonly seen = { placed: 0, preempted: 0, besideNominated: 0 };

  /**
   * @param profileOf the profile of a policy
   * @param makeFast the other scheduler; one with an index when absent
   */
  constructor(
    {
      policy,
      tieBreak,
      seed,
      sample,
      rhythm = 1,
      atAnyCost,
      bytesAtMost,
      check = false,
    }: Omit<TwinRules, "history">,
    profileOf: (policy: string) => Profile,
    makeFast = (options: SchedulingCycleOptions) => new SchedulingCycle(options),
  ) {
    const profile = { ...profileOf(policy), tieBreak };
    const options: SchedulingCycleOptions = {
      cluster: this.cluster,
      nominations: this.#nominations,
      profile,
      seed,
      ...(sample !== undefined && { numFeasibleNodesToFind: forcedSample(sample) }),
    };
    this.#profile = profile;
    this.#rhythm = rhythm;
    const world = { cluster: this.cluster, profile, nominations: this.#nominations };
    const checking = check ? (index: KindIndex, cycle: Cycle) => checkIndex(index, cycle, world) : undefined;
    this.#fast = makeFast({
      ...options,
      algorithm: "index",
      placementIndex: { bytesAtMost, atAnyCost, check: checking },
    });
    this.#scan = new SchedulingCycle({ ...options, algorithm: "scan" });
  }

  /** @returns the first difference, with the step at which it came; undefined when there is none */
  play({ nodes, templates, steps, objects }: PressedHistory): string | undefined {
    this.cluster.objects = { ...NO_OBJECTS, ...objects };
    for (const node of nodes) this.#add(node);
    for (const [place, step] of steps.entries()) {
      this.#take(step, templates);
      if (this.#difference !== undefined) return `step ${place} (${step.kind}): ${this.#difference}`;
    }
    return undefined;
  }

  #take(step: PressedStep, templates: PressedHistory["templates"]): void {
    const waiting = this.#waiting;
    switch (step.kind) {
      case "schedule":
        this.#attempt({
          row: this.#pods++,
          kind: this.cluster.kind(templates[step.template % templates.length]),
          attempts: step.attempt - 1,
        });
        break;
      case "retry":
        if (waiting.length > 0) this.#attempt(waiting.splice(step.pod % waiting.length, 1)[0]);
        break;
      case "evict":
        this.#evict(step.pod, step.all);
        break;
      case "withdraw":
        if (waiting.length > 0) this.#nominations.clear(waiting.splice(step.pod % waiting.length, 1)[0].row);
        break;
      case "nominate":
        this.#nominate(this.cluster.kind(templates[step.template % templates.length]), step.node);
        break;
      case "release":
      case "addNode":
      case "removeNode":
      case "updateNode":
      case "cordon":
        this.#change(step);
    }
  }

  #evict(pod: number, all: boolean): void {
    const leaving = this.#leaving;
    const gone = all ? [...leaving] : leaving.slice(pod % Math.max(1, leaving.length)).slice(0, 1);
    for (const row of gone) this.#release(this.#live.indexOf(row));
  }

  #nominate(kind: PodKind, place: number): void {
    const { order } = this.cluster.nodes;
    if (order.length === 0) return;
    const row = this.#pods++;
    this.#nominations.nominate(row, kind, order[place % order.length]);
    this.#waiting.push({ row, kind, attempts: 0 });
  }

  #add(spec: NodeSpec): void {
    this.#specs[this.cluster.addNode(spec)] = spec;
  }

  #release(place: number): void {
    const [pod] = this.#live.splice(place, 1);
    this.cluster.release(pod);
    const victim = this.#leaving.indexOf(pod);
    if (victim !== -1) this.#leaving.splice(victim, 1);
  }

  #change(step: Change): void {
    const { cluster } = this;
    const live = this.#live;
    if (step.kind === "addNode") this.#add(withName(step.spec, nodeName(this.#specs.length)));
    else if (step.kind === "release") {
      if (live.length > 0) this.#release(step.pod % live.length);
    } else if (cluster.nodes.order.length > 0) {
      const row = cluster.nodes.order[step.node % cluster.nodes.order.length];
      if (step.kind === "removeNode") {
        for (let place = live.length - 1; place >= 0; place--) {
          if (cluster.nodeOf(live[place]) === row) this.#release(place);
        }
        cluster.removeNode(row);
      } else {
        this.#update(row, step.kind === "updateNode" ? step.spec : undefined);
      }
    }
  }

  /** The node becomes another one of its name, or is cordoned and uncordoned. */
  #update(row: number, spec: NodeSpec | undefined): void {
    const { object, devices } = this.#specs[row];
    const other = spec ?? {
      object: { ...object, spec: { ...object.spec, unschedulable: !object.spec?.unschedulable } },
    };
    const { devices: _, ...named } = withName(other, object.metadata?.name ?? "");
    this.#specs[row] = { ...named, ...(devices && { devices }) };
    this.cluster.updateNode(row, this.#specs[row]);
  }

  #attempt(pod: Waiting): void {
    const { cluster } = this;
    const { row, kind } = pod;
    if (this.#profile.plugins.some(({ plugin }) => plugin.preEnqueue?.(kind, cluster.objects))) return;
    if (!this.#nominations.empty) this.seen.besideNominated++;
    pod.attempts++;
    const decided = decision(this.#scan, pod);
    const asked = this.#attempts++ % this.#rhythm === 0;
    if (!asked) this.#fast.nextStart = this.#scan.nextStart;
    else if (!this.#same(decision(this.#fast, pod), decided)) return;
    if (typeof decided === "string") return;
    if (decided.node === -1) {
      this.#preempt(pod, asked);
      return;
    }
    this.seen.placed++;
    this.#nominations.clear(row);
    cluster.assume(row, kind, decided.node, decided.devices);
    this.#live.push(row);
  }

  /** Victims leave later. */
  #preempt({ row, kind, attempts }: Waiting, asked: boolean): void {
    const nominations = this.#nominations;
    const advice = preemption(this.#scan);
    if (asked && !this.#same(preemption(this.#fast), advice)) return;
    this.#waiting.push({ row, kind, attempts });
    // Without PostFilter the failure clears the nomination; a result that says nothing of it leaves it.
    const node = advice === undefined ? -1 : advice.nominate;
    if (node === -1) nominations.clear(row);
    else if (node !== undefined) nominations.nominate(row, kind, node);
    for (const other of advice?.cleared ?? []) nominations.clear(other);
    const victims = (advice?.victims ?? []).filter((victim) => !this.#leaving.includes(victim));
    this.#leaving.push(...victims);
    if (victims.length > 0) this.seen.preempted++;
  }

  #same(fast: unknown, scan: unknown): boolean {
    if (isDeepStrictEqual(fast, scan)) return true;
    this.#difference = `got ${JSON.stringify(fast)}, expected ${JSON.stringify(scan)}`;
    return false;
  }
}

/** All that can be seen of a decision; what rejected nodes matters only when no node would do. */
function decision(cycle: SchedulingCycle, { row, kind, attempts }: Waiting) {
  try {
    const outcome = { ...cycle.run(row, kind, attempts) };
    const { rows, length } = cycle.feasible;
    return {
      ...outcome,
      rejectors: outcome.node === -1 ? outcome.rejectors : 0,
      feasibleNodes: [...rows.subarray(0, length)],
      nextStart: cycle.nextStart,
    };
  } catch (error) {
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
}

function preemption(cycle: SchedulingCycle) {
  const outcome = cycle.postFilter();
  return (
    outcome && {
      nominate: outcome.nominate,
      node: outcome.preemption?.node,
      victims: outcome.preemption?.victims,
      pdbViolations: outcome.preemption?.pdbViolations,
      cleared: outcome.preemption?.clearedNominations,
      message: outcome.message(),
    }
  );
}
