import { randomKey, uniformInt } from "../../src/base/random.ts";
import type { PodObject } from "../../src/kubernetes/pod.ts";
import { registrar } from "../../src/scheduler/queue/event-registration.ts";
import { queueEvent } from "../../src/scheduler/queue/queue-event.ts";
import type { QueuePod } from "../../src/scheduler/queue/queued-pod.ts";
import { SchedulingQueue } from "../../src/scheduler/queue/scheduling-queue.ts";
import type { Subject } from "../subject.ts";

interface Row extends QueuePod {
  readonly key: number;
}

const object: PodObject = { kind: "Pod" };
const rejectors = new Set(["Fit"]);

/** Every pod is scheduled at once. */
export const queuePassage: Subject = {
  name: "scheduling queue, add, pop, done",
  unit: "pod",
  prepare(size) {
    const rows = newcomers(size === "full" ? 50_000 : 2000);
    const order = new Int32Array(rows.length);
    return {
      units: rows.length,
      run() {
        const queue = emptyQueue();
        for (const row of rows) queue.add(row, row.key);
        for (let done = 0; done < rows.length; done++) {
          const { pod } = queue.pop()!;
          queue.done(pod.uid);
          order[done] = pod.key;
        }
        return order;
      },
    };
  },
};

/** One pod in eight fails once, and is tried again after its back-off. */
export const schedulingQueue: Subject = {
  name: "scheduling queue, add, pop, fail and try again",
  unit: "pod",
  prepare(size) {
    const rows = newcomers(size === "full" ? 50_000 : 2000);
    const count = rows.length;
    const order = new Int32Array(count);
    return {
      units: count,
      run() {
        const queue = emptyQueue();
        for (const row of rows) queue.add(row, row.key);
        let done = 0;
        let nowUs = count;
        while (done < count) {
          const entry = queue.pop();
          if (entry === undefined) {
            nowUs += 60_000_000;
            queue.moveAll(
              { event: queueEvent("AssignedPod", "Delete"), before: object, after: undefined },
              nowUs,
            );
            queue.flushBackoff(nowUs);
          } else if (entry.pod.key % 8 === 0 && entry.attempts === 1) {
            entry.unschedulablePlugins = rejectors;
            queue.addUnschedulable(entry, nowUs++);
          } else {
            queue.done(entry.pod.uid);
            order[done++] = entry.pod.key;
          }
        }
        return order;
      },
    };
  },
};

function newcomers(count: number): Row[] {
  const key = randomKey(42, "priorities");
  return Array.from({ length: count }, (_, row): Row => {
    const priority = uniformInt(key, row, 0, 4);
    return { key: row, uid: row, priority, nominatedNode: "", profile: 0, object };
  });
}

function emptyQueue(): SchedulingQueue<Row> {
  return new SchedulingQueue<Row>({
    profiles: [{ gates: [], registrations: [registrar("Fit")("AssignedPod", ["Delete"])] }],
    lookup: { resourceClaim: () => undefined, volumeClaim: () => undefined, deviceClasses: () => [] },
    isWaiting: () => true,
  });
}
