import { describe, expect, it } from "vitest";
import type { Trace, TraceFacts, TraceNodes } from "./trace.ts";
import { TraceBuilder } from "./trace-builder.ts";
import { traceDigest } from "./trace-digest.ts";

const facts: TraceFacts = {
  workload: "w",
  as: "",
  policy: "p",
  seed: 42,
  tieBreak: "first",
  horizonUs: 1e6,
  endUs: 9e5,
  version: "1",
  events: 1,
  attempts: 1,
  nodesEvaluated: 1,
  tiedDecisions: 0,
  plugins: [],
  reasons: [],
  limits: {},
};

const nodes: TraceNodes = {
  count: 1,
  names: ["n1"],
  zones: [""],
  allocatable: [Float64Array.of(4000)],
  deviceCount: Int32Array.of(0),
  deviceModel: Int32Array.of(-1),
  deviceModels: [],
  joinedUs: Float64Array.of(0),
  lostUs: Float64Array.of(Number.POSITIVE_INFINITY),
};

const templates = [{ name: "small", requests: [500], priority: 0 }];

function built(write: (builder: TraceBuilder) => void, changes: Partial<TraceFacts> = {}): Trace {
  const builder = new TraceBuilder(1);
  write(builder);
  return builder.finish({ ...facts, ...changes }, nodes, templates, [{ name: "cpu", unit: "milli" }]);
}

describe("the trace builder", () => {
  it("keeps what was written while it grows, and trims at the end", () => {
    const { pods } = built((builder) => {
      for (let i = 0; i < 1000; i++) {
        const row = builder.addPod(i % 7, i);
        expect(row).toBe(i);
        if (i % 2 === 0) builder.pods.boundUs[row] = i + 0.5;
      }
    });
    expect(pods.count).toBe(1000);
    const { count, ...columns } = pods;
    const lengths = Object.values<ArrayLike<number>>(columns).map(({ length }) => length);
    expect(new Set([count, ...lengths])).toEqual(new Set([1000]));
    expect(pods.template[999]).toBe(999 % 7);
    expect([...pods.boundUs.subarray(996)]).toEqual([996.5, Number.NaN, 998.5, Number.NaN]);
  });

  it("knows nothing of a new pod but its template and its creation", () => {
    const { pods } = built((builder) => builder.addPod(0, 3));
    const { count, template, createdUs, ...rest } = pods;
    expect([count, template[0], createdUs[0]]).toEqual([1, 0, 3]);
    expect(Object.fromEntries(Object.entries(rest).map(([name, column]) => [name, column[0]]))).toEqual({
      firstAttemptUs: Number.NaN,
      scheduledUs: Number.NaN,
      boundUs: Number.NaN,
      startedUs: Number.NaN,
      finishedUs: Number.NaN,
      deletedUs: Number.NaN,
      node: -1,
      devices: 0,
      initial: 0,
      preempted: 0,
      preemptions: 0,
      attempts: 0,
      evaluated: 0,
      feasible: 0,
      score: -1,
      tied: 0,
      rejector: -1,
      reason: -1,
    });
  });
});

describe("the digest of a trace", () => {
  const write = (builder: TraceBuilder) => {
    const row = builder.addPod(0, 1);
    builder.pods.scheduledUs[row] = 2;
    builder.pods.node[row] = 0;
  };
  const digest = traceDigest(built(write));

  it("is equal for runs that placed alike, whatever they are called and however they decided", () => {
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    const other = built(
      (builder) => {
        write(builder);
        builder.pods.score[0] = 77;
        builder.pods.evaluated[0] = 12;
      },
      { policy: "q", seed: 43, version: "2", workload: "v", tieBreak: "random" },
    );
    expect(traceDigest(other)).toBe(digest);
  });

  it("does not depend on how a machine writes NaN", () => {
    const other = built(write);
    new BigUint64Array(other.pods.boundUs.buffer)[0] = 0xfff8000000000000n;
    expect(traceDigest(other)).toBe(digest);
  });

  it("changes with a pod's time or node, with the cluster and with the horizon", () => {
    const others = [
      built((builder) => {
        write(builder);
        builder.pods.scheduledUs[0] = 3;
      }),
      built((builder) => {
        write(builder);
        builder.pods.node[0] = -1;
      }),
      built(write, { horizonUs: 2e6 }),
      { ...built(write), nodes: { ...nodes, allocatable: [Float64Array.of(4001)] } },
    ].map(traceDigest);
    expect(new Set([digest, ...others]).size).toBe(5);
  });
});
