import { describe, expect, it } from "vitest";
import type { PodGroupObject } from "../../kubernetes/pod-group.ts";
import { backoffExpiry, DEFAULT_BACKOFF } from "./backoff.ts";
import { gangSchedulingEvents } from "./hints/gang-scheduling.ts";
import { matches, queueEvent } from "./queue-event.ts";
import { newcomer, type QueuedMember, type QueuePod, queuePod } from "./queued-pod.ts";
import { worthRequeuing } from "./worth-requeuing.ts";

const S = 1_000_000;
const lookup = { resourceClaim: () => undefined, volumeClaim: () => undefined, deviceClasses: () => [] };

function member(podGroupName: string, ...rejectors: string[]): QueuedMember {
  const object = { kind: "Pod", spec: { schedulingGroup: { podGroupName } } } as const;
  return { object, unschedulablePlugins: new Set(rejectors) };
}

function groupOf(...members: readonly QueuedMember[]) {
  const pod: QueuePod = { ...queuePod(members[0].object), key: "group", size: members.length, members };
  const entry = newcomer(pod, 0);
  entry.unschedulablePlugins = new Set(
    members.flatMap(({ unschedulablePlugins }) => [...unschedulablePlugins]),
  );
  return entry;
}

describe("what an event is worth to several pods together", () => {
  const added = queueEvent("UnscheduledPod", "Add");
  const registrations = gangSchedulingEvents.filter((one) => matches(one, added));
  const held = (podGroupName: string) => ({
    event: added,
    before: undefined,
    after: member(podGroupName).object,
  });

  it("is what it is to any of them: another pod helps those that lack one", () => {
    const waiting = groupOf(member("g", "NodeResourcesFit"), member("g", "GangScheduling"));
    expect(worthRequeuing(waiting, held("g"), registrations, lookup)).toBe("afterBackoff");
    expect(worthRequeuing(waiting, held("other"), registrations, lookup)).toBe("skip");
    const full = groupOf(member("g", "NodeResourcesFit"));
    expect(worthRequeuing(full, held("g"), registrations, lookup)).toBe("skip");
  });

  it("brings back a group with a pod that was not tried yet", () => {
    const joined = groupOf(member("g", "NodeResourcesFit"), member("g"));
    expect(worthRequeuing(joined, held("other"), registrations, lookup)).toBe("afterBackoff");
  });
});

describe("the hints of GangScheduling about groups", () => {
  const group = (minCount: number | undefined, name = "g"): PodGroupObject => ({
    kind: "PodGroup",
    metadata: { name },
    spec: { schedulingPolicy: minCount === undefined ? { basic: {} } : { gang: { minCount } } },
  });
  function hint(before: PodGroupObject | undefined, after: PodGroupObject): boolean | undefined {
    const event = queueEvent("scheduling.k8s.io/PodGroup", before === undefined ? "Add" : "Update");
    const [registration] = gangSchedulingEvents.filter((one) => matches(one, event));
    return registration.hint?.(member("g").object, before, after, lookup);
  }

  it("mean the pod's own group, new or with less to wait for", () => {
    expect([hint(undefined, group(3)), hint(undefined, group(3, "other"))]).toEqual([true, false]);
    expect([hint(group(3), group(2)), hint(group(3), group(3)), hint(group(3), group(undefined))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

it("backs several pods off for longer, by the root of how many they are", () => {
  function seconds(size: number): number[] {
    const entry = groupOf(...Array.from({ length: size }, () => member("g", "GangScheduling")));
    return [1, 2, 3, 4, 5, 6, 7].map((count) => {
      entry.unschedulableCount = count;
      return backoffExpiry(entry, DEFAULT_BACKOFF) / S;
    });
  }
  // The vectors of upstream's queue: 10 s, 14.142135623 s and 20 s at most, cut to whole seconds.
  expect(seconds(1)).toEqual([1, 2, 4, 8, 10, 10, 10]);
  expect(seconds(2)).toEqual([1, 2, 4, 8, 14, 14, 14]);
  expect(seconds(4)).toEqual([1, 2, 4, 8, 16, 20, 20]);
});
