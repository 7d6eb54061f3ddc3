import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PodObject } from "../../kubernetes/pod.ts";
import { registrar } from "./event-registration.ts";
import type { EventReport } from "./event-report.ts";
import { queueEvent } from "./queue-event.ts";
import { podKey, type QueuedPod, type QueuePod, queuePod } from "./queued-pod.ts";
import { SchedulingQueue } from "./scheduling-queue.ts";

const S = 1_000_000;
const on = registrar("Picky");

function object(name: string, priority = 0): PodObject {
  return { kind: "Pod", metadata: { name, labels: { name } }, spec: { priority } };
}

function pod(name: string, priority = 0): QueuePod {
  return queuePod(object(name, priority));
}

/** A queue whose plugin Picky wants a node of the pod's name, and whose plugin Easy any node. */
function newQueue(observer?: (report: EventReport) => void): SchedulingQueue {
  return new SchedulingQueue({
    profiles: [
      {
        gates: [
          { plugin: "Closed", admits: ({ object }) => (object.spec?.schedulingGates ?? []).length === 0 },
        ],
        registrations: [
          on("Node", ["Add"], (waiting, _before, node) => node?.metadata?.name === waiting.metadata?.name),
          registrar("Easy")("Node", ["Add"]),
        ],
      },
    ],
    lookup: { resourceClaim: () => undefined, volumeClaim: () => undefined, deviceClasses: () => [] },
    isWaiting: () => true,
    ...(observer && { observer }),
  });
}

function addNode(queue: SchedulingQueue, name: string, nowUs: number): void {
  const after = { kind: "Node", metadata: { name } } as const;
  queue.moveAll({ event: queueEvent("Node", "Add"), before: undefined, after }, nowUs);
}

function reject(
  queue: SchedulingQueue,
  entry: QueuedPod | undefined,
  plugins: string[],
  nowUs: number,
): void {
  if (entry === undefined) return;
  entry.unschedulablePlugins = new Set(plugins);
  queue.addUnschedulable(entry, nowUs);
}

function names(entries: readonly QueuedPod[]): string[] {
  return entries.map((entry) => podKey(entry.pod.object));
}

