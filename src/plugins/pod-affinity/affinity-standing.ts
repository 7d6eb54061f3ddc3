import type { NodeFact } from "../../scheduler/node-fact.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import type { Selection } from "../../scheduler/selection.ts";
import type { Standing } from "../../scheduler/standing.ts";
import type { KeptCounts } from "./counted-per-kind.ts";
import type { DomainCounts } from "./domain-counts.ts";
import { podAffinityTerms } from "./pod-affinity-terms.ts";
import type { RequiredCounts } from "./required-counts.ts";
import { normalizeSums, sumOverKeys } from "./sum-over-keys.ts";

/** How the counts for a kind of pods are had. */
export interface AffinityCounts {
  readonly required: (cycle: Cycle) => KeptCounts<RequiredCounts>;
  readonly preferred: (cycle: Cycle) => KeptCounts<DomainCounts>;
  /** Terms of the pods that are there do not score pods without preferred terms. */
  readonly ignoresExisting: boolean;
}

const NO_FACTS: readonly NodeFact[] = [];

/** What required and preferred terms say of pods of one kind, while the namespaces stand. */
export class AffinityStanding implements Standing {
  filters = false;
  scores = false;
  facts: readonly NodeFact[] = NO_FACTS;
  readonly #counts: AffinityCounts;
  readonly #namespaces: Cycle["cluster"]["objects"]["namespaces"];
  /** The pod has such terms of its own. */
  readonly #requires: boolean;
  readonly #prefers: boolean;
  /** Undefined while no pod can have a say. */
  #required: KeptCounts<RequiredCounts> | undefined;
  #preferred: KeptCounts<DomainCounts> | undefined;
  /** How many topology keys the facts were made for. */
  #keys = 0;

  constructor({ pod, cluster }: Cycle, counts: AffinityCounts) {
    const { affinity, antiAffinity, preferredAffinity, preferredAntiAffinity } = podAffinityTerms(pod);
    this.#counts = counts;
    this.#namespaces = cluster.objects.namespaces;
    this.#requires = affinity.length + antiAffinity.length > 0;
    this.#prefers = preferredAffinity.length + preferredAntiAffinity.length > 0;
  }

  refresh(cycle: Cycle): boolean {
    const { nodes } = cycle;
    if (cycle.cluster.objects.namespaces !== this.#namespaces) return false;
    const others = nodes.podsWithAffinity > 0;
    const required = this.#requires || others;
    const preferred = this.#prefers || (others && !this.#counts.ignoresExisting);
    if (required) {
      this.#required ??= this.#counts.required(cycle);
      if (!this.#required.catchUp(nodes)) return false;
    }
    if (preferred) {
      this.#preferred ??= this.#counts.preferred(cycle);
      if (!this.#preferred.catchUp(nodes)) return false;
    }
    this.filters = required && !this.#required!.counts.irrelevant;
    // Skipped when no term matched; weights that cancel each other out are matches all the same.
    this.scores = preferred && this.#preferred!.counts.entries !== 0;
    if (this.filters || this.scores) this.#refreshFacts();
    return true;
  }

  #refreshFacts(): void {
    const required = this.#required?.counts;
    const preferred = this.#preferred?.counts;
    const keys = (required?.keys ?? 0) + (preferred?.domains.length ?? 0);
    if (keys === this.#keys) return;
    this.#keys = keys;
    this.facts = [...(required?.facts() ?? []), ...(preferred?.facts() ?? [])];
  }

  passes(node: number): boolean {
    return this.#required!.counts.passes(node);
  }

  score(feasible: Selection, scores: Int32Array): void {
    sumOverKeys(this.#preferred!.counts.domains, feasible, scores);
    normalizeSums(scores, feasible);
  }
}
