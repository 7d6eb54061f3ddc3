import type { AttemptClock } from "../scheduler/batching/opportunistic-batching.ts";
import type { PostFilterOutcome } from "../scheduler/post-filter.ts";
import type { QueuedPod } from "../scheduler/queue/queued-pod.ts";
import type { AttemptResults } from "./attempt-results.ts";
import { bindByExtender } from "./bind-by-extender.ts";
import { type AttemptBegins, type DecidingCycle, decider, type SchedulerTotals } from "./decider.ts";
import { groupAttempts } from "./group-attempt.ts";
import { type AssumedPod, permits, type Verdict } from "./permits.ts";
import type { WaitingPod } from "./pod-table.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { type WaitingEntity, WaitingGroup } from "./waiting-group.ts";
import { Event, type World } from "./world.ts";

export interface SchedulerLoop {
  readonly totals: SchedulerTotals;
  /** To be called when something may have become ready to be scheduled. */
  wake(): void;
}

export interface SchedulerLoopParts {
  /** One for each profile. */
  readonly cycles: readonly DecidingCycle[];
  /** By which the cycles know what came right after what; the loop moves it on. */
  readonly clock: AttemptClock;
  readonly results: AttemptResults;
  /** A pod that something of its own held back waits with its group from now on. */
  readonly joinGroup: (pod: number, group: WaitingGroup) => void;
  readonly stopwatch: Stopwatch | undefined;
  readonly onAttempt: ((attempt: AttemptBegins) => void) | undefined;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * kube-scheduler's main loop: one pod, or one group of pods, at a time. An attempt decides on the cluster as it is when the pod is
 * popped, and takes simulated time by the stated cost model; the pod is assumed at once and bound a while after the attempt's end.
 */
export function schedulerLoop(world: World, parts: SchedulerLoopParts): SchedulerLoop {
  const { cycles, results, stopwatch, joinGroup } = parts;
  const { queue, cluster, costs, trace, nominations, groups } = world;
  const deciding = decider(world, parts);
  const permitting = permits(world, (pod) => results.isDeleted(pod));
  const grouped = groupAttempts(world, {
    decider: deciding,
    permits: permitting,
    results,
    stopwatch,
    mayBeBound,
  });
  const hasPostFilter = world.profiles.map(({ plugins }) =>
    plugins.some(({ plugin }) => plugin.postFilter !== undefined),
  );
  /** The pod in flight, and what PostFilter made of it; or its group. */
  let inFlight: { entry: QueuedPod<WaitingEntity>; pod: WaitingPod } | "group" | undefined;
  let postFilter: PostFilterOutcome | undefined;
  let backoffFlushAt = Number.POSITIVE_INFINITY;
  let leftoverFlushAt = Number.POSITIVE_INFINITY;

  function wake(): void {
    planFlushes();
    if (inFlight !== undefined || !queue.ready) return;
    stopwatch?.start();
    const entry = next();
    if (entry === undefined) {
      stopwatch?.stop();
      return;
    }
    const costUs = Math.round(attempt(entry));
    world.schedule(world.now + costUs, Event.attemptEnds, 0);
  }

  /**
   * The next one to be tried. A pod that is being deleted is skipped for good, as upstream does ("skip schedule deleting pod"); a
   * pod of a group that comes alone, because something held it back, joins its group first.
   */
  function next(): QueuedPod<WaitingEntity> | undefined {
    while (queue.ready) {
      const entry = queue.pop()!;
      const { pod } = entry;
      if (pod instanceof WaitingGroup) return entry;
      const group = groups.groupOf(pod.key);
      const deleting = pod.kind.object.metadata?.deletionTimestamp !== undefined;
      if (group === undefined && !deleting) return entry;
      queue.done(pod.uid);
      if (group !== undefined) joinGroup(pod.key, group);
    }
    return undefined;
  }

  /** Its cost in simulated microseconds. */
  function attempt(entry: QueuedPod<WaitingEntity>): number {
    const { pod } = entry;
    if (pod instanceof WaitingGroup) {
      inFlight = "group";
      return grouped.begin(entry, pod);
    }
    inFlight = { entry, pod };
    const { key: row, kind, profile } = pod;
    const candidate = { row, kind, profile, attempt: entry.attempts };
    const outcome = deciding.decide(candidate);
    postFilter = undefined;
    if (outcome.node !== -1) nominations.clear(row);
    else if (hasPostFilter[profile]) postFilter = cycles[profile].postFilter();
    stopwatch?.stop();
    stopwatch?.decided(row, outcome.node);
    deciding.note(candidate);
    return costs.attemptUs + costs.nodeUs * outcome.evaluated;
  }

  function attemptEnds(): void {
    const ended = inFlight!;
    inFlight = undefined;
    if (ended === "group") grouped.end();
    else podAttemptEnds(ended.entry, ended.pod);
  }

  function podAttemptEnds(entry: QueuedPod<WaitingEntity>, waiting: WaitingPod): void {
    const { key: row, kind, profile } = waiting;
    if (results.isDeleted(row)) {
      queue.done(waiting.uid);
      return;
    }
    const outcome = deciding.outcomeOf(profile);
    if (outcome.node === -1) {
      results.failed(waiting, postFilter);
      const rejectors = deciding.namesOf(profile, outcome.rejectors, outcome.droppedByExtenders);
      comesBack(entry, waiting, rejectors);
      results.attempted(row);
      return;
    }
    const pod: AssumedPod = { row, kind, profile };
    const verdict = permitting.ask(pod);
    if (verdict.kind === "wait") hold(entry, waiting, pod, verdict);
    else settle(entry, waiting, pod, verdict.kind === "allow" ? undefined : verdict.plugin);
    results.attempted(row);
    permitting.again();
  }

  function hold(
    entry: QueuedPod<WaitingEntity>,
    waiting: WaitingPod,
    pod: AssumedPod,
    verdict: Verdict & { readonly kind: "wait" },
  ): void {
    permitting.hold(pod, verdict, {
      allowed: () => settle(entry, waiting, pod, undefined),
      refused: (plugin) => settle(entry, waiting, pod, plugin),
      gone: () => queue.done(waiting.uid),
    });
  }

  /** A pod that has a place is bound, or loses it again. */
  function settle(
    entry: QueuedPod<WaitingEntity>,
    waiting: WaitingPod,
    pod: AssumedPod,
    refusedBy: string | undefined,
  ): void {
    const { row } = pod;
    if (refusedBy !== undefined) {
      const node = cluster.nodeOf(row);
      cluster.release(row);
      results.failed(waiting, undefined);
      comesBack(entry, waiting, new Set([refusedBy]));
      results.refused(row, node, row);
      return;
    }
    if (!mayBeBound(pod)) {
      results.bindingFailed(row);
      results.failed(waiting, undefined);
      comesBack(entry, waiting, NOBODY);
      return;
    }
    stopwatch?.start();
    queue.done(waiting.uid);
    stopwatch?.stop();
    trace.pods.scheduledUs[row] = world.now;
    results.scheduled(row);
  }

  function comesBack(
    entry: QueuedPod<WaitingEntity>,
    waiting: WaitingPod,
    rejectors: ReadonlySet<string>,
  ): void {
    stopwatch?.start();
    // It may have been updated meanwhile: what comes back is the pod as it is now.
    if (world.pods.kindOf(waiting.key) !== waiting.kind) entry.pod = world.pods.waiting(waiting.key);
    entry.unschedulablePlugins = rejectors;
    queue.addUnschedulable(entry, world.now);
    stopwatch?.stop();
  }

  function mayBeBound({ row, kind, profile }: AssumedPod): boolean {
    const { extenders = [] } = world.profiles[profile];
    if (extenders.length === 0) return true;
    const node = cluster.nodes.name(cluster.nodeOf(row));
    return bindByExtender(extenders, kind, () => world.pods.waiting(row).object, node);
  }

  /** The flushes are beats of a clock; only the next one that will find something is an event. */
  function planFlushes(): void {
    const backoff = queue.nextBackoffFlushUs;
    if (backoff < backoffFlushAt) {
      backoffFlushAt = backoff;
      world.schedule(backoff, Event.backoffFlush, 0);
    }
    const leftover = queue.nextLeftoverFlushUs;
    if (leftover < leftoverFlushAt) {
      leftoverFlushAt = leftover;
      world.schedule(leftover, Event.leftoverFlush, 0);
    }
  }

  world.on(Event.attemptEnds, attemptEnds);
  world.on(Event.backoffFlush, () => {
    backoffFlushAt = Number.POSITIVE_INFINITY;
    queue.flushBackoff(world.now);
  });
  world.on(Event.leftoverFlush, () => {
    leftoverFlushAt = Number.POSITIVE_INFINITY;
    queue.flushLeftover(world.now);
  });

  return { totals: deciding.totals, wake };
}
