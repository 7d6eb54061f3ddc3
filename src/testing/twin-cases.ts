import fc from "fast-check";
import type { SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import {
  arbitraryHistory,
  arbitraryLargeHistory,
  arbitraryRelatedHistory,
  arbitraryVastHistory,
} from "./arbitrary-history.ts";
import {
  arbitraryKindredHistory,
  arbitraryPressedHistory,
  arbitrarySpreadHistory,
  arbitraryWideHistory,
  type PressedHistory,
} from "./arbitrary-pressed-history.ts";
import { arbitrarySmallAmounts } from "./arbitrary-small-amounts.ts";
import { arbitraryTwinRules } from "./arbitrary-twin-rules.ts";
import type { PlantedSources } from "./plant-in-source.ts";
import { everyImbalance, everyPreference, everyShare } from "./drills.ts";
import { TwinCycles, type TwinRules } from "./twin-cycles.ts";

const families: readonly (readonly [histories: fc.Arbitrary<PressedHistory>, count: number])[] = [
  [arbitraryHistory, 500],
  [arbitraryRelatedHistory, 700],
  [arbitraryPressedHistory, 400],
  [arbitraryKindredHistory, 300],
  [arbitrarySpreadHistory, 200],
  [arbitrarySmallAmounts, 200],
  [arbitraryWideHistory, 100],
  [arbitraryLargeHistory, 60],
  [arbitraryVastHistory, 8],
];

/** Clusters of all families in turn, always the same; drawn when they are first asked for. */
export class TwinCases {
  #cases: TwinRules[] | undefined;

  /**
   * The place, counted from 1, of the first cluster in which copies of the scheduler and its plugins decide otherwise than those on
   * disk scan, and how; undefined when there is none.
   */
  firstDifference({ SchedulingCycle, shippedProfiles }: PlantedSources) {
    const fast = (options: SchedulingCycleOptions) => {
      const planted = shippedProfiles().find(({ name }) => name === options.profile.name)!;
      return new SchedulingCycle({ ...options, profile: { ...planted, tieBreak: options.profile.tieBreak } });
    };
    this.#cases ??= this.#draw();
    for (const [place, { history, ...rules }] of this.#cases.entries()) {
      const text = new TwinCycles(rules, fast).play(history);
      if (text !== undefined) return { place: place + 1, text };
    }
    return undefined;
  }

  #draw(): TwinRules[] {
    const drawn = families.map(([histories, numRuns]) => {
      const cases = fc.sample(arbitraryTwinRules(histories), { numRuns, seed: 5 });
      return cases.map((rules, i) => ({ rules, at: (i + 0.5) / numRuns }));
    });
    const drills = ["default", "most-allocated"].flatMap((policy) =>
      [everyShare(49), everyShare(100), everyImbalance(50, 34), everyPreference()].map((history) => {
        return { history, policy, tieBreak: "first", seed: 1 } as const;
      }),
    );
    const inTurn = drawn.flat().sort((a, b) => a.at - b.at);
    return [...inTurn.slice(0, 100).map(({ rules }) => rules), ...drills, ...inTurn.slice(100).map(({ rules }) => rules)];
  }
}
