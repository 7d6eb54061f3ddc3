import { digest } from "../../src/base/digest.ts";
import { InvariantViolation } from "../../src/base/errors.ts";
import type { Cluster } from "../../src/cluster/cluster.ts";
import type { PodKind } from "../../src/cluster/pod-kind.ts";
import { shippedProfile } from "../../src/plugins/profiles.ts";
import { SchedulingCycle } from "../../src/scheduler/scheduling-cycle.ts";
import { type Family, type FamilyClusterSize, familyCluster, PODS_PER_NODE } from "../families.ts";

/** What is measured at one place of a curve. */
export interface PointSpec extends FamilyClusterSize {
  readonly family: Family;
  readonly algorithm: "index" | "scan";
  /** A shipped policy; `default` when absent. */
  readonly policy?: string;
  /** Every pod is the first of its kind: nothing can be known of it. */
  readonly unique?: boolean;
  /** To be timed in one sample, at least. */
  readonly pods: number;
}

export interface Sample {
  readonly usPerPod: number;
  /** Of the nodes of all timed pods, in their order: the same in each sample. */
  readonly digest: string;
}

/** Unique pods that come before those that are timed, for what is copied of the nodes once. */
const UNIQUE_LEAD = 10;

/**
 * Scheduling cycles in the steady state: kinds come in turn, each has been seen before, and what is timed begins when each has
 * caught up. Timed are decisions and `Cluster.assume`; then all pods leave, so that every sample starts from empty nodes.
 */
export class SteadyCycles {
  readonly #spec: PointSpec;
  readonly #cluster: Cluster;
  readonly #kinds: readonly PodKind[];
  #cycle: SchedulingCycle;
  readonly #lead: number;
  /** Pods timed in one round, and rounds in a sample. */
  readonly pods: number;
  readonly rounds: number;

  constructor(spec: PointSpec) {
    const { family, nodes, kinds, unique = false } = spec;
    this.#spec = spec;
    this.#lead = unique ? UNIQUE_LEAD : kinds;
    const room = family.room?.(spec) ?? PODS_PER_NODE * nodes;
    this.pods = Math.min(spec.pods, room - this.#lead);
    if (this.pods < 1) throw new InvariantViolation(`no room for ${kinds} kinds on ${nodes} nodes`);
    this.rounds = Math.ceil(spec.pods / this.pods);
    const made = familyCluster(family, unique ? { ...spec, kinds: this.#lead + this.pods } : spec);
    this.#cluster = made.cluster;
    this.#kinds = made.kinds;
    this.#cycle = this.#newCycle();
  }

  sample(): Sample {
    const nodes = new Int32Array(this.#lead + this.pods);
    let ms = 0;
    let seen = "";
    for (let round = 0; round < this.rounds; round++) {
      if (this.#spec.unique) this.#cycle = this.#newCycle();
      this.#cycle.nextStart = 0;
      this.#place(nodes, 0, this.#lead);
      const before = performance.now();
      this.#place(nodes, this.#lead, nodes.length);
      ms += performance.now() - before;
      this.#release(nodes);
      const placed = digest(nodes);
      if (seen !== "" && placed !== seen)
        throw new InvariantViolation(`rounds differ: ${seen}, then ${placed}`);
      seen = placed;
    }
    return { usPerPod: (ms * 1000) / (this.rounds * this.pods), digest: seen };
  }

  #newCycle(): SchedulingCycle {
    const { algorithm, policy = "default" } = this.#spec;
    return new SchedulingCycle({
      cluster: this.#cluster,
      profile: shippedProfile(policy),
      seed: 42,
      algorithm,
    });
  }

  #place(nodes: Int32Array, from: number, end: number): void {
    const cluster = this.#cluster;
    const cycle = this.#cycle;
    const kinds = this.#kinds;
    for (let pod = from; pod < end; pod++) {
      const kind = kinds[pod % kinds.length];
      const { node, devices } = cycle.run(pod, kind, 1);
      nodes[pod] = node;
      if (node !== -1) cluster.assume(pod, kind, node, devices);
    }
  }

  #release(nodes: Int32Array): void {
    const { family } = this.#spec;
    for (let pod = nodes.length - 1; pod >= 0; pod--) {
      if (nodes[pod] !== -1) this.#cluster.release(pod);
      else if (!family.tooLarge) throw new InvariantViolation(`${family.name}: no node for pod ${pod}`);
    }
  }
}
