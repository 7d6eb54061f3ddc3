import { preemptionRuns } from "../preemption-subject.ts";
import type { Subject } from "../subject.ts";

export const preemptionKept: Subject = {
  name: "preemption, dry runs remembered",
  unit: "pod",
  prepare: (size) => preemptionRuns(size, "index"),
};

export const preemptionAnew: Subject = {
  name: "preemption, dry runs made anew",
  unit: "pod",
  prepare: (size) => preemptionRuns(size, "scan"),
};
