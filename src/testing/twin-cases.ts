import fc from "fast-check";
import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import { arbitraryHistory, arbitraryLargeHistory, arbitraryRelatedHistory } from "./arbitrary-history.ts";
import {
  arbitraryKindredHistory,
  arbitraryPressedHistory,
  arbitrarySpreadHistory,
  arbitraryWideHistory,
  type PressedHistory,
} from "./arbitrary-pressed-history.ts";
import { arbitrarySmallAmounts } from "./arbitrary-small-amounts.ts";
import { arbitraryTwinRules } from "./arbitrary-twin-rules.ts";
import { arbitraryVastHistory } from "./arbitrary-vast-history.ts";
import {
  everyImbalance,
  everyOvercommitment,
  everyPreference,
  everyShare,
  ignoredNodes,
  oneBest,
  sayingNothing,
} from "./drills.ts";
import { type SourceMistake, SourcePlanter } from "./plant-in-source.ts";
import { TwinCycles, type TwinRules } from "./twin-cycles.ts";

const families: readonly (readonly [histories: fc.Arbitrary<PressedHistory>, count: number])[] = [
  [arbitraryHistory, 200],
  [arbitraryRelatedHistory, 350],
  [arbitraryPressedHistory, 300],
  [arbitraryKindredHistory, 150],
  [arbitrarySpreadHistory, 250],
  [arbitrarySmallAmounts, 100],
  [arbitraryWideHistory, 50],
  [arbitraryLargeHistory, 20],
  [arbitraryVastHistory, 16],
];

/** Clusters of all families in turn, always the same; drawn when they are first asked for. */
export class TwinCases {
  readonly #profiles: readonly Profile[];
  readonly #planter = new SourcePlanter();
  #cases: TwinRules[] | undefined;

  /** @param profiles the shipped ones */
  constructor(profiles: readonly Profile[]) {
    this.#profiles = profiles;
  }

  /**
   * The place, counted from 1, of the first cluster in which copies of the scheduler and its plugins decide otherwise than those on
   * disk scan, or not at all, and how; undefined when there is none.
   * @param mistake what is wrong in the copies; undefined: nothing
   * @param count how many clusters at most
   */
  async firstDifference(mistake: SourceMistake | undefined, count = Number.POSITIVE_INFINITY) {
    const { SchedulingCycle, shippedProfiles } = await this.#planter.plant(mistake);
    const profileOf = (policy: string) => this.#profiles.find(({ name }) => name === policy)!;
    const fast = (options: SchedulingCycleOptions) => {
      const planted = shippedProfiles().find(({ name }) => name === options.profile.name)!;
      return new SchedulingCycle({ ...options, profile: { ...planted, tieBreak: options.profile.tieBreak } });
    };
    this.#cases ??= this.#draw();
    for (const [place, { history, ...rules }] of this.#cases.slice(0, count).entries()) {
      const text = play(new TwinCycles(rules, profileOf, fast), history);
      if (text === undefined) continue;
      if (process.env["STOWAGE_COVERAGE"] !== undefined)
        console.log(`${mistake?.name}: cluster ${place + 1}`);
      return { place: place + 1, text };
    }
    return undefined;
  }

  end(): Promise<void> {
    return this.#planter.end();
  }

  #draw(): TwinRules[] {
    const policies = this.#profiles.map(({ name }) => name);
    const drawn = families.map(([histories, numRuns]) => {
      const cases = fc.sample(arbitraryTwinRules(histories, policies), { numRuns, seed: 5 });
      // By what it decides alone.
      return cases.map((rules, i) => ({ rules: { ...rules, check: false }, at: (i + 0.5) / numRuns }));
    });
    const histories = [
      everyShare(49),
      everyShare(100),
      everyImbalance(50, 34),
      everyOvercommitment(7, 100),
      everyPreference(),
      sayingNothing(),
      ignoredNodes(),
      oneBest(),
    ];
    const drills = ["default-all-nodes", "most-allocated", "requested-to-capacity-ratio"].flatMap((policy) =>
      histories.map(
        (history): TwinRules => ({ history, policy, tieBreak: "first", seed: 1, atAnyCost: true }),
      ),
    );
    const inTurn = drawn.flat().sort((a, b) => a.at - b.at);
    return [
      ...inTurn.slice(0, 100).map(({ rules }) => rules),
      ...drills,
      ...inTurn.slice(100).map(({ rules }) => rules),
    ];
  }
}

function play(twins: TwinCycles, history: PressedHistory): string | undefined {
  try {
    return twins.play(history);
  } catch (error) {
    return String(error);
  }
}
