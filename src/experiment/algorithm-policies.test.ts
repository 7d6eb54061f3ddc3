import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import { readSchedulerPerf } from "../workload/read-scheduler-perf.ts";
import { ALGORITHMS, type Algorithm, cyclesBy } from "./algorithm.ts";
import { bench } from "./bench.ts";
import { compare } from "./compare.ts";
import { policyReference } from "./policy.ts";
import { run } from "./run.ts";

const cases = `
- name: Small
  workloadTemplate:
    - { opcode: createNodes, count: 120 }
    - { opcode: createPods, count: 3 }
    - { opcode: createPods, count: 30, collectMetrics: true }
  workloads:
    - { name: 120Nodes, labels: [performance], params: {} }
`;

/** Nothing that would keep equal pods from being batched. */
const batching = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    pluginConfig:
      - { name: PodTopologySpread, args: { defaultingType: List, defaultConstraints: [] } }
  - schedulerName: other
`;

function file(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "stowage-algorithm-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("the algorithms", () => {
  it.each(shippedProfiles().map(({ name }) => name))("give one trace each under %s", async (policy) => {
    const [workload] = await readSchedulerPerf(file("performance-config.yaml", cases), {});
    const by = async (algorithm: Algorithm) => (await run({ workload, policy, seed: 42, algorithm })).digest;
    const [index, scan, reference] = await Promise.all(ALGORITHMS.map(by));
    expect([scan, reference]).toEqual([index, index]);
  });

  it("try equal pods in a row on the same nodes, and take turns with several profiles", async () => {
    const [workload] = await readSchedulerPerf(file("performance-config.yaml", cases), {});
    const policy = file("scheduler.yaml", batching);
    const results = [];
    for (const algorithm of ALGORITHMS)
      results.push(await run({ workload, policy, together: true, seed: 42, algorithm }));
    const [index, scan, reference] = results.map(({ digest }) => digest);
    expect([scan, reference]).toEqual([index, index]);
    // Without batching every pod has its nodes looked at.
    const featureGates = { OpportunisticBatching: false };
    const alone = await run({ workload, policy, together: true, seed: 42, featureGates });
    expect(alone.digest).not.toBe(index);
  });

  it("are named in what bench finds, with equal placements", async () => {
    const inputs = [file("performance-config.yaml", cases)];
    const found = [];
    for (const algorithm of ALGORITHMS) found.push(...(await bench({ inputs, repeats: 1, algorithm })).cases);
    expect(found.map(({ algorithm }) => algorithm)).toEqual(ALGORITHMS);
    expect(new Set(found.map(({ placementDigest }) => placementDigest)).size).toBe(1);
  });

  it("give compare the same trials", async () => {
    const workloads = await readSchedulerPerf(file("performance-config.yaml", cases), {});
    const by = async (algorithm: Algorithm) => {
      const options = { workloads, policies: ["default", "best-fit"], seeds: [42], algorithm };
      return (await compare(options)).provenance.digest;
    };
    const [index, scan, reference] = await Promise.all(ALGORITHMS.map(by));
    expect([scan, reference]).toEqual([index, index]);
  });
});

describe("the reference as an algorithm", () => {
  it("refuses what it has no counterpart of, and says what to write instead", async () => {
    const profile = await policyReference(shippedProfile("default"));
    expect(() => cyclesBy("reference", profile)).toThrow(
      'invalid algorithm: "reference" has no counterpart of a policy that is an object; write --algorithm index or scan',
    );
    const extended = `${batching}extenders:\n  - { urlPrefix: "http://127.0.0.1:1", filterVerb: filter, weight: 1 }\n`;
    const policy = await policyReference(file("scheduler.yaml", extended), {}, { together: true });
    expect(() => cyclesBy("reference", policy)).toThrow("no counterpart of extenders");
    expect(() => cyclesBy("scan", policy)).not.toThrow();
  });
});
