import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../../base/errors.ts";
import { Cluster } from "../../cluster/cluster.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NodeSpec } from "../../cluster/specs.ts";
import { NO_OBJECTS } from "../../kubernetes/no-objects.ts";
import { shippedProfiles } from "../../plugins/profiles.ts";
import {
  arbitraryHistory,
  arbitraryLargeHistory,
  arbitraryRelatedHistory,
  type ClusterHistory,
} from "../../testing/arbitrary-history.ts";
import { withName } from "../../testing/arbitrary-node.ts";
import { nodeName } from "../../testing/arbitrary-parts.ts";
import type { HistoryStep } from "../../testing/arbitrary-step.ts";
import { forcedSample } from "../../testing/forced-sample.ts";
import { emptyOutcome, type Outcome } from "../outcome.ts";
import { type Profile, TIE_BREAKS } from "../profile.ts";
import { numFeasibleNodesToFind } from "../sampling.ts";
import { SchedulingCycle } from "../scheduling-cycle.ts";
import { FusedScan } from "./fused-scan.ts";
import { PlainKernel } from "./plain-kernel.ts";

/** Histories in one run; a nightly run sets more. */
const RUNS = Number(process.env["STOWAGE_FUSED_RUNS"] ?? 600);

/** One cluster under the scan and both kinds of fused scan. */
class Three {
  readonly cluster = new Cluster();
  readonly #profile: Profile;
  readonly #scan: SchedulingCycle;
  readonly #fused: readonly FusedScan[];
  readonly #wanted: (candidates: number) => number;
  readonly #specs: NodeSpec[] = [];
  readonly #live: number[] = [];
  #pods = 0;
  decided = 0;

  constructor(profile: Profile, seed: number, sample: number | undefined) {
    const { cluster } = this;
    const rule = sample === undefined ? numFeasibleNodesToFind : forcedSample(sample);
    const options = { cluster, profile, seed, numFeasibleNodesToFind: rule };
    this.#profile = profile;
    this.#scan = new SchedulingCycle({ ...options, algorithm: "scan" });
    this.#fused = [
      new FusedScan(cluster, profile, seed),
      new FusedScan(cluster, profile, seed, (rows) => new PlainKernel(rows)),
    ];
    const scores = profile.plugins.some(({ plugin }) => plugin.score !== undefined);
    this.#wanted = (candidates) => (scores ? rule(profile.percentageOfNodesToScore, candidates) : 1);
  }

  play({ nodes, templates, steps, objects }: ClusterHistory): void {
    this.cluster.objects = { ...NO_OBJECTS, ...objects };
    for (const node of nodes) this.#add(node);
    for (const step of steps) {
      if (step.kind === "schedule") {
        const template = templates[step.template % templates.length];
        this.#schedule(this.cluster.kind(template), step.attempt);
      } else {
        this.#change(step);
      }
    }
  }

  #add(spec: NodeSpec): void {
    this.#specs[this.cluster.addNode(spec)] = spec;
  }

  #release(place: number): void {
    const [pod] = this.#live.splice(place, 1);
    this.cluster.release(pod);
  }

  #change(step: Exclude<HistoryStep, { readonly kind: "schedule" }>): void {
    const { cluster } = this;
    if (step.kind === "addNode") this.#add(withName(step.spec, nodeName(this.#specs.length)));
    else if (step.kind === "release") {
      if (this.#live.length > 0) this.#release(step.pod % this.#live.length);
    } else if (cluster.nodes.order.length > 0) {
      const row = cluster.nodes.order[step.node % cluster.nodes.order.length];
      if (step.kind === "removeNode") {
        for (let place = this.#live.length - 1; place >= 0; place--) {
          if (cluster.nodeOf(this.#live[place]) === row) this.#release(place);
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

  #schedule(pod: PodKind, attempt: number): void {
    const { cluster } = this;
    const { nodes } = cluster;
    const row = this.#pods++;
    if (this.#profile.plugins.some(({ plugin }) => plugin.preEnqueue?.(pod, cluster.objects))) return;
    const before = this.#scan.nextStart;
    const decisions = this.#fused.map((fused) => {
      if (nodes.order.length === 0) return undefined;
      const outcome = emptyOutcome();
      const wanted = this.#wanted(nodes.order.length);
      const start = before % nodes.order.length;
      const window = fused.decide({ cycle: { pod, row, nodes, cluster }, start, wanted, attempt, outcome });
      return window && seen(outcome, fused.feasible(nodes), (start + window.looked) % nodes.order.length);
    });
    const outcome = this.#run(row, pod, attempt);
    const slow =
      typeof outcome === "string" ? outcome : seen(outcome, this.#scan.feasible, this.#scan.nextStart);
    for (const fast of decisions) {
      if (fast === undefined) continue;
      this.decided++;
      expect(fast).toEqual(slow);
    }
    if (typeof outcome === "string" || outcome.node === -1) return;
    cluster.assume(row, pod, outcome.node, outcome.devices);
    this.#live.push(row);
  }

  #run(row: number, pod: PodKind, attempt: number): Outcome | string {
    try {
      return { ...this.#scan.run(row, pod, attempt) };
    } catch (error) {
      if (error instanceof InvariantViolation) return error.message;
      throw error;
    }
  }
}

/** All that can be seen of a decision for a node. */
function seen(
  { node, feasible, evaluated, score, tied }: Outcome,
  { rows, length }: SchedulingCycle["feasible"],
  nextStart: number,
) {
  return { node, feasible, evaluated, score, tied, feasibleNodes: [...rows.subarray(0, length)], nextStart };
}

const cases = fc.record({
  history: fc.oneof(
    { weight: 20, arbitrary: arbitraryHistory },
    { weight: 20, arbitrary: arbitraryRelatedHistory },
    { weight: 1, arbitrary: arbitraryLargeHistory },
  ),
  profile: fc.constantFrom(...shippedProfiles()),
  tieBreak: fc.constantFrom(...TIE_BREAKS),
  sample: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  seed: fc.nat({ max: 1000 }),
});

describe("FusedScan", () => {
  it("always decides as the scan does, whatever happened to the cluster before, and mostly does decide", () => {
    let decided = 0;
    fc.assert(
      fc.property(cases, ({ history, profile, tieBreak, sample, seed }) => {
        const three = new Three({ ...profile, tieBreak }, seed, sample);
        three.play(history);
        decided += three.decided;
      }),
      { numRuns: RUNS },
    );
    expect(decided).toBeGreaterThan(RUNS);
  }, 600_000);
});
