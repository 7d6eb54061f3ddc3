import { Cluster } from "../cluster/cluster.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { Profile } from "../scheduler/profile.ts";
import { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import type { Trace } from "../trace/trace.ts";
import { TraceBuilder } from "../trace/trace-builder.ts";
import type { Scenario } from "../workload/scenario.ts";
import type { Costs } from "../workload/workload.ts";
import { arrivals } from "./arrivals.ts";
import { churn } from "./churn.ts";
import { DEFAULT_COSTS } from "./costs.ts";
import { finishTrace } from "./finish-trace.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { nodeEvents } from "./node-events.ts";
import { podLifecycle } from "./pod-lifecycle.ts";
import { type SchedulerLoop, type Stopwatch, schedulerLoop } from "./scheduler-loop.ts";
import { World } from "./world.ts";

export interface SimulateOptions {
  readonly scenario: Scenario;
  readonly profile: Profile;
  /** Drives chance inside the policy (tie rule `random`); the scenario is drawn already. */
  readonly seed: number;
  readonly costs?: Partial<Costs>;
  readonly limits?: Partial<Limits>;
  readonly stopwatch?: Stopwatch;
  /** Ends the run as soon as all phases are complete, instead of at the horizon. */
  readonly stopAfterPhases?: boolean;
  /** Names for the trace's facts. */
  readonly names: { readonly workload: string; readonly as: string; readonly version: string };
}

/**
 * Runs one scenario under one policy, in simulated time, to its trace. Synchronous and pure: equal inputs give equal
 * traces. This is the only file that knows all the actors.
 */
export function simulate(options: SimulateOptions): Trace {
  const { scenario, profile, seed } = options;
  const cluster = new Cluster();
  cluster.objects = { ...NO_OBJECTS, ...scenario.surroundings };
  const trace = new TraceBuilder(Math.max(scenario.pods.count, 1));
  const world = new World({
    scenario,
    profile,
    cluster,
    queue: new SchedulingQueue(),
    trace,
    costs: { ...DEFAULT_COSTS, ...options.costs },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    kinds: scenario.templates.map((template) => cluster.kind(template)),
  });

  let loop: SchedulerLoop | undefined;
  const wake = () => loop?.wake();
  const lifecycle = podLifecycle(world, (node) => nodes.isLost(node), wake);
  const nodes = nodeEvents(world, lifecycle.remove, wake);
  const startChurn = churn(world, {
    createPod(template) {
      const pod = trace.addPod(template, world.now);
      pods.enqueue(pod);
      return pod;
    },
    removePod: lifecycle.remove,
    createNode(object, serial) {
      const row = nodes.join(numbered(object.node, serial));
      world.clusterChanged("NodeAdd");
      wake();
      return row;
    },
    removeNode: nodes.leave,
    over: () => pods.phase >= scenario.phases.length,
  });
  const pods = arrivals(world, wake, (phase) => {
    options.stopwatch?.phaseBegins(phase);
    startChurn(phase);
  });

  nodes.begin();
  for (let pod = 0; pod < scenario.pods.count; pod++) {
    trace.addPod(scenario.pods.template[pod], Number.NaN);
    const node = scenario.pods.boundTo[pod];
    if (node !== -1) {
      const kind = world.kindOf(pod);
      cluster.assume(pod, kind, node, 0);
      lifecycle.startInitial(pod, node);
    }
  }
  const cycle = new SchedulingCycle({ cluster, profile, seed });
  loop = schedulerLoop(world, cycle, pods, options.stopwatch);
  pods.begin();
  wake();
  const allComplete = () => options.stopAfterPhases === true && pods.phase >= scenario.phases.length;
  world.run(allComplete);
  return finishTrace(world, nodes.joined, loop.totals, { ...options.names, policy: profile.name, seed });
}

/** Nodes made by churn need names of their own. */
function numbered<T extends { readonly object: { readonly metadata?: { readonly name?: string } } }>(
  spec: T,
  serial: number,
): T {
  const name = `${spec.object.metadata?.name ?? "churn-node"}-${serial}`;
  return { ...spec, object: { ...spec.object, metadata: { ...spec.object.metadata, name } } };
}
