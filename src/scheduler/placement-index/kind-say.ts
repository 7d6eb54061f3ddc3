import { InvariantViolation } from "../../base/errors.ts";
import type { NodeFact } from "../node-fact.ts";
import type { Cycle } from "../plugin.ts";
import type { Standing } from "../standing.ts";
import { standingOf } from "../standing-of.ts";
import { Asked } from "./asked.ts";
import type { OtherPlugin } from "./kind-plan.ts";

export interface WeightedStanding {
  readonly standing: Standing;
  readonly weight: number;
}

/** One plugin's standing, and what it was when the lists were made. */
interface Voice {
  readonly other: OtherPlugin;
  standing: Standing | undefined;
  filters: boolean;
  scores: boolean;
  facts: readonly NodeFact[] | undefined;
}

const NONE: readonly NodeFact[] = [];

/** What the plugins that read more than the node's row have to say about pods of one kind. */
export class KindSay {
  readonly #voices: readonly Voice[];
  /** Those that may reject, and those that score, in the order of the profile. */
  readonly filters: Standing[] = [];
  /** The places of those that may reject in the profile. */
  readonly places: number[] = [];
  readonly scores: WeightedStanding[] = [];
  /** What tells nodes apart to those that say something; undefined: anything may. */
  facts: readonly NodeFact[] | undefined = NONE;

  constructor(others: readonly OtherPlugin[]) {
    this.#voices = others.map((other) => ({
      other,
      standing: undefined,
      filters: false,
      scores: false,
      facts: undefined,
    }));
  }

  /** Nobody rejects and nobody scores. */
  get silent(): boolean {
    return this.filters.length === 0 && this.scores.length === 0;
  }

  /** @internal Who says what, to be checked. */
  inspect() {
    return this.#voices.flatMap(({ other: { plugin }, standing, filters, scores }) =>
      standing === undefined ? [] : [{ plugin, standing, filters, scores }],
    );
  }

  /** False when one of them has a say at PreFilter or fails to score, which is for the scan to handle. */
  refresh(cycle: Cycle): boolean {
    if (this.#voices.length === 0) return true;
    try {
      return this.#refresh(cycle);
    } catch (error) {
      if (error instanceof InvariantViolation) return false;
      throw error;
    }
  }

  #refresh(cycle: Cycle): boolean {
    let moved = false;
    for (let i = 0; i < this.#voices.length; i++) {
      const voice = this.#voices[i];
      const standing = refreshed(voice, cycle);
      if (standing === undefined) return false;
      const { plugin } = voice.other;
      const filters = standing.filters && plugin.filter !== undefined;
      const scores = standing.scores && plugin.score !== undefined;
      const facts = filters || scores ? standing.facts : NONE;
      if (
        standing === voice.standing &&
        filters === voice.filters &&
        scores === voice.scores &&
        facts === voice.facts
      ) {
        continue;
      }
      moved = true;
      voice.standing = standing;
      voice.filters = filters;
      voice.scores = scores;
      voice.facts = facts;
    }
    if (moved) this.#list();
    return true;
  }

  #list(): void {
    this.filters.length = 0;
    this.places.length = 0;
    this.scores.length = 0;
    const facts = new Set<NodeFact>();
    let known = true;
    for (const { standing, other, ...voice } of this.#voices) {
      if (standing === undefined) continue;
      if (voice.filters) {
        this.filters.push(standing);
        this.places.push(other.place);
      }
      if (voice.scores) this.scores.push({ standing, weight: other.weight });
      if (voice.facts === undefined) known = false;
      else for (const fact of voice.facts) facts.add(fact);
    }
    this.facts = known ? [...facts] : undefined;
  }
}

function refreshed({ other: { plugin }, standing }: Voice, cycle: Cycle): Standing | undefined {
  if (standing?.refresh(cycle) === true) return standing;
  const fresh = standingOf(plugin, cycle) ?? new Asked(plugin);
  return fresh.refresh(cycle) ? fresh : undefined;
}
