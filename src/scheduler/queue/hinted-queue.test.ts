import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PodObject } from "../../kubernetes/pod.ts";
import { registrar } from "./event-registration.ts";
import type { EventReport } from "./event-report.ts";
import { HintedQueue } from "./hinted-queue.ts";
import { queueEvent } from "./queue-event.ts";
import { podKey, podUid, type QueuedPod } from "./queued-pod.ts";

const S = 1_000_000;
const on = registrar("Picky");

function pod(name: string, priority = 0): PodObject {
  return { kind: "Pod", metadata: { name, labels: { name } }, spec: { priority } };
}

/** A queue whose plugin Picky wants a node of the pod's name, and whose plugin Easy any node. */
function newQueue(observer?: (report: EventReport) => void): HintedQueue {
  return new HintedQueue({
    gates: [{ plugin: "Closed", admits: ({ spec }) => (spec?.schedulingGates ?? []).length === 0 }],
    registrations: [
      on("Node", ["Add"], (waiting, _before, node) => node?.metadata?.name === waiting.metadata?.name),
      registrar("Easy")("Node", ["Add"]),
    ],
    lookup: { resourceClaim: () => undefined, volumeClaim: () => undefined, deviceClasses: () => [] },
    isWaiting: () => true,
    ...(observer && { observer }),
  });
}

function addNode(queue: HintedQueue, name: string, nowUs: number): void {
  const after = { kind: "Node", metadata: { name } } as const;
  queue.moveAll({ event: queueEvent("Node", "Add"), before: undefined, after }, nowUs);
}

function reject(queue: HintedQueue, entry: QueuedPod | undefined, plugins: string[], nowUs: number): void {
  if (entry === undefined) return;
  entry.unschedulablePlugins = new Set(plugins);
  queue.addUnschedulable(entry, nowUs);
}

function names(entries: readonly QueuedPod[]): string[] {
  return entries.map((entry) => podKey(entry.pod));
}

describe("HintedQueue", () => {
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
    const gated = { ...pod("a"), spec: { schedulingGates: [{ name: "x" }] } };
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
    queue.add({ ...pod("a"), status: { nominatedNodeName: "n1" } }, 0);
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

describe("HintedQueue, whatever happens", () => {
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
            } else if (op === "delete" && !popped.some((entry) => podUid(entry.pod) === podUid(own))) {
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
