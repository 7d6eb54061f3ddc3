import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { decodeTrace, encodeTrace } from "./codec.ts";
import type { ColumnSource } from "./pod-columns.ts";
import { podColumnsFrom } from "./pod-columns.ts";
import type { Trace } from "./trace.ts";

const count = fc.nat({ max: 999 });
const float = fc.oneof(fc.nat(), fc.constant(Number.NaN), fc.constant(Number.POSITIVE_INFINITY), fc.double());

/** Any trace at all, possible or not: the codec does not judge. */
const anyTrace: fc.Arbitrary<Trace> = fc
  .record({ pods: fc.nat({ max: 12 }), nodes: fc.nat({ max: 6 }), resources: fc.nat({ max: 3 }) })
  .chain((size) => {
    const floats = (length: number) =>
      fc.array(float, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
    const ints = (length: number) => fc.int32Array({ minLength: length, maxLength: length });
    const strings = (length: number) => fc.array(fc.string(), { minLength: length, maxLength: length });
    const n = size.nodes;
    return fc.record({
      facts: fc.record({
        workload: fc.string({ unit: "binary" }),
        as: fc.string(),
        policy: fc.string(),
        seed: count,
        tieBreak: fc.string(),
        horizonUs: fc.oneof(count, fc.constant(Number.POSITIVE_INFINITY)),
        endUs: count,
        version: fc.string(),
        events: count,
        attempts: count,
        nodesEvaluated: count,
        tiedDecisions: count,
        plugins: fc.array(fc.string()),
        reasons: fc.array(fc.string()),
        limits: fc.constant({ pods: 1_000_000, events: Number.POSITIVE_INFINITY }),
      }),
      resources: fc.constant(
        Array.from({ length: size.resources }, (_, i) => ({ name: `r${i}`, unit: "count" as const })),
      ),
      templates: fc.array(
        fc.record(
          {
            name: fc.string(),
            requests: fc.array(count),
            priority: fc.integer(),
            devices: fc.record(
              { count, milli: count, models: fc.array(fc.string()) },
              { requiredKeys: ["count", "milli"] },
            ),
          },
          { requiredKeys: ["name", "requests", "priority"] },
        ),
      ),
      nodes: fc.record({
        count: fc.constant(n),
        names: strings(n),
        zones: strings(n),
        allocatable: fc.array(floats(n), { minLength: size.resources, maxLength: size.resources }),
        deviceCount: ints(n),
        deviceModel: ints(n),
        deviceModels: fc.array(fc.string()),
        joinedUs: floats(n),
        lostUs: floats(n),
      }),
      pods: fc.record({ float: floats(size.pods), int: ints(size.pods) }).map(({ float, int }) => {
        const source: ColumnSource = {
          float64: (_, empty) => float.map((value, i) => (i % 3 === 0 ? empty : value)),
          int32: (_, empty) => int.map((value, i) => (i % 3 === 0 ? empty : value)),
          uint8: () => Uint8Array.from(int, (value) => value & 1),
        };
        return podColumnsFrom(size.pods, source);
      }),
    });
  });

const [sample] = fc.sample(anyTrace, { seed: 7, numRuns: 1 });
const bytes = encodeTrace(sample);

function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return "";
}

describe("the trace codec", () => {
  it("always reads back what it wrote, from any place in memory", () => {
    fc.assert(
      fc.property(anyTrace, fc.nat({ max: 9 }), (trace, offset) => {
        const written = encodeTrace(trace);
        const moved = Buffer.alloc(written.length + offset).subarray(offset);
        moved.set(written);
        expect(decodeTrace(moved)).toEqual(trace);
      }),
      { numRuns: 100 },
    );
  });

  it("never takes a trace that is cut short, wherever it is cut", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(problemOf(() => decodeTrace(bytes.subarray(0, length), "a.trace"))).toMatch(
        length < 8
          ? /^a\.trace: invalid trace: it does not begin/
          : /^a\.trace: invalid trace: the file is cut/,
      );
    }
  });

  it("says what is wrong with other bytes", () => {
    expect(problemOf(() => decodeTrace(new TextEncoder().encode("kind: Workload # and more")))).toContain(
      'it does not begin with "STOWAGE"',
    );
    const newer = bytes.slice();
    newer[8] = 2;
    expect(problemOf(() => decodeTrace(newer))).toBe(
      "invalid version of trace: 2; this stowage reads up to 1, use a newer one",
    );
    const broken = bytes.slice();
    broken[16] = 0;
    expect(problemOf(() => decodeTrace(broken))).toContain("its header is damaged");
    const text = new TextDecoder("latin1").decode(bytes);
    const renamed = Uint8Array.from(text.replace("pods.boundUs", "pods.foundUs"), (c) => c.charCodeAt(0));
    expect(problemOf(() => decodeTrace(renamed))).toContain("missing column: pods.boundUs");
  });
});
