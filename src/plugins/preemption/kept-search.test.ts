import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { PodTemplate } from "../../cluster/specs.ts";
import { FiltersInThought } from "../../scheduler/filters-in-thought.ts";
import { Nominations } from "../../scheduler/nominations.ts";
import { RowSet } from "../../scheduler/placement-index/row-set.ts";
import type { Cycle, Preemption } from "../../scheduler/plugin.ts";
import { runPostFilter } from "../../scheduler/post-filter.ts";
import { postFilterCycle } from "../../scheduler/post-filter-cycle.ts";
import { preFilter } from "../../scheduler/pre-filter.ts";
import { ChangedNodes } from "../../scheduler/preemption-index/changed-nodes.ts";
import { LocalNodesByKind } from "../../scheduler/preemption-index/local-nodes-by-kind.ts";
import { defineProfile, type Profile } from "../../scheduler/profile.ts";
import {
  arbitraryEvictions,
  type EvictionHistory,
  type EvictionStep,
} from "../../testing/arbitrary-evictions.ts";
import { withName } from "../../testing/arbitrary-node.ts";
import { defaultPreemption } from "../default-preemption.ts";
import { shippedProfile } from "../profiles.ts";
import { CostTournament } from "./cost-tournament.ts";
import { KeptDryRuns } from "./kept-dry-runs.ts";

const RUNS = Number(process.env["STOWAGE_PREEMPTION_RUNS"] ?? 150);

function preempting(minCandidateNodesAbsolute: number): Profile {
  const others = shippedProfile("default").plugins.filter(
    ({ plugin }) => plugin.name !== "DefaultPreemption",
  );
  const plugin = defaultPreemption({ minCandidateNodesPercentage: 10, minCandidateNodesAbsolute });
  return defineProfile({ name: "test", plugins: [...others, { plugin }] });
}

/** One cluster in which every question is asked twice: of what is kept, and of nodes looked at anew. */
class Evictions {
  readonly cluster = new Cluster();
  readonly nominations = new Nominations();
  /** How many pods were to make room, by how they were found. */
  readonly seen = { kept: 0, violating: 0, anew: 0 };
  readonly #history: EvictionHistory;
  readonly #profile: Profile;
  readonly #memory: LocalNodesByKind;
  readonly #live: number[] = [];
  readonly #waiting: { readonly row: number; readonly kind: PodKind }[] = [];
  #rows = 0;

  constructor(history: EvictionHistory) {
    this.#history = history;
    this.#profile = preempting(history.minCandidateNodesAbsolute);
    this.#memory = new LocalNodesByKind(this.cluster, this.#profile, this.nominations);
    for (const node of history.nodes) this.cluster.addNode(node);
  }

  /** Pairs of answers, as long as there are any. */
  *answers(): Generator<readonly [kept: unknown, anew: unknown]> {
    for (const step of this.#history.steps) {
      if (step.kind === "ask") yield* this.#ask(step);
      else this.#change(step);
    }
  }

