import { registrar } from "../event-registration.ts";
import { podUid } from "../queued-pod.ts";

const on = registrar("SchedulingGates");

export const schedulingGatesEvents = [
  on("TargetPod", ["UpdatePodSchedulingGatesEliminated"], (pod, _before, after) => {
    return after !== undefined && podUid(pod) === podUid(after);
  }),
];
