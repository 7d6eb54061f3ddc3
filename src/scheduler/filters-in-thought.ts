import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { Supposition } from "../cluster/supposition.ts";
import type { Nominations } from "./nominations.ts";
import type { Cycle, Judge, NodeInThought, Plugin, Rejection, WhatIf } from "./plugin.ts";
import type { Profile } from "./profile.ts";
import type { Selection } from "./selection.ts";
import { unschedulable } from "./status.ts";

/** A pod that came to the node, or left it, in thought. */
interface Change {
  readonly row: number;
  readonly kind: PodKind;
  readonly came: boolean;
}

/** The judge of a plugin that filters. */
export interface NamedJudge {
  readonly plugin: string;
  readonly judge: Judge;
}

/** A plugin that filters in this cycle: by what the node's columns say, or by what it is told. */
type Filtering =
  | (NamedJudge & { readonly whatIf: undefined })
  | { readonly plugin: string; readonly judge: undefined; readonly whatIf: () => WhatIf | undefined };

const NO_CHANGES: readonly Change[] = [];
const NOBODY: readonly number[] = [];

/**
 * The verdicts of all filters together on one node, with pods in thought: those nominated to it (upstream:
 * RunFilterPluginsWithNominatedPods), and those that preemption removes. Good for one attempt, in a cluster that does not change.
 */
export class FiltersInThought {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominations: Nominations | undefined;
  readonly #cycle: Cycle;
  #filtering: readonly Filtering[] | undefined;
  #judges: readonly NamedJudge[] | undefined;
  /** All that filter do so by the node's own columns: nobody is told of changes, and what they say does not depend on the way. */
  readonly #local: boolean;
  /** The node that is thought about, what was changed there, and who is told of changes. */
  #supposition: Supposition | undefined;
  #told: readonly (NamedJudge & { readonly whatIf?: WhatIf })[] = [];

  /** @param local all that have a say about the pod, where none of them has a `whatIf` for it; found when absent */
  constructor(
    cluster: Cluster,
    profile: Profile,
    nominations: Nominations | undefined,
    cycle: Cycle,
    local?: readonly NamedJudge[],
  ) {
    this.#local = local !== undefined;
    this.#judges = local;
    this.#told = local ?? [];
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominations = nominations;
    this.#cycle = cycle;
  }

