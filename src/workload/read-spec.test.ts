import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { readSpec } from "./read-spec.ts";
import type { As, Workload } from "./workload.ts";

const sound = `apiVersion: stowage/v1
kind: Workload
metadata: { name: small }
nodePools:
  - name: general
    count: 3
    shape: { cpu: 4, memory: 16Gi }
    gpus: { model: T4, count: 2 }
podTemplates:
  - name: web
    requests: { cpu: 250m, memory: { distribution: uniform, min: 1Gi, max: 2Gi } }
    gpu: { share: 500 }
arrivals:
  - name: all
    templates: { web: 1 }
    process: { kind: poisson, ratePerSecond: 2 }
    runTime: 90s
horizon: 1h30m
`;

function read(text: string, as?: As): Promise<Workload> {
  return readSpec({ file: "w.yaml", text }, as, () => Promise.reject(new Error("no trace here")));
}

/** The problems of the sound workload with one piece of text replaced. */
async function problemsWith(piece: string, replacement: string): Promise<string[]> {
  expect(sound).toContain(piece);
  try {
    await read(sound.replace(piece, replacement));
  } catch (error) {
    if (error instanceof UserError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("a stowage workload", () => {
  it("becomes numbers in base units and Kubernetes objects", async () => {
    const { content, primaryMeasures } = await read(sound);
    expect(primaryMeasures).toEqual(["waitingTimeP99", "podsPending", "gpuAllocation"]);
    expect(content).toMatchObject({
      kind: "generated",
      spec: {
        horizonUs: 5400e6,
        nodePools: [
          { allocatable: { cpu: "4", memory: "16Gi", pods: "110" }, devices: { model: "T4", count: 2 } },
        ],
        podTemplates: [
          {
            object: { spec: { containers: [{ resources: { requests: { cpu: "250m" } } }] } },
            sizes: [{ resource: "memory", size: { min: 2 ** 30 * 1000, grid: 2 ** 26 * 1000 } }],
            devices: { count: 1, milli: 500 },
          },
        ],
        arrivals: [
          { templates: [{ template: 0, weight: 1 }], runTime: { distribution: "constant", value: 90e6 } },
        ],
      },
    });
  });

  it.each([
    [
      "count: 3",
      "count: 3\n    cuont: 3",
      'w.yaml:7:5: nodePools[0]: unknown field: "cuont", did you mean count?',
    ],
    [
      "count: 3",
      "count: three",
      'w.yaml:6:12: nodePools[0].count: invalid count: "three"; write a whole number from 0',
    ],
    [
      "count: 3",
      "count: 0",
      "w.yaml:5:3: invalid nodePools: no node at all; write a count of 1 or more, or an event with action join",
    ],
    ["cpu: 4,", "cpu: two,", 'w.yaml:7:19: nodePools[0].shape.cpu: invalid quantity: "two"; write 250m or 2'],
    [
      "cpu: 4,",
      "cpu: [4],",
      "w.yaml:7:19: nodePools[0].shape.cpu: invalid quantity: [4]; write 250m, 2 or 512Mi",
    ],
    [
      "cpu: 250m",
      "cpu: -1",
      "w.yaml:11:22: podTemplates[0].requests.cpu: invalid quantity: -1; it must not be negative",
    ],
    [
      "distribution: uniform",
      "distribution: uniforn",
      'w.yaml:11:52: podTemplates[0].requests.memory.distribution: unknown distribution: "uniforn", did you mean uniform?',
    ],
    [
      "max: 2Gi",
      "max: 1Mi",
      "w.yaml:11:66: podTemplates[0].requests.memory.min: invalid bounds: min is above max; swap them",
    ],
    [
      ", max: 2Gi",
      "",
      "w.yaml:11:36: podTemplates[0].requests.memory: missing field: max; it has no default",
    ],
    [
      "max: 2Gi",
      "max: 2Gi, mean: 1",
      'w.yaml:11:81: podTemplates[0].requests.memory: unknown field: "mean", did you mean min?',
    ],
    [
      "kind: poisson",
      "kind: poison",
      'w.yaml:16:22: arrivals[0].process.kind: unknown process: "poison", did you mean poisson?',
    ],
    [
      "ratePerSecond: 2",
      "ratePerSecond: 0",
      "w.yaml:16:46: arrivals[0].process.ratePerSecond: invalid rate: 0; write a number above 0",
    ],
    ["web: 1", "wed: 1", 'w.yaml:15:23: unknown pod template: "wed", did you mean web?'],
    ["90s", "90", "w.yaml:17:14: arrivals[0].runTime: invalid duration: 90; write 90s, 5m or 1h30m"],
    [
      "horizon: 1h30m",
      "horizon: 90 minutes",
      'w.yaml:18:10: horizon: invalid duration: "90 minutes"; write 90s, 5m or 1h30m',
    ],
    [
      "share: 500",
      "share: 500, count: 2",
      "w.yaml:12:19: invalid share: 500 of each of 2 GPUs; only a pod with count 1 shares",
    ],
    ["share: 500", "models: [T5]", 'w.yaml:12:21: unknown model: "T5", did you mean T4?'],
    ["kind: Workload", "kind: Workloda", 'w.yaml:2:7: kind: invalid kind: "Workloda"; write Workload'],
    [
      "metadata: { name: small }",
      "metadata: { name: Small }",
      'w.yaml:3:19: metadata.name: invalid name: "Small"; write lower-case letters, digits and -',
    ],
    [
      "stowage/v1",
      "stowage/v2",
      'w.yaml:1:13: apiVersion: invalid apiVersion: "stowage/v2"; this version reads stowage/v1',
    ],
  ])("refuses %j written as %j", async (piece, replacement, message) => {
    expect(await problemsWith(piece, replacement)).toEqual([message]);
  });

  it("checks Kubernetes parts with their own reader", async () => {
    const selector =
      "affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: z, labelSelector: { matchExpressions: [{ key: a, operator: Inn, values: [b] }] } }] } }";
    const [problem, ...others] = await problemsWith("gpu: { share: 500 }", selector);
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^w\.yaml:12:\d+: podTemplates\[0\]\.affinity\.podAntiAffinity\.required.*operator: /,
    );
    expect(problem).toContain("Inn");
    expect(await problemsWith("count: 3", "count: 3\n    taints: [{ key: a, effect: NoSchedul }]")).toEqual([
      expect.stringMatching(/^w\.yaml:7:32: nodePools\[0\]\.taints\[0\]\.effect: unknown .*NoSchedule/),
    ]);
    const terms =
      "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: In }] }] } } }";
    expect(await problemsWith("gpu: { share: 500 }", terms)).toEqual([
      expect.stringMatching(/^w\.yaml:12:\d+: podTemplates\[0\]\.affinity\.nodeAffinity\..*values/),
    ]);
  });

  it("says all at once, and what is missing", async () => {
    expect(
      await problemsWith(
        sound.slice(sound.indexOf("podTemplates")),
        "primaryMeasures: [a, b, c, d]\nextra: 1\n",
      ),
    ).toEqual([
      "w.yaml:9:18: primaryMeasures: invalid primaryMeasures: more than 3; each further one weakens the verdict on the others",
      expect.stringMatching(/^w\.yaml:10:1: unknown field: "extra"/),
    ]);
    const missing = await problemsWith(sound.slice(sound.indexOf("arrivals")), "");
    expect(missing.map((text) => text.split(";")[0])).toEqual([
      "w.yaml:1:1: missing field: arrivals",
      "w.yaml:1:1: missing field: horizon",
    ]);
  });

  it("refuses YAML that is none, and a second key", async () => {
    expect((await problemsWith("count: 3", "count: 3\n    count: 4"))[0]).toMatch(
      /^w\.yaml:7:5: invalid YAML: /,
    );
    expect((await problemsWith("count: 3", "count: [3"))[0]).toMatch(/^w\.yaml:\d+:\d+: invalid YAML: /);
  });

  it("refuses a rate that floods the cluster, and --as", async () => {
    expect(await problemsWith("ratePerSecond: 2", "ratePerSecond: 1e6")).toEqual([
      "w.yaml:16:14: invalid rate: about 5400000000 pods; at most 10000000 for each stream, lower the rate or the horizon",
    ]);
    await expect(read(sound, { mode: "repack" })).rejects.toThrow(
      "--as: invalid mode: w.yaml has arrivals of its own",
    );
  });
});
