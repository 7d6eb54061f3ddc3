import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NodeFact } from "../../scheduler/node-fact.ts";
import type { Cycle, Judge } from "../../scheduler/plugin.ts";
import { unresolvable, unschedulable } from "../../scheduler/status.ts";
import { Contributions, DomainCounts, type Domains } from "./domain-counts.ts";
import { podAffinityTerms } from "./pod-affinity-terms.ts";
import { matchOfExistingTerms, matchOfIncomingTerms } from "./term-matching.ts";

const NO_AFFINITY = unresolvable("node(s) didn't match pod affinity rules");
const OWN_ANTI_AFFINITY = unschedulable("node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

/** What required terms say between an incoming kind and all others. */
interface RequiredRelation {
  readonly existingAnti: Contributions;
  readonly affinity: Contributions;
  readonly anti: Contributions;
  /** Whether the pod has such terms of its own. */
  readonly hasAffinity: boolean;
  readonly hasAnti: boolean;
  /** Whether the pod would satisfy its own affinity terms. */
  readonly matchesItself: boolean;
}

export function requiredRelation({ pod, cluster }: Cycle): RequiredRelation {
  const terms = podAffinityTerms(pod);
  const { namespaces } = cluster.objects;
  const existing = matchOfExistingTerms(namespaces, pod);
  const incoming = matchOfIncomingTerms(namespaces);
  const matchesAllAffinity = (kind: PodKind): boolean => terms.affinity.every((term) => incoming(term, kind));
  return {
    existingAnti: new Contributions((kind) =>
      podAffinityTerms(kind).antiAffinity.filter((term) => existing(term, pod)),
    ),
    affinity: new Contributions(
      (kind) => (matchesAllAffinity(kind) ? terms.affinity : []),
      terms.affinity.map(({ topologyKey }) => topologyKey),
    ),
    anti: new Contributions((kind) => terms.antiAffinity.filter((term) => incoming(term, kind))),
    hasAffinity: terms.affinity.length > 0,
    hasAnti: terms.antiAffinity.length > 0,
    matchesItself: matchesAllAffinity(pod),
  };
}

/**
 * Upstream's three maps from topology pairs to counts, and the verdicts that they give (upstream: plugins/interpodaffinity,
 * filtering.go).
 */
export class RequiredCounts {
  readonly #relation: RequiredRelation;
  readonly #existingAnti: DomainCounts;
  readonly #affinity: DomainCounts;
  readonly #anti: DomainCounts;

  constructor(
    relation: RequiredRelation,
    existingAnti: DomainCounts,
    affinity: DomainCounts,
    anti: DomainCounts,
  ) {
    this.#relation = relation;
    this.#existingAnti = existingAnti;
    this.#affinity = affinity;
    this.#anti = anti;
  }

  static ofEmptyCluster(relation: RequiredRelation, nodes: NodeColumns): RequiredCounts {
    return new RequiredCounts(
      relation,
      new DomainCounts(relation.existingAnti, nodes),
      new DomainCounts(relation.affinity, nodes),
      new DomainCounts(relation.anti, nodes),
    );
  }

  copy(): RequiredCounts {
    return new RequiredCounts(
      this.#relation,
      this.#existingAnti.copy(),
      this.#affinity.copy(),
      this.#anti.copy(),
    );
  }

  /** Nothing to judge: the pod has no required terms, and none of the pods that are there minds it. */
  get irrelevant(): boolean {
    const { hasAffinity, hasAnti } = this.#relation;
    return !hasAffinity && !hasAnti && this.#existingAnti.entries === 0;
  }

  facts(): NodeFact[] {
    return [this.#existingAnti, this.#affinity, this.#anti].flatMap((counts) => counts.facts(true));
  }

  /** How many topology keys there are to count by. */
  get keys(): number {
    return this.#existingAnti.domains.length + this.#affinity.domains.length + this.#anti.domains.length;
  }

  count(kind: PodKind, node: number, sign: 1 | -1): void {
    this.#existingAnti.count(kind, node, sign);
    if (this.#relation.hasAffinity) this.#affinity.count(kind, node, sign);
    if (this.#relation.hasAnti) this.#anti.count(kind, node, sign);
  }

  readonly judge: Judge = (node) => {
    if (!this.#satisfiesAffinity(node)) return NO_AFFINITY;
    if (holdsAny(this.#anti.domains, node)) return OWN_ANTI_AFFINITY;
    if (holdsAny(this.#existingAnti.domains, node)) return EXISTING_ANTI_AFFINITY;
    return undefined;
  };

  passes(node: number): boolean {
    return this.judge(node) === undefined;
  }

  #satisfiesAffinity(node: number): boolean {
    if (!this.#relation.hasAffinity) return true;
    let missing = false;
    const { domains } = this.#affinity;
    for (let i = 0; i < domains.length; i++) {
      const { value, counts } = domains[i];
      const domain = value[node];
      if (domain === 0) return false;
      if (counts[domain] <= 0) missing = true;
    }
    // The first pod of a group that wants to be together may go anywhere, as long as no such pod is in any domain.
    return !missing || (this.#affinity.entries === 0 && this.#relation.matchesItself);
  }
}

function holdsAny(domains: readonly Domains[], node: number): boolean {
  for (let i = 0; i < domains.length; i++) if (domains[i].counts[domains[i].value[node]] > 0) return true;
  return false;
}
