import { traceDigest } from "../../src/trace/trace-digest.ts";
import { openbTrace } from "../sample-trace.ts";
import type { Subject } from "../subject.ts";

export const traceDigestSubject: Subject = {
  name: "trace digest, openb",
  unit: "pod",
  async prepare(size) {
    const trace = await openbTrace(size);
    return { units: trace.pods.count, run: () => traceDigest(trace) };
  },
};
