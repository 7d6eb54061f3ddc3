import { describe, expect, it } from "vitest";
import { Action, forceActivate, matches, queueEvent } from "./queue-event.ts";

describe("matches", () => {
  it("keeps a generic update from who registered a narrower one", () => {
    const narrow = { resource: "TargetPod", actions: Action.UpdatePodLabel } as const;
    const wide = { resource: "TargetPod", actions: Action.Update } as const;
    expect(matches(narrow, queueEvent("TargetPod", "Update"))).toBe(false);
    expect(matches(wide, queueEvent("TargetPod", "Update"))).toBe(true);
    expect(matches(wide, queueEvent("TargetPod", "UpdatePodLabel"))).toBe(true);
  });

  it("tells resources apart, and leaves wildcards to the queue", () => {
    const registered = { resource: "AssignedPod", actions: Action.Add } as const;
    expect(matches(registered, queueEvent("AssignedPod", "Add"))).toBe(true);
    expect(matches(registered, queueEvent("Node", "Add"))).toBe(false);
    expect(matches(registered, forceActivate)).toBe(false);
  });
});
