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
  type HistoryStep,
} from "../../testing/arbitrary-history.ts";
import { withName } from "../../testing/arbitrary-node.ts";
import { nodeName } from "../../testing/arbitrary-parts.ts";
import { forcedSample } from "../../testing/forced-sample.ts";
import type { Outcome } from "../outcome.ts";
import { type Profile, TIE_BREAKS } from "../profile.ts";
import { SchedulingCycle } from "../scheduling-cycle.ts";
import { PlacementIndex } from "./placement-index.ts";

/** Histories in one run; a nightly run sets more. */
const RUNS = Number(process.env["STOWAGE_INDEX_RUNS"] ?? 3000);

/** One cluster under two schedulers that differ in the algorithm only. */
class Both {
  readonly cluster = new Cluster();
  readonly #profile: Profile;
  readonly #index: SchedulingCycle;
  readonly #scan: SchedulingCycle;
  readonly #specs: NodeSpec[] = [];
  readonly #live: number[] = [];
  #pods = 0;

  constructor(profile: Profile, seed: number, sample: number | undefined) {
    const { cluster } = this;
    const rule = sample === undefined ? {} : { numFeasibleNodesToFind: forcedSample(sample) };
    this.#profile = profile;
    this.#index = new SchedulingCycle({ cluster, profile, seed, algorithm: "index", ...rule });
    this.#scan = new SchedulingCycle({ cluster, profile, seed, algorithm: "scan", ...rule });
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

  #schedule(kind: PodKind, attempt: number): void {
    const { cluster } = this;
    const row = this.#pods++;
    if (this.#profile.plugins.some(({ plugin }) => plugin.preEnqueue?.(kind, cluster.objects))) return;
    const fast = seen(this.#index, row, kind, attempt);
    expect(fast).toEqual(seen(this.#scan, row, kind, attempt));
    if (typeof fast === "string" || fast.node === -1) return;
    cluster.assume(row, kind, fast.node, fast.devices);
    this.#live.push(row);
  }
}

/** All that can be seen of a decision; what rejected nodes matters only when no node would do. */
function seen(cycle: SchedulingCycle, row: number, kind: PodKind, attempt: number) {
  let outcome: Outcome;
  try {
    outcome = { ...cycle.run(row, kind, attempt) };
  } catch (error) {
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
  const { rows, length } = cycle.feasible;
  return {
    ...outcome,
    rejectors: outcome.node === -1 ? outcome.rejectors : 0,
    feasibleNodes: [...rows.subarray(0, length)],
    nextStart: cycle.nextStart,
  };
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

describe("PlacementIndex", () => {
  it("always decides as the scan does, whatever happened to the cluster before", () => {
    fc.assert(
      fc.property(cases, ({ history, profile, tieBreak, sample, seed }) => {
        new Both({ ...profile, tieBreak }, seed, sample).play(history);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it("decides itself about a kind that it has seen before", () => {
    const [profile] = shippedProfiles();
    const cluster = new Cluster();
    cluster.addNode({
      object: { kind: "Node", metadata: { name: "n" }, status: { allocatable: { cpu: 1, pods: 9 } } },
    });
    const index = new PlacementIndex(cluster, profile, 1);
    const pod = cluster.kind({ name: "p", object: { kind: "Pod", spec: { containers: [{}] } } });
    const { nodes } = cluster;
    const outcome = new SchedulingCycle({ cluster, profile, seed: 1 }).outcome;
    const decide = () =>
      index.decide({ cycle: { pod, row: 0, nodes, cluster }, start: 0, wanted: 1, attempt: 1, outcome });
    expect(decide()).toBeUndefined();
    expect(decide()).toEqual({ start: 0, looked: 1, found: 1, length: 1 });
    expect(outcome.node).toBe(0);
  });
});
