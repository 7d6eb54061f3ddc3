import { EventHeap } from "../../src/base/event-heap.ts";
import { randomKey, uniformInt } from "../../src/base/random.ts";
import type { Subject } from "../subject.ts";

export const eventHeap: Subject = {
  name: "event heap, push all and pop all",
  unit: "event",
  prepare(size) {
    const count = size === "full" ? 100_000 : 5000;
    const key = randomKey(42, "events");
    // A tenth as many times as events, so that many are equal.
    const times = Int32Array.from({ length: count }, (_, i) => uniformInt(key, i, 0, count / 10));
    const order = new Int32Array(count);
    return {
      units: count,
      run() {
        const heap = new EventHeap();
        for (let i = 0; i < count; i++) heap.push(times[i], 0, i);
        for (let i = 0; heap.pop(); i++) order[i] = heap.whom;
        return order;
      },
    };
  },
};
