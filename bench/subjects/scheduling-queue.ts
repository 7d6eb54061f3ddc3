import { randomKey, uniformInt } from "../../src/base/random.ts";
import { SchedulingQueue } from "../../src/scheduler/queue/scheduling-queue.ts";
import type { Subject } from "../subject.ts";

/** One pod in eight fails once, and is tried again after its back-off. */
export const schedulingQueue: Subject = {
  name: "scheduling queue, add, pop, fail and try again",
  unit: "pod",
  prepare(size) {
    const count = size === "full" ? 50_000 : 2000;
    const key = randomKey(42, "priorities");
    const priorities = Int32Array.from({ length: count }, (_, pod) => uniformInt(key, pod, 0, 4));
    const order = new Int32Array(count);
    return {
      units: count,
      run() {
        const queue = new SchedulingQueue();
        for (let pod = 0; pod < count; pod++) queue.add(pod, priorities[pod], pod);
        let done = 0;
        let nowUs = count;
        while (done < count) {
          const pod = queue.pop();
          if (pod === -1) {
            nowUs += 60_000_000;
            queue.moveUnschedulable(1, nowUs);
            queue.flushBackoff(nowUs);
          } else if (pod % 8 === 0 && queue.attemptsOf(pod) === 1) {
            queue.fail(1, nowUs++);
          } else {
            queue.done();
            order[done++] = pod;
          }
        }
        return order;
      },
    };
  },
};