  #kind(templates: readonly PodTemplate[], place: number): PodKind {
    return this.cluster.kind(templates[place % templates.length]);
  }

  #change(step: Exclude<EvictionStep, { readonly kind: "ask" }>): void {
    const { cluster, nominations } = this;
    const { residents, newcomers } = this.#history;
    const count = this.#history.nodes.length;
    switch (step.kind) {
      case "place":
        this.#place(this.#rows++, this.#kind(residents, step.template), step.node % count, step.start);
        return;
      case "nominate": {
        const pod = { row: this.#rows++, kind: this.#kind(newcomers, step.template) };
        this.#waiting.push(pod);
        nominations.nominate(pod.row, pod.kind, step.node % count);
        return;
      }
      case "update": {
        const row = step.node % count;
        cluster.updateNode(row, withName(step.spec, cluster.nodes.name(row)));
        return;
      }
      case "budgets":
        cluster.objects = { ...cluster.objects, podDisruptionBudgets: step.budgets };
        return;
      case "clear":
        if (this.#waiting.length === 0) return;
        nominations.clear(this.#waiting.splice(step.pod % this.#waiting.length, 1)[0].row);
        return;
      case "start":
        if (this.#live.length === 0) return;
        cluster.start(this.#live[step.pod % this.#live.length], step.start);
        return;
      case "release":
        if (this.#live.length === 0) return;
        cluster.release(this.#live.splice(step.pod % this.#live.length, 1)[0]);
    }
  }

  #place(row: number, kind: PodKind, node: number, start?: number): void {
    if (this.cluster.podsOn(node).length >= 5) return;
    this.cluster.assume(row, kind, node, 0);
    if (start !== undefined) this.cluster.start(row, start);
    this.#live.push(row);
  }

  *#ask(step: EvictionStep & { readonly kind: "ask" }): Generator<readonly [unknown, unknown]> {
    const known = step.again ? this.#waiting[step.template % this.#waiting.length] : undefined;
    const { row, kind } = known ?? {
      row: this.#rows++,
      kind: this.#kind(this.#history.newcomers, step.template),
    };
    const [kept, local] = this.#postFilter(row, kind, step.offset, this.#memory);
    const [anew] = this.#postFilter(row, kind, step.offset, undefined);
    yield [told(kept), told(anew)];
    const preemption = anew?.preemption;
    if (preemption === undefined) return;
    if (!local) this.seen.anew++;
    else if (preemption.pdbViolations > 0) this.seen.violating++;
    else this.seen.kept++;
    if (step.outcome === "nothing") return;
    for (const victim of preemption.victims) {
      this.cluster.release(victim);
      this.#live.splice(this.#live.indexOf(victim), 1);
    }
    this.nominations.clear(row);
    if (known !== undefined) this.#waiting.splice(this.#waiting.indexOf(known), 1);
    if (step.outcome === "place") this.#place(row, kind, preemption.node, step.offset % 5);
    else {
      this.nominations.nominate(row, kind, preemption.node);
      this.#waiting.push({ row, kind });
    }
  }

  #postFilter(row: number, pod: PodKind, offset: number, memory: LocalNodesByKind | undefined) {
    const { cluster, nominations } = this;
    const profile = this.#profile;
    const cycle: Cycle = { pod, row, nodes: cluster.nodes, cluster };
    const asked = postFilterCycle(cycle, {
      profile,
      candidates: preFilter(profile, cycle),
      thought: new FiltersInThought(cluster, profile, nominations, cycle),
      nominations,
      nominated: nominations.nodeOf(row),
      podName: String,
      draw: (n) => offset % n,
      dropped: new Map(),
      podObject: () => pod.object,
      memory,
    });
    return [runPostFilter(profile, asked), memory?.of(cycle) !== undefined] as const;
  }
}

/** All that can be seen of an answer, at once: later the cluster is another one. */
function told(outcome: ReturnType<typeof runPostFilter>) {
  const copied = (preemption: Preemption | undefined) => preemption && { ...preemption };
  return (
    outcome && {
      nominate: outcome.nominate,
      preemption: copied(outcome.preemption),
      unhelpful: [...outcome.unhelpful()],
      message: outcome.message(),
    }
  );
}

/** The first history, counted from 0, in which what is kept makes a difference. */
function firstDifference(plant: (evictions: Evictions) => void): number | undefined {
  const histories = fc.sample(arbitraryEvictions, { numRuns: 300, seed: 11 });
  for (const [i, history] of histories.entries()) {
    const evictions = new Evictions(history);
    plant(evictions);
    for (const [kept, anew] of evictions.answers()) {
      if (JSON.stringify(kept) !== JSON.stringify(anew)) return i;
    }
    vi.restoreAllMocks();
  }
  return undefined;
}

function memberOf<T, K extends keyof T>(owner: T, member: K): T[K] {
  return owner[member];
}

/** Candidates cost otherwise than they do. */
const costing = (change: (cost: number[]) => void) => (): void => {
  const set = memberOf(CostTournament.prototype, "set");
  vi.spyOn(CostTournament.prototype, "set").mockImplementation(function (this: CostTournament, place, cost) {
    const other = cost && [...cost];
    if (other !== undefined) change(other);
    set.call(this, place, other);
  });
};

const ignoring = (criterion: number) =>
  costing((cost) => {
    cost[criterion] = 0;
  });

const mistakes: readonly { readonly name: string; readonly plant: (evictions: Evictions) => void }[] = [
  {
    name: "pods that come and go change nothing",
    plant: ({ cluster }) => vi.spyOn(cluster.changes, "append").mockImplementation(() => {}),
  },
  {
    name: "pods that start change nothing",
    plant: ({ cluster }) => vi.spyOn(cluster.starts, "append").mockImplementation(() => {}),
  },
  {
    name: "nominations change nothing",
    plant: ({ nominations }) => vi.spyOn(nominations.changes, "append").mockImplementation(() => {}),
  },
  {
    name: "a pod's own nomination is beside it, or not beside others",
    plant() {
      const since = memberOf(ChangedNodes.prototype, "since");
      vi.spyOn(ChangedNodes.prototype, "since").mockImplementation(function (this: ChangedNodes, positions) {
        return since.call(this, positions, []);
      });
    },
  },
  {
    name: "dry runs hold for ever",
    plant: () => vi.spyOn(KeptDryRuns.prototype, "forget").mockImplementation(() => {}),
  },
  {
    name: "other budgets change nothing",
    plant() {
      const forgetAll = memberOf(KeptDryRuns.prototype, "forgetAll");
      const begun = new WeakSet<KeptDryRuns>();
      vi.spyOn(KeptDryRuns.prototype, "forgetAll").mockImplementation(function (this: KeptDryRuns) {
        if (!begun.has(this)) forgetAll.call(this);
        begun.add(this);
      });
    },
  },
  { name: "budget violations cost nothing", plant: ignoring(0) },
  { name: "the first victim's priority costs nothing", plant: ignoring(1) },
  { name: "the sum of priorities costs nothing", plant: ignoring(2) },
  { name: "it does not matter when victims started", plant: ignoring(4) },
  {
    name: "the victims that started first go first",
    plant: costing((cost) => {
      cost[4] = -cost[4];
    }),
  },
  {
    name: "one candidate less is enough",
    plant() {
      const selectAmong = memberOf(RowSet, "selectAmong");
      vi.spyOn(RowSet, "selectAmong").mockImplementation((sets, from, k) =>
        selectAmong(sets, from, Math.max(0, k - 1)),
      );
    },
  },
];

describe("the dry runs that preemption keeps", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("always lead to the same as dry runs that are made anew", () => {
    const total = { kept: 0, violating: 0, anew: 0 };
    fc.assert(
      fc.property(arbitraryEvictions, (history) => {
        const evictions = new Evictions(history);
        for (const [kept, anew] of evictions.answers()) expect(kept).toEqual(anew);
        total.kept += evictions.seen.kept;
        total.violating += evictions.seen.violating;
        total.anew += evictions.seen.anew;
      }),
      { numRuns: RUNS },
    );
    expect(total.kept).toBeGreaterThan(2 * RUNS);
    expect(total.violating).toBeGreaterThan(RUNS / 10);
    expect(total.anew).toBeGreaterThan(0);
  });

  it.each(mistakes)("are known to be wrong where $name", ({ plant }) => {
    expect(firstDifference(plant)).toBeDefined();
  });
});
