import fc from "fast-check";
import type { Cluster } from "../cluster/cluster.ts";
import type { ReferencePolicy } from "../reference/reference-policy.ts";
import { type Profile, TIE_BREAKS, type TieBreak } from "../scheduler/profile.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { arbitraryHistory, type ClusterHistory } from "./arbitrary-history.ts";
import { compareDecisions, type Decider } from "./compare-decisions.ts";
import { expectedDecisions, type Happening } from "./expected-decisions.ts";
import { forcedSample } from "./forced-sample.ts";

/** A history played by the reference under one of several policies. */
export interface DifferentialCase {
  readonly happenings: readonly Happening[];
  readonly policy: ReferencePolicy;
  readonly seed: number;
  readonly sample: number | undefined;
}

/** What shall decide as the reference does, and where it first did not. */
interface Difference {
  /** The place of the case, counted from 1. */
  readonly place: number;
  readonly text: string;
}

/**
 * The first `count` random cases of a seed; policies and tie rules take turns, every other case forces a small sample.
 * Each case is played when it is first asked for, and then kept: planted mistakes are many, and most die early.
 */
export class DifferentialCases {
  readonly #histories;
  readonly #policies: readonly ReferencePolicy[];
  readonly #played: DifferentialCase[] = [];

  /** @param histories `arbitraryHistory` when absent */
  constructor(
    count: number,
    seed: number,
    policies: readonly ReferencePolicy[],
    histories: fc.Arbitrary<ClusterHistory> = arbitraryHistory,
  ) {
    this.#histories = fc.sample(histories, { numRuns: count, seed });
    this.#policies = policies;
  }

  /**
   * The first case in which another scheduler decides otherwise; undefined when there is none.
   * @param profileOf its profile in the place of a policy
   * @param makeDecider what decides; a `SchedulingCycle` when absent
   */
  firstDifference(
    profileOf: (policy: ReferencePolicy) => Profile,
    makeDecider: (cluster: Cluster, profile: Profile, played: DifferentialCase) => Decider = schedulingCycle,
  ): Difference | undefined {
    for (let i = 0; i < this.#histories.length; i++) {
      const played = this.#at(i);
      const profile = { ...profileOf(played.policy), tieBreak: played.policy.tieBreak };
      const text = compareDecisions(played.happenings, profile, (cluster) =>
        makeDecider(cluster, profile, played),
      );
      if (text !== undefined) return { place: i + 1, text: `${profile.name}: ${text}` };
    }
    return undefined;
  }

  #at(place: number): DifferentialCase {
    this.#played[place] ??= this.#play(place);
    return this.#played[place];
  }

  #play(place: number): DifferentialCase {
    const policies = this.#policies;
    const tieBreak: TieBreak = TIE_BREAKS[Math.trunc(place / policies.length) % TIE_BREAKS.length];
    const policy = { ...policies[place % policies.length], tieBreak };
    const sample = place % 2 === 0 ? undefined : 1 + (Math.trunc(place / 2) % 6);
    const rules = { policy, seed: place, ...(sample !== undefined && { sample }) };
    return { happenings: expectedDecisions(this.#histories[place], rules), policy, seed: place, sample };
  }
}

function schedulingCycle(cluster: Cluster, profile: Profile, { seed, sample }: DifferentialCase): Decider {
  const forced = sample === undefined ? {} : { numFeasibleNodesToFind: forcedSample(sample) };
  return new SchedulingCycle({ cluster, profile, seed, ...forced });
}
