import { describe, expect, it } from "vitest";
import { SchedulingQueue } from "./scheduling-queue.ts";

const S = 1_000_000;
const FIT = 0b01;
const TAINTS = 0b10;

/** Pops a pod and fails it at once. */
function failNext(queue: SchedulingQueue, rejectors: number, nowUs: number): number {
  const pod = queue.pop();
  queue.fail(rejectors, nowUs);
  return pod;
}

describe("SchedulingQueue", () => {
  it("takes higher priority first, then first come, first served", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    queue.add(2, 10, S);
    queue.add(3, 0, S / 2);
    const order: number[] = [];
    while (queue.ready) {
      order.push(queue.pop());
      queue.done();
    }
    expect(order).toEqual([2, 1, 3]);
  });

  it("keeps a rejected pod until an event that one of its rejectors registered for", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    failNext(queue, FIT, 0);
    queue.moveUnschedulable(TAINTS, 5 * S);
    expect(queue.counts).toEqual({ active: 0, backoff: 0, unschedulable: 1 });
    queue.moveUnschedulable(FIT, 5 * S);
    expect(queue.counts).toEqual({ active: 1, backoff: 0, unschedulable: 0 });
    expect(queue.pop()).toBe(1);
    expect(queue.attemptsOf(1)).toBe(2);
  });

  it("releases a pod only after the second of its expiry is over", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    queue.add(2, 0, 0);
    failNext(queue, FIT, 8.127 * S);
    // It expires at 9.127 s, cut to 9 s, and still backs off at 9 s.
    queue.moveUnschedulable(FIT, 8.5 * S);
    expect(queue.counts.backoff).toBe(1);
    expect(queue.nextBackoffFlush()).toBe(10 * S);
    queue.flushBackoff(9 * S);
    expect(queue.counts.backoff).toBe(1);
    queue.flushBackoff(10 * S);
    expect(queue.counts).toEqual({ active: 2, backoff: 0, unschedulable: 0 });
  });

  it("takes a pod out of back-off early when nothing else is ready, but never one that failed by an error", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    failNext(queue, FIT, 0);
    queue.moveUnschedulable(FIT, 1);
    expect(queue.counts.backoff).toBe(1);
    expect(queue.pop()).toBe(1);
    queue.error(1, 0, 2);
    expect(queue.counts.backoff).toBe(1);
    expect(queue.ready).toBe(false);
    expect(queue.pop()).toBe(-1);
  });

  it("treats a failure that no plugin caused as an error", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    failNext(queue, 0, 0);
    expect([queue.counts.backoff, queue.ready]).toEqual([1, false]);
  });

  it("remembers events that come while a pod is in flight", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    queue.pop();
    queue.moveUnschedulable(FIT, 1);
    queue.fail(FIT, 2);
    expect(queue.counts).toEqual({ active: 0, backoff: 1, unschedulable: 0 });
  });

  it("tries leftovers again after more than five minutes, on the beat of thirty seconds", () => {
    const queue = new SchedulingQueue();
    queue.add(1, 0, 0);
    failNext(queue, FIT, 0);
    expect(queue.nextLeftoverFlush()).toBe(330 * S);
    queue.flushLeftover(300 * S);
    expect(queue.counts.unschedulable).toBe(1);
    queue.flushLeftover(330 * S);
    expect(queue.counts).toEqual({ active: 1, backoff: 0, unschedulable: 0 });
  });

  it("forgets a pod that is deleted, wherever it waits", () => {
    const queue = new SchedulingQueue();
    for (const pod of [1, 2, 3]) queue.add(pod, 0, pod);
    failNext(queue, FIT, 10);
    queue.remove(1);
    queue.remove(2);
    queue.moveUnschedulable(FIT, 20 * S);
    expect([queue.pop(), queue.ready]).toEqual([3, false]);
  });
});
