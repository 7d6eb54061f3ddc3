import { isDeepStrictEqual } from "node:util";
import type { QueueObservation, QueueScript } from "./queue-script.ts";
import { replayQueueScript } from "./queue-script-replay.ts";

/** One member of one observation that is not as recorded; undefined where it is absent. */
export interface QueueScriptDifference {
  /** Place in the script's steps. */
  readonly step: number;
  readonly member: keyof QueueObservation;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Replays a script and compares every observation whole: places, order, counts, times, events and each plugin's answer. */
export function queueScriptDifferences(script: QueueScript): QueueScriptDifference[] {
  const observations = replayQueueScript(script);
  return script.expected.flatMap((expected, step) => {
    const actual = observations[step];
    const members = new Set([...Object.keys(expected), ...Object.keys(actual)]) as Set<
      keyof QueueObservation
    >;
    return [...members]
      .filter((member) => !isDeepStrictEqual(expected[member], actual[member]))
      .map((member) => ({ step, member, expected: expected[member], actual: actual[member] }));
  });
}
