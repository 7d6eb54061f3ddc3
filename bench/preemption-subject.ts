import { InvariantViolation } from "../src/base/errors.ts";
import { Cluster } from "../src/cluster/cluster.ts";
import type { PodTemplate } from "../src/cluster/specs.ts";
import { shippedProfile } from "../src/plugins/profiles.ts";
import { SchedulingCycle } from "../src/scheduler/scheduling-cycle.ts";
import type { Size } from "./size.ts";
import type { Prepared } from "./subject.ts";

const LOW_PER_NODE = 4;

/**
 * A run lets pods of high priority make room for themselves on nodes full of pods of low priority, as in scheduler_perf's PreemptionBasic,
 * and then undoes it. `index` remembers dry runs of nodes that did not change; `scan` makes them anew.
 */
export function preemptionRuns(size: Size, algorithm: "index" | "scan"): Prepared {
  const nodes = size === "full" ? 1000 : 60;
  const pods = size === "full" ? 100 : 10;
  const cluster = new Cluster();
  const low = cluster.kind(template("low", "900m", 0));
  const high = cluster.kind(template("high", "3000m", 10));
  let row = 0;
  for (let node = 0; node < nodes; node++) {
    const status = { allocatable: { cpu: "4", memory: "32Gi", pods: "110" } };
    cluster.addNode({ object: { kind: "Node", metadata: { name: `node-${node}` }, status } });
    for (let i = 0; i < LOW_PER_NODE; i++, row++) {
      cluster.assume(row, low, node, 0);
      cluster.start(row, row);
    }
  }
  const first = row;
  const cycle = new SchedulingCycle({ cluster, profile: shippedProfile("default"), seed: 42, algorithm });
  return {
    units: pods,
    run() {
      const gone: { readonly victim: number; readonly node: number }[] = [];
      cycle.nextStart = 0;
      for (let pod = first; pod < first + pods; pod++) {
        const { node: chosen } = cycle.run(pod, high, 1);
        const preemption = chosen === -1 ? cycle.postFilter()?.preemption : undefined;
        if (preemption === undefined) throw new InvariantViolation(`pod ${pod} made no room for itself`);
        const { node, victims } = preemption;
        for (const victim of victims) {
          cluster.release(victim);
          gone.push({ victim, node });
        }
        cluster.assume(pod, high, node, 0);
        cluster.start(pod, pod);
      }
      for (let pod = first + pods - 1; pod >= first; pod--) cluster.release(pod);
      for (const { victim, node } of gone) {
        cluster.assume(victim, low, node, 0);
        cluster.start(victim, victim);
      }
      return Int32Array.from(gone.flatMap(({ victim, node }) => [victim, node]));
    },
  };
}

function template(name: string, cpu: string, priority: number): PodTemplate {
  const requests = { cpu, memory: "500Mi" };
  return {
    name,
    object: {
      kind: "Pod",
      metadata: { namespace: "default" },
      spec: { priority, containers: [{ name: "main", image: "main", resources: { requests } }] },
    },
  };
}
