import { EventHeap } from "../../src/base/event-heap.ts";
import { randomKey, uniformInt } from "../../src/base/random.ts";
import type { Subject } from "../subject.ts";

/** A pod arrives, is tried, bound, started, and finishes after a time of its own. */
const LIFE = 5;
const ARRIVES_EVERY_US = 1000;
/** From each event of a life to the next, as the simulation's costs have it. */
const UNTIL_NEXT_US = [600, 10_000, 1_000_000];
const LONGEST_RUN_US = 100_000_000;

export const eventHeap: Subject = {
  name: "event heap, the events of pods' lives",
  unit: "event",
  // So that simulation waits for decisions and not for its own events.
  bar: 1_000_000,
  prepare(size) {
    const pods = size === "full" ? 100_000 : 2000;
    const key = randomKey(42, "run times");
    const runUs = Int32Array.from({ length: pods }, (_, pod) => uniformInt(key, pod, 0, LONGEST_RUN_US));
    const finished = new Int32Array(pods);
    return {
      units: LIFE * pods,
      run() {
        const heap = new EventHeap();
        let count = 0;
        heap.push(0, 0, 0);
        while (heap.pop()) {
          const { time, what, whom } = heap;
          if (what === 0 && whom + 1 < pods) heap.push(time + ARRIVES_EVERY_US, 0, whom + 1);
          if (what === LIFE - 1) finished[count++] = whom;
          else
            heap.push(
              time + (what < UNTIL_NEXT_US.length ? UNTIL_NEXT_US[what] : runUs[whom]),
              what + 1,
              whom,
            );
        }
        return finished;
      },
    };
  },
};
