import { InvariantViolation } from "../base/errors.ts";
import { randomKey, uniformInt } from "../base/random.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { NodeHints } from "../scheduler/batching/node-hints.ts";
import type { Nominations } from "../scheduler/nominations.ts";
import { emptyOutcome, type Outcome } from "../scheduler/outcome.ts";
import type { Cycle, Preemption } from "../scheduler/plugin.ts";
import type { PostFilterOutcome } from "../scheduler/post-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import { clusterInFull, nominatedInFull, podInFull } from "./cluster-in-full.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { outcomeOf } from "./outcome-of.ts";
import { promise, promisedClaims } from "./promises.ts";
import { namespaceOf } from "./reference-plugin.ts";
import type { ReferencePolicy } from "./reference-policy.ts";
import type { PreemptionRecord, ReferenceRecord } from "./reference-record.ts";
import { type ReferenceInput, referenceScheduler } from "./reference-scheduler.ts";
import { reserve } from "./reserve.ts";

/** What is asked of the reference, besides what a scheduling cycle is made of. */
export interface ReferenceCycleOptions
  extends Omit<SchedulingCycleOptions, "algorithm" | "podObject" | "numFeasibleNodesToFind"> {
  /** What the profile says, for the reference. */
  readonly policy: ReferencePolicy;
}

/**
 * The reference in the place of a scheduling cycle: every attempt reads the whole cluster anew, and asks no plugin of the profile,
 * which only says by which number a plugin is known. Where equal pods in a row are batched, `hints` proposes a node, which is
 * filtered here; what ranks the nodes that are left is shared with the fast scheduler, and with it the new score of the last one.
 */
export class ReferenceCycle {
  readonly outcome: Outcome = emptyOutcome();
  nextStart = 0;
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #policy: ReferencePolicy;
  readonly #seed: number;
  readonly #nominations: Nominations | undefined;
  readonly #hints: NodeHints | undefined;
  readonly #podName: (row: number) => string | undefined;
  readonly #preemptionOffset: (row: number, attempt: number, n: number) => number;
  /** The last attempt that no node took. */
  #failed: { readonly input: ReferenceInput; readonly row: number } | undefined;

  constructor(options: ReferenceCycleOptions) {
    this.#cluster = options.cluster;
    this.#profile = options.profile;
    const { percentageOfNodesToScore, tieBreak } = options.profile;
    this.#policy = { ...options.policy, percentageOfNodesToScore, tieBreak };
    this.#seed = options.seed;
    this.#nominations = options.nominations;
    this.#hints = options.hints;
    this.#podName = options.podName ?? (() => undefined);
    const key = randomKey(options.seed, "preemption");
    const { preemptionOffset } = options;
    this.#preemptionOffset = (row, attempt, n) => preemptionOffset?.(n) ?? uniformInt(key, row, attempt, n);
  }

  /** The row of the node that the coming attempt of a pod that passes PreFilter is proposed; -1 for none. */
  hintFor(row: number, kind: PodKind): number {
    const hint = { node: -1 };
    this.#decide(this.#input(row, kind, 0, hint));
    return hint.node;
  }

