import { registrar } from "../event-registration.ts";

const on = registrar("DefaultPreemption");

/** Victims that go do not wake the pod by themselves; registered so that pods which it gates hear of them at all. */
export const defaultPreemptionEvents = [on("AssignedPod", ["Delete"], () => false)];
