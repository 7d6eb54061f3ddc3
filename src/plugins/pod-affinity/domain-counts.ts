import type { Column } from "../../cluster/column.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import {
  columnFact,
  domainCountFact,
  domainHeldFact,
  isDistinct,
  type NodeFact,
} from "../../scheduler/node-fact.ts";

/** What one pod of a kind adds to the topology domain of its node under a key. */
export interface Contribution {
  readonly topologyKey: string;
  readonly weight: number;
}

/** What pods of a kind add; asked once per kind, and nothing for most. */
type ContributionsOf = (kind: PodKind) => readonly Contribution[];

interface NumberedContribution {
  readonly key: number;
  readonly weight: number;
}

/** Shared by all kinds that add nothing: where pods are all unlike there is one for each pair of them. */
const NOTHING: readonly NumberedContribution[] = [];

/** Contributions by kind, with topology keys as small integers; it outlives the counts, which nodes may invalidate. */
export class Contributions {
  readonly keys: string[] = [];
  readonly #of: ContributionsOf;
  readonly #byKind: (readonly NumberedContribution[] | undefined)[] = [];

  constructor(of: ContributionsOf, keys: readonly string[] = []) {
    this.#of = of;
    for (const key of keys) this.#number(key);
  }

  of(kind: PodKind): readonly NumberedContribution[] {
    let contributions = this.#byKind[kind.id];
    if (contributions === undefined) {
      const named = this.#of(kind);
      contributions = named.length === 0 ? NOTHING : named.map((one) => this.#numbered(one));
      this.#byKind[kind.id] = contributions;
    }
    return contributions;
  }

  #numbered({ topologyKey, weight }: Contribution): NumberedContribution {
    return { key: this.#number(topologyKey), weight };
  }

  #number(topologyKey: string): number {
    const place = this.keys.indexOf(topologyKey);
    return place === -1 ? this.keys.push(topologyKey) - 1 : place;
  }
}

/** The domains of one topology key: `counts[value[node]]`, where value 0, for nodes without the key, always counts 0. */
export interface Domains {
  readonly value: Column;
  readonly counts: Int32Array;
}

/** Contributions of pods added up by topology key and domain. They hold while no node joins, leaves or changes its labels. */
export class DomainCounts {
  /** By number of the key. */
  readonly domains: Domains[] = [];
  readonly #contributions: Contributions;
  readonly #nodes: NodeColumns;
  #entries = 0;

  constructor(contributions: Contributions, nodes: NodeColumns) {
    this.#contributions = contributions;
    this.#nodes = nodes;
    this.#admitKeys();
  }

  /** How many contributions were counted, whatever they add up to. */
  get entries(): number {
    return this.#entries;
  }

  /** Counts a pod of a kind on a node, or no longer. */
  count(kind: PodKind, node: number, sign: 1 | -1): void {
    const contributions = this.#contributions.of(kind);
    if (contributions.length === 0) return;
    if (this.domains.length < this.#contributions.keys.length) this.#admitKeys();
    for (let i = 0; i < contributions.length; i++) {
      const { key, weight } = contributions[i];
      const { value, counts } = this.domains[key];
      const domain = value[node];
      if (domain === 0) continue;
      counts[domain] += sign * weight;
      this.#entries += sign;
    }
  }

  /**
   * What tells nodes apart by these counts: their domains, or what is counted there where they have them for themselves.
   * @param whether only whether something is counted there matters, not how much
   */
  facts(whether = false): NodeFact[] {
    const ofDistinct = whether ? domainHeldFact : domainCountFact;
    return this.domains.map(({ value, counts }) =>
      isDistinct(value, this.#nodes) ? ofDistinct(value, counts) : columnFact(value),
    );
  }

  /** The same counts, which go their own way from now on. */
  copy(): DomainCounts {
    const copy = new DomainCounts(this.#contributions, this.#nodes);
    this.domains.forEach(({ counts }, key) => {
      copy.domains[key].counts.set(counts);
    });
    copy.#entries = this.#entries;
    return copy;
  }

  #admitKeys(): void {
    const { keys } = this.#contributions;
    for (let key = this.domains.length; key < keys.length; key++) {
      const value = this.#nodes.label(keys[key]);
      let greatest = 0;
      for (let node = 0; node < this.#nodes.count; node++) greatest = Math.max(greatest, value[node]);
      this.domains.push({ value, counts: new Int32Array(greatest + 1) });
    }
  }
}