  /** @param attempt which attempt of this pod it is; only chance reads it */
  run(row: number, kind: PodKind, attempt: number): Outcome {
    const hint = { node: -1 };
    const input = this.#input(row, kind, attempt, hint);
    const record = this.#decide(input);
    this.nextStart = record.nextStart;
    Object.assign(this.outcome, outcomeOf(record, this.#profile, this.#cluster.nodes));
    this.#failed = this.outcome.node === -1 ? { input, row } : undefined;
    if (record.node !== undefined) {
      const { promisedClaims: claims = [] } = input;
      const promised = reserve(input, this.#policy, input.pod, record.node).promisedClaims;
      promise(this.#cluster, row, input.pod.object, promised.slice(claims.length));
      this.#tellHints(row, kind, hint.node, record);
    }
    return this.outcome;
  }

  /** What would make room for the pod of the last attempt, which no node took; asked before anything changes. */
  postFilter(): PostFilterOutcome | undefined {
    if (this.#failed === undefined || (this.#policy.postFilter ?? []).length === 0) return undefined;
    const { input, row } = this.#failed;
    if (input.nodes.length === 0) return undefined;
    const record = referenceScheduler({ ...input, policy: this.#policy });
    const { preemption } = record;
    const preempted = preemption?.chosen && this.#preemption(preemption.chosen, row);
    return {
      nominate:
        preempted?.node ??
        (preemption === undefined || preemption.ineligible || preemption.error ? undefined : -1),
      preemption: preempted,
      unhelpful: () => new Map(),
      message: () => record.postFilterMessage ?? "",
    };
  }

  #decide(input: ReferenceInput): ReferenceRecord {
    const record = referenceScheduler(input);
    if (record.outcome === "error") throw new InvariantViolation(record.error ?? "");
    return record;
  }

  /** @param hint is told what the hints propose */
  #input(row: number, kind: PodKind, attempt: number, hint: { node: number }): ReferenceInput {
    const cluster = this.#cluster;
    const { nodes } = cluster;
    const status = this.#nominations?.nodeOf(row) ?? -1;
    const nominatedTo = nodes.positions[status] >= 0 ? nodes.name(status) : undefined;
    const { postFilter: _, ...policy } = this.#policy;
    const cycle: Cycle = { pod: kind, row, nodes, cluster };
    const propose = (passes: (node: string) => boolean): string | undefined => {
      // A pod that is nominated, also to a node that has left, gets no proposal.
      if (status !== -1 || this.#hints?.covers(cycle) !== true) return undefined;
      hint.node = this.#hints.hint(cycle, (node) => orViolation(() => passes(nodes.name(node))));
      return nodes.positions[hint.node] >= 0 ? nodes.name(hint.node) : undefined;
    };
    return {
      ...clusterInFull(cluster, this.#podName),
      promisedClaims: promisedClaims(cluster),
      pod: podInFull(kind, this.#podName(row), nominatedTo),
      policy,
      nextStart: this.nextStart,
      tryFirst: nominatedTo ?? propose,
      nominated: nominatedInFull(cluster, this.#nominations, this.#podName, row),
      seed: this.#seed,
      row,
      attempt,
      decisionOnly: true,
      preemptionOffset: (n) => this.#preemptionOffset(row, attempt, n),
    };
  }

  /** What was decided is what later pods may go on from. */
  #tellHints(row: number, pod: PodKind, hinted: number, { feasible, totals, scores }: ReferenceRecord): void {
    const { nodes } = this.#cluster;
    const cycle: Cycle = { pod, row, nodes, cluster: this.#cluster };
    if (this.#hints?.covers(cycle) !== true) return;
    const rows = Uint32Array.from(feasible, (name) => nodes.rowOf(name)!);
    const scored = feasible.length > 1 && {
      feasible: { rows, length: rows.length },
      totals: Float64Array.from(feasible, (name) => totals[name]),
      raw: this.#profile.plugins.flatMap(({ plugin: { name: plugin, score } }) => {
        const own = scores[plugin];
        return score === undefined ? [] : [own && Int32Array.from(feasible, (name) => own[name].raw)];
      }),
    };
    this.#hints.chose(cycle, this.outcome.node, hinted, scored || undefined);
  }

  /** By rows instead of names. */
  #preemption(chosen: NonNullable<PreemptionRecord["chosen"]>, preemptor: number): Preemption {
    const { nodes } = this.#cluster;
    const candidates = Object.entries(chosen.candidates).map(([name, { victims, violations }]) => {
      const node = nodes.rowOf(name)!;
      const rows = new Map(this.#cluster.podsOn(node).map((row) => [this.#fullName(row), row]));
      return { node, victims: victims.map((victim) => rows.get(victim)!), pdbViolations: violations };
    });
    candidates.sort((a, b) => nodes.positions[a.node] - nodes.positions[b.node]);
    const best = candidates.find(({ node }) => nodes.name(node) === chosen.node)!;
    const waiting = (this.#nominations?.on(best.node) ?? []).filter((row) => row !== preemptor);
    return {
      ...best,
      clearedNominations: waiting.filter((row) => {
        const name = `${this.#nominations!.kindOf(row).namespace}/${this.#podName(row)}`;
        return chosen.clearedNominations.includes(name);
      }),
      candidates,
      tied: chosen.tied.map((name) => nodes.rowOf(name)!),
    };
  }

  #fullName(row: number): string {
    const { object } = this.#cluster.kindOf(row);
    return `${namespaceOf(object)}/${this.#podName(row)}`;
  }
}

/** The failure of a plugin in the words of the fast scheduler's, for those who catch that. */
function orViolation<T>(ask: () => T): T {
  try {
    return ask();
  } catch (failure) {
    if (failure instanceof CycleFailure) throw new InvariantViolation(failure.message);
    throw failure;
  }
}