  /** Rows of the nodes that have pods beside this one (see `beside`). */
  nodesBeside(): ReadonlySet<number> {
    const nodes = new Set<number>();
    for (const node of this.#nominations?.nodes() ?? []) {
      if (this.#nominations!.on(node).some((other) => this.#isBeside(other))) nodes.add(node);
    }
    return nodes;
  }

  /** Rows of the pods that must be thought of beside this one on a node: nominated to it, and no less important. */
  beside(node: number): readonly number[] {
    const nominations = this.#nominations;
    if (nominations === undefined || nominations.empty) return NOBODY;
    return nominations.on(node).filter((other) => this.#isBeside(other));
  }

  #isBeside(other: number): boolean {
    const { row, pod } = this.#cycle;
    return other !== row && this.#nominations!.kindOf(other).priority >= pod.priority;
  }

  /** What the filters say of a node when the pods nominated to it are there; undefined also when there are none. */
  rejectionBeside(node: number): Rejection | undefined {
    const beside = this.beside(node);
    if (beside.length === 0) return undefined;
    try {
      this.#begin(node, this.#arrivals(beside));
      return firstOf(this.#told, node);
    } finally {
      this.#end();
    }
  }

  /** What the filters say of a node: beside the pods nominated to it, then without them. */
  rejection(node: number): Rejection | undefined {
    const beside = this.rejectionBeside(node);
    if (beside !== undefined) return beside;
    this.#judges ??= this.#profile.plugins.flatMap(({ plugin }) => {
      const judge = judgeOf(plugin, this.#cycle);
      return judge === undefined ? [] : [{ plugin: plugin.name, judge }];
    });
    return firstOf(this.#judges, node);
  }

  /** Thinks about one node, and forgets all of it afterwards. */
  suppose<T>(node: number, think: (thought: NodeInThought) => T): T {
    const changes: Change[] = [];
    const beside = this.#arrivals(this.beside(node));
    // A port is taken once by all that want it, so that who leaves takes it from the others.
    const there = this.#local && beside.every(({ kind }) => kind.hostPorts.length === 0);
    const change = (row: number, came: boolean): void => {
      const made = { row, kind: this.#cluster.kindOf(row), came };
      changes.push(made);
      this.#apply(made);
    };
    const verdict = (): Rejection | undefined => {
      if (beside.length > 0 && there) {
        const rejection = this.#firstBeside(beside, node);
        if (rejection !== undefined) return rejection;
      } else if (beside.length > 0) {
        // Begun anew for both: what a filter counts may remember the way that it came.
        this.#end();
        this.#begin(node, [...changes, ...beside]);
        const rejection = firstOf(this.#told, node);
        this.#end();
        this.#begin(node, changes);
        if (rejection !== undefined) return rejection;
      }
      return firstOf(this.#told, node);
    };
    try {
      this.#begin(node, NO_CHANGES);
      return think({
        removePod: (row) => change(row, false),
        addPod: (row) => change(row, true),
        verdict,
      });
    } finally {
      this.#end();
    }
  }

  #firstBeside(beside: readonly Change[], node: number): Rejection | undefined {
    const supposition = this.#supposition!;
    for (const { row, kind } of beside) supposition.add(row, kind);
    try {
      return firstOf(this.#told, node);
    } finally {
      for (let i = beside.length - 1; i >= 0; i--) supposition.remove(beside[i].row, beside[i].kind);
    }
  }

  #arrivals(rows: readonly number[]): readonly Change[] {
    if (rows.length === 0) return NO_CHANGES;
    return rows.map((row) => ({ row, kind: this.#nominations!.kindOf(row), came: true }));
  }

  #begin(node: number, changes: readonly Change[]): void {
    if (!this.#local) this.#told = this.#askWhatIf();
    this.#supposition = this.#cluster.suppose(node);
    for (const change of changes) this.#apply(change);
  }

  #askWhatIf(): readonly (NamedJudge & { readonly whatIf?: WhatIf })[] {
    this.#filtering ??= this.#profile.plugins.flatMap(({ plugin }) => filteringOf(plugin, this.#cycle));
    return this.#filtering.flatMap(({ plugin, judge, whatIf }) => {
      if (judge !== undefined) return [{ plugin, judge }];
      const told = whatIf();
      return told === undefined ? [] : [{ plugin, judge: told.judge, whatIf: told }];
    });
  }

  #apply({ row, kind, came }: Change): void {
    const supposition = this.#supposition!;
    if (came) supposition.add(row, kind);
    else supposition.remove(row);
    if (this.#local) return;
    for (const { whatIf } of this.#told) {
      if (came) whatIf?.addPod(row, kind, supposition.node);
      else whatIf?.removePod(row, kind, supposition.node);
    }
  }

  #end(): void {
    this.#supposition?.end();
    this.#supposition = undefined;
  }
}

function firstOf(judges: readonly NamedJudge[], node: number): Rejection | undefined {
  for (const { plugin, judge } of judges) {
    const status = judge(node);
    if (status !== undefined) return { status, plugin };
  }
  return undefined;
}

function filteringOf(plugin: Plugin, cycle: Cycle): Filtering[] {
  const { name, whatIf } = plugin;
  if (whatIf !== undefined) return [{ plugin: name, judge: undefined, whatIf: () => whatIf(cycle) }];
  const judge = judgeOf(plugin, cycle);
  return judge === undefined ? [] : [{ plugin: name, judge, whatIf: undefined }];
}

/** A plugin without `judge` is asked through its filter, and gives no reasons. */
export function judgeOf({ judge, filter }: Plugin, cycle: Cycle): Judge | undefined {
  if (judge !== undefined) return judge(cycle);
  const keep = filter?.(cycle);
  if (keep === undefined) return undefined;
  const one: Selection = { rows: new Uint32Array(1), length: 1 };
  const rejected = unschedulable();
  return (node) => {
    one.rows[0] = node;
    one.length = 1;
    keep(one);
    return one.length === 0 ? rejected : undefined;
  };
}
