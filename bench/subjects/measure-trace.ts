import { measureTrace } from "../../src/metrics/measure-trace.ts";
import { openbTrace } from "../sample-trace.ts";
import type { Subject } from "../subject.ts";

export const measureTraceSubject: Subject = {
  name: "all measures of a trace, openb",
  unit: "pod",
  async prepare(size) {
    const trace = await openbTrace(size);
    return { units: trace.pods.count, run: () => JSON.stringify(measureTrace(trace).values) };
  },
};