describe("SchedulingQueue", () => {
  it("takes higher priority first, then first come, first served", () => {
    const queue = newQueue();
    queue.add(pod("a"), 0);
    queue.add(pod("b", 10), S);
    queue.add(pod("c"), S / 2);
    expect(names(queue.active)).toEqual(["default/b", "default/a", "default/c"]);
  });

  it("releases a pod only after the second of its expiry is over", () => {
    const queue = newQueue();
    for (const name of ["a", "b"]) queue.add(pod(name), 0);
    reject(queue, queue.pop(), ["Easy"], 8.127 * S);
    // It expires at 9.127 s, cut to 9 s, and still backs off at 9 s.
    addNode(queue, "n", 8.5 * S);
    expect(queue.nextBackoffFlushUs).toBe(10 * S);
    expect(queue.flushBackoff(9 * S)).toEqual([]);
    expect(names(queue.flushBackoff(10 * S))).toEqual(["default/a"]);
  });

  it("takes a pod out of back-off early when nothing else is ready, but never one that failed by an error", () => {
    const queue = newQueue();
    queue.add(pod("a"), 0);
    reject(queue, queue.pop(), ["Easy"], 0);
    addNode(queue, "n", 1);
    const again = queue.pop();
    expect(again?.attempts).toBe(2);
    reject(queue, again, [], 2);
    expect([queue.ready, queue.pop()]).toEqual([false, undefined]);
  });

  it("tries leftovers again after more than five minutes, on the beat of thirty seconds", () => {
    const queue = newQueue();
    queue.add(pod("a"), 0);
    reject(queue, queue.pop(), ["Picky"], 0);
    expect(queue.nextLeftoverFlushUs).toBe(330 * S);
    queue.flushLeftover(300 * S);
    expect(queue.active).toEqual([]);
    queue.flushLeftover(330 * S);
    expect(names(queue.active)).toEqual(["default/a"]);
    expect(queue.nextLeftoverFlushUs).toBe(Number.POSITIVE_INFINITY);
  });

  it("moves only the pod that the hint speaks for", () => {
    const queue = newQueue();
    for (const name of ["a", "b"]) queue.add(pod(name), 0);
    reject(queue, queue.pop(), ["Picky"], 0);
    reject(queue, queue.pop(), ["Picky"], 0);
    addNode(queue, "b", 5 * S);
    expect(names(queue.active)).toEqual(["default/b"]);
    expect(names(queue.unschedulable)).toEqual(["default/a"]);
  });

  it("gives each pod in flight the events since its own pop", () => {
    const queue = newQueue();
    for (const name of ["a", "b"]) queue.add(pod(name), 0);
    const first = queue.pop();
    addNode(queue, "n", 1);
    const second = queue.pop();
    reject(queue, second, ["Easy"], 2);
    reject(queue, first, ["Easy"], 3);
    expect(names(queue.unschedulable)).toEqual(["default/b"]);
    expect(names(queue.rejected)).toEqual(["default/a"]);
    expect([...queue.inFlight.entries]).toEqual([]);
  });

  it("holds a gated pod back until its update opens the gate, and keeps its place in line", () => {
    const queue = newQueue();
    const gated = queuePod({ ...object("a"), spec: { schedulingGates: [{ name: "x" }] } });
    queue.add(gated, 0);
    queue.add(pod("b"), 1);
    expect(names(queue.active)).toEqual(["default/b"]);
    queue.activate(gated, 2);
    expect(names(queue.unschedulable)).toEqual(["default/a"]);
    queue.update(gated, pod("a"), [queueEvent("TargetPod", "UpdatePodSchedulingGatesEliminated")], 3);
    // Nobody registered for it: only asking for the pod, or the five-minute flush, helps.
    expect(names(queue.active)).toEqual(["default/b"]);
    queue.activate(pod("a"), 4);
    expect(names(queue.active)).toEqual(["default/a", "default/b"]);
  });

  it("keeps the nomination of a pod that failed until an empty one clears it", () => {
    const queue = newQueue();
    queue.add(queuePod({ ...object("a"), status: { nominatedNodeName: "n1" } }), 0);
    const entry = queue.pop();
    reject(queue, entry, ["Picky"], 0);
    expect([...queue.nominator.byNode.keys()]).toEqual(["n1"]);
    queue.nominator.add(pod("a"), "");
    expect(queue.nominator.byNode.size).toBe(0);
  });
});

const step = fc.record({
  op: fc.constantFrom("add", "pop", "fail", "error", "node", "activate", "flush", "delete"),
  name: fc.constantFrom("a", "b", "c", "d"),
  plugins: fc.subarray(["Picky", "Easy"], { minLength: 1 }),
});

describe("SchedulingQueue, whatever happens", () => {
  it("always has each pod in one place only, watched or not, and an empty list when nobody is in flight", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const [watched, plain] = [newQueue(() => {}), newQueue()].map((queue) => {
          const known = new Set<string>();
          const popped: QueuedPod[] = [];
          steps.forEach(({ op, name, plugins }, index) => {
            const nowUs = index * 0.7 * S;
            const own = pod(name);
            if (op === "add" && !known.has(name)) {
              known.add(name);
              queue.add(own, nowUs);
            } else if (op === "pop") {
              const entry = queue.pop();
              if (entry !== undefined) popped.push(entry);
            } else if (op === "fail") {
              reject(queue, popped.shift(), plugins, nowUs);
            } else if (op === "error") {
              reject(queue, popped.shift(), [], nowUs);
            } else if (op === "node") {
              addNode(queue, name, nowUs);
            } else if (op === "activate") {
              queue.activate(own, nowUs);
            } else if (op === "flush") {
              queue.flushBackoff(nowUs);
              queue.flushLeftover(nowUs);
            } else if (op === "delete" && !popped.some((entry) => entry.pod.uid === own.uid)) {
              known.delete(name);
              queue.delete(own);
            }
            const places = [queue.active, queue.rejected, queue.errored, queue.unschedulable, popped];
            const all = places.flatMap(names).sort();
            expect(all).toEqual([...known].map((one) => `default/${one}`).sort());
            if (popped.length === 0) expect([...queue.inFlight.entries]).toEqual([]);
          });
          return [queue.active, queue.rejected, queue.errored, queue.unschedulable].map(names);
        });
        expect(watched).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });
});
