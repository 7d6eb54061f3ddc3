import { digest } from "../../src/base/digest.ts";
import { traceOf } from "../../src/experiment/trial.ts";
import { shippedProfile } from "../../src/plugins/profiles.ts";
import { SchedulingCycle } from "../../src/scheduler/scheduling-cycle.ts";
import { encodeTrace } from "../../src/trace/codec.ts";
import { traceDigest } from "../../src/trace/trace-digest.ts";
import { readSpec } from "../../src/workload/read-spec.ts";
import { families, familyCluster } from "../families.ts";

export interface LargeSize {
  readonly nodes: number;
  readonly pods: number;
  readonly kinds: number;
}

export interface LargeResult extends LargeSize {
  /** Pods that have a node in the end. */
  readonly placed: number;
  /** Before what is measured: the nodes, or what the seed makes of the workload and all of the run. */
  readonly seconds: { readonly building?: number; readonly measured: number };
  /** Of the placements, or of the trace. */
  readonly digest: string;
  /** The greatest resident set of this process so far, with the loader of TypeScript in it. */
  readonly peakRssGiB: number;
  readonly events?: number;
  readonly traceMiB?: number;
}

/** Decides on pods whose kinds come in turn, under the default policy, and assumes each. */
export function placeMany(size: LargeSize): LargeResult {
  const { nodes, pods, kinds: count } = size;
  const startedMs = performance.now();
  const { cluster, kinds } = familyCluster(families.basic, { nodes, domains: 3, kinds: count });
  const cycle = new SchedulingCycle({ cluster, profile: shippedProfile("default"), seed: 42 });
  const chosen = new Int32Array(pods);
  const beganMs = performance.now();
  let placed = 0;
  for (let pod = 0; pod < pods; pod++) {
    const kind = kinds[pod % count];
    const { node, devices } = cycle.run(pod, kind, 1);
    chosen[pod] = node;
    if (node === -1) continue;
    cluster.assume(pod, kind, node, devices);
    placed++;
  }
  const endedMs = performance.now();
  return {
    ...size,
    placed,
    seconds: { building: (beganMs - startedMs) / 1000, measured: (endedMs - beganMs) / 1000 },
    digest: digest(chosen),
    peakRssGiB: peakRssGiB(),
  };
}

const ARRIVALS_PER_SECOND = 100;

/** A whole run in simulated time: pods arrive one after another and stay; with its trace, encoded. */
export async function simulateMany(size: LargeSize): Promise<LargeResult> {
  const { nodes, pods, kinds } = size;
  const names = Array.from({ length: kinds }, (_, kind) => `kind-${kind}`);
  const spec = {
    apiVersion: "stowage/v1",
    kind: "Workload",
    metadata: { name: "large" },
    nodePools: [{ name: "node", count: nodes, shape: { cpu: 4, memory: "32Gi", pods: 110 } }],
    podTemplates: names.map((name, kind) => ({
      name,
      requests: { cpu: `${100 + (kind % 50)}m`, memory: "500Mi" },
    })),
    arrivals: [
      {
        name: "pod",
        templates: Object.fromEntries(names.map((name) => [name, 1])),
        process: { kind: "fixed", ratePerSecond: ARRIVALS_PER_SECOND },
        count: pods,
      },
    ],
    horizon: `${Math.ceil(pods / ARRIVALS_PER_SECOND) + 3600}s`,
  };
  // JSON is YAML.
  const input = { file: "large", text: JSON.stringify(spec) };
  const workload = await readSpec(input, undefined, () => Promise.reject(new Error("it names no trace")));
  const beganMs = performance.now();
  const trace = traceOf(workload, shippedProfile("default"), "default", 42);
  const measured = (performance.now() - beganMs) / 1000;
  const traceMiB = encodeTrace(trace).byteLength / 2 ** 20;
  return {
    ...size,
    placed: trace.pods.node.reduce((count, node) => count + Number(node !== -1), 0),
    seconds: { measured },
    digest: traceDigest(trace),
    peakRssGiB: peakRssGiB(),
    events: trace.facts.events,
    traceMiB,
  };
}

function peakRssGiB(): number {
  return process.resourceUsage().maxRSS / 2 ** 20;
}
