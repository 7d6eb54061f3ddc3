import { expect, it } from "vitest";
import { definePlugin } from "../plugin.ts";
import { matches, queueEvent } from "./queue-event.ts";
import { registrationsOf } from "./registrations-of.ts";

function heard(...plugin: Parameters<typeof definePlugin>): string[] {
  const registrations = registrationsOf([definePlugin(...plugin)]);
  const events = [
    queueEvent("AssignedPod", "Add"),
    queueEvent("AssignedPod", "Delete"),
    queueEvent("Node", "Add"),
    queueEvent("Node", "UpdateNodeTaint"),
    queueEvent("Node", "Delete"),
    queueEvent("storage.k8s.io/VolumeAttachment", "Delete"),
  ];
  return events.filter((event) => registrations.some((one) => matches(one, event))).map(({ label }) => label);
}

it("registers kube-scheduler's plugins as they do there, whatever their list says", () => {
  expect(heard({ name: "NodeResourcesFit", eventsToRegister: [] })).toEqual(["AssignedPodDelete", "NodeAdd"]);
});

it("registers other plugins by their list, and for everything without one", () => {
  expect(heard({ name: "Mine", eventsToRegister: ["NodeUpdate", "AssignedPodAdd"] })).toEqual([
    "AssignedPodAdd",
    "NodeUpdateNodeTaint",
  ]);
  expect(heard({ name: "Mine" })).toEqual([
    "AssignedPodAdd",
    "AssignedPodDelete",
    "NodeAdd",
    "NodeUpdateNodeTaint",
    "NodeDelete",
  ]);
  expect(heard({ name: "Mine", eventsToRegister: [] })).toEqual([]);
});
