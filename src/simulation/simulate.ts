import { Cluster } from "../cluster/cluster.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { type AttemptClock, OpportunisticBatching } from "../scheduler/batching/opportunistic-batching.ts";
import { Nominations } from "../scheduler/nominations.ts";
import type { Profile } from "../scheduler/profile.ts";
import { SchedulingCycle, type SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import type { Trace } from "../trace/trace.ts";
import { TraceBuilder } from "../trace/trace-builder.ts";
import type { Scenario } from "../workload/scenario.ts";
import type { Costs } from "../workload/workload.ts";
import { type Arrivals, arrivals } from "./arrivals.ts";
import { churn } from "./churn.ts";
import { claims } from "./claims.ts";
import { DEFAULT_COSTS } from "./costs.ts";
import type { AttemptBegins, DecidingCycle } from "./decider.ts";
import { finishTrace } from "./finish-trace.ts";
import { type GroupQueue, groupQueue } from "./group-queue.ts";
import { informers } from "./informers.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { type NodeEvents, nodeEvents } from "./node-events.ts";
import { phaseOperations } from "./phase-operations.ts";
import { PodGroups } from "./pod-groups.ts";
import { podLifecycle } from "./pod-lifecycle.ts";
import { PodTable } from "./pod-table.ts";
import { type Preemptions, preemptions } from "./preemption.ts";
import { schedulerLoop } from "./scheduler-loop.ts";
import { schedulingQueue } from "./scheduling-queue.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { World } from "./world.ts";

export interface SimulateOptions {
  readonly scenario: Scenario;
  /** Schedules every pod, whatever its scheduler name. */
  readonly profile: Profile;
  /**
   * Instead of `profile`, one scheduler with several: a pod goes to the one named as its `spec.schedulerName`, one without to
   * `default-scheduler`, or the first; a pod of another name waits for ever.
   */
  readonly profiles?: readonly Profile[] | undefined;
  /** Drives chance inside the policy (tie rule `random`); the scenario is drawn already. */
  readonly seed: number;
  readonly costs?: Partial<Costs>;
  readonly limits?: Partial<Limits>;
  readonly stopwatch?: Stopwatch;
  /** Makes what decides for a profile; the scheduling cycle as it is by itself when absent. */
  readonly makeCycle?: (options: SchedulingCycleOptions) => DecidingCycle;
  /** Told of each attempt before it is decided; it must change nothing. */
  readonly onAttempt?: (attempt: AttemptBegins) => void;
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
  const { scenario, seed } = options;
  const profiles = options.profiles ?? [options.profile];
  const cluster = new Cluster();
  cluster.objects = { ...NO_OBJECTS, ...scenario.surroundings };
  const trace = new TraceBuilder(Math.max(scenario.pods.count, 1));
  const nominations = new Nominations();
  const pods = new PodTable({ scenario, cluster, trace, profiles, byName: options.profiles !== undefined });
  const groups = new PodGroups(cluster, pods, profiles);
  const queue = schedulingQueue(profiles, cluster, groups, (pod) => preempting.admits(pod));
  const world = new World({
    scenario,
    profiles,
    cluster,
    queue,
    nominations,
    pods,
    groups,
    trace,
    costs: { ...DEFAULT_COSTS, ...options.costs },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  });

  const tell = informers(world);
  const claimed = claims(world, tell);
  const lifecycle = podLifecycle(world, tell, (node) => nodes.isLost(node), {
    bound: (pod) => claimed.bound(pod),
    gone(pod) {
      claimed.gone(pod);
      waiting.gone(pod);
      arriving.gone(pod);
    },
  });
  const waiting: GroupQueue = groupQueue(world, tell);
  const preempting: Preemptions = preemptions(world, tell, lifecycle);
  const nodes: NodeEvents = nodeEvents(world, tell, lifecycle.remove);
  const over = (): boolean => arriving.phase >= scenario.phases.length;
  const startChurn = churn(world, {
    createPod(template) {
      const pod = trace.addPod(template, world.now);
      arriving.enqueue(pod);
      return pod;
    },
    removePod: lifecycle.remove,
    createNode: (object, serial) => nodes.join(numbered(object.node, serial)),
    removeNode: nodes.leave,
    over,
  });
  const operate = phaseOperations(world, tell, {
    nodes,
    deletePod: lifecycle.terminate,
    updatePod: lifecycle.update,
    allocateClaims: (namespace) => claimed.allocateAll(namespace),
  });
  const arriving: Arrivals = arrivals(world, {
    phaseBegins(phase) {
      options.stopwatch?.phaseBegins(phase);
      startChurn(phase);
    },
    operate,
    prepare: (pod) => claimed.prepare(pod),
    queue: waiting.add,
    deletePod: lifecycle.remove,
  });

  nodes.begin();
  for (let pod = 0; pod < scenario.pods.count; pod++) {
    trace.addPod(scenario.pods.template[pod], Number.NaN);
    const node = scenario.pods.boundTo[pod];
    if (node !== -1) {
      cluster.assume(pod, pods.kindOf(pod), node, 0);
      groups.groupOf(pod)?.all.add(pod);
      lifecycle.startInitial(pod, node);
    }
  }
  const clock: AttemptClock = { attempt: 0, nowUs: 0 };
  const { makeCycle = (parts) => new SchedulingCycle(parts) } = options;
  const cycles = profiles.map((profile) =>
    makeCycle({
      cluster,
      profile,
      seed,
      nominations,
      podName: (pod) => pods.nameOf(pod).split("/").at(-1),
      podObject: (pod) => pods.waiting(pod).object,
      hints: profile.batching === false ? undefined : OpportunisticBatching.of({ profile, clock, seed }),
    }),
  );
  const loop = schedulerLoop(world, {
    cycles,
    clock,
    results: {
      attempted: (pod) => arriving.attempted(pod),
      scheduled(pod) {
        lifecycle.bind(pod);
        arriving.scheduled(pod);
      },
      failed: (pod, outcome) => preempting.begin(pod, outcome),
      bindingFailed(pod) {
        const node = cluster.nodeOf(pod);
        cluster.release(pod);
        tell.podLeft(pod, node);
      },
      refused: (pod, node, key) => tell.podLeft(pod, node, key),
      isDeleted: (pod) => lifecycle.isDeleted(pod),
    },
    joinGroup: waiting.join,
    stopwatch: options.stopwatch,
    onAttempt: options.onAttempt,
  });
  arriving.begin();
  loop.wake();
  world.run(
    () => options.stopAfterPhases === true && over(),
    () => loop.wake(),
  );
  return finishTrace(world, nodes.joined, loop.totals, {
    ...options.names,
    policy: options.profile.name,
    seed,
  });
}

/** Nodes made by churn need names of their own. */
function numbered<T extends { readonly object: { readonly metadata?: { readonly name?: string } } }>(
  spec: T,
  serial: number,
): T {
  const name = `${spec.object.metadata?.name ?? "churn-node"}-${serial}`;
  return { ...spec, object: { ...spec.object, metadata: { ...spec.object.metadata, name } } };
}
