import type { PodGroupObject } from "../kubernetes/pod-group.ts";
import type { Feasibility, PlacementProgress } from "../scheduler/pod-groups.ts";
import type { QueuedPod } from "../scheduler/queue/queued-pod.ts";
import type { AttemptResults } from "./attempt-results.ts";
import type { Decider } from "./decider.ts";
import type { AssumedPod, Permits } from "./permits.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { GroupMember, WaitingEntity, WaitingGroup } from "./waiting-group.ts";
import type { World } from "./world.ts";

/** One attempt to place the pods of a group that wait. */
export interface GroupAttempts {
  /** Tries them one after the other; those of a group that has enough keep their places, otherwise none does. Returns its cost. */
  begin(entry: QueuedPod<WaitingEntity>, group: WaitingGroup): number;
  /** The simulated time of the attempt has passed. */
  end(): void;
}

export interface GroupAttemptParts {
  readonly decider: Decider;
  readonly permits: Permits;
  readonly results: AttemptResults;
  readonly stopwatch: Stopwatch | undefined;
  /** Whether no extender that binds refuses. */
  readonly mayBeBound: (pod: AssumedPod) => boolean;
}

interface Attempt {
  readonly entry: QueuedPod<WaitingEntity>;
  readonly group: WaitingGroup;
  readonly members: readonly GroupMember[];
  readonly profile: number;
  /** Those that keep their places. */
  readonly placed: readonly GroupMember[];
  /** The attempt could not be made: all pods back off, whatever happens meanwhile. */
  readonly error: boolean;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The pod-group scheduling cycle (upstream: pkg/scheduler/schedule_one_podgroup.go). Pods are tried in a fixed order, each in the
 * cluster as those before it left it, and nobody makes room by preemption for a single one.
 */
export function groupAttempts(world: World, parts: GroupAttemptParts): GroupAttempts {
  const { queue, cluster, costs, trace, nominations, groups } = world;
  const { decider, permits, results, stopwatch, mayBeBound } = parts;
  const judges = world.profiles.map(({ plugins }) =>
    plugins.flatMap(({ plugin: { name, placementFeasible } }, place) =>
      placementFeasible === undefined ? [] : [{ names: new Set([name]), place, placementFeasible }],
    ),
  );
  let attempt: Attempt | undefined;

  function begin(entry: QueuedPod<WaitingEntity>, group: WaitingGroup): number {
    const members = group.inOrder();
    const { profile } = group;
    const object = groups.objectOf(group);
    group.place = "inFlight";
    group.entry = entry;
    for (const member of members) member.attempts++;
    const unfit = object === undefined ? "pod group not found" : mismatch(group, object, members, profile);
    if (object === undefined || unfit !== undefined) {
      group.reason = unfit;
      attempt = { entry, group, members, profile, placed: [], error: true };
      noteUntried(members);
      stopwatch?.stop();
      return costs.attemptUs;
    }
    const { costUs, placed } = tryAll(members, profile, object, group);
    attempt = { entry, group, members, profile, placed, error: false };
    stopwatch?.stop();
    for (const { row } of members) stopwatch?.decided(row, cluster.nodeOf(row));
    return costUs;
  }

  function tryAll(
    members: readonly GroupMember[],
    profile: number,
    object: PodGroupObject,
    group: WaitingGroup,
  ): { readonly costUs: number; readonly placed: readonly GroupMember[] } {
    const { objects } = cluster;
    const placed: GroupMember[] = [];
    const progress = { scheduled: groups.scheduled(group), remaining: members.length };
    let costUs = 0;
    let tried = 0;
    let feasible = judge(profile, object, progress);
    while (tried < members.length && !isHopeless(feasible)) {
      const member = members[tried++];
      const { row, kind, attempts } = member;
      const candidate = { row, kind: world.pods.withoutGroup(kind), profile, attempt: attempts };
      const outcome = decider.decide(candidate);
      stopwatch?.stop();
      decider.note(candidate);
      stopwatch?.start();
      costUs += costs.attemptUs + costs.nodeUs * outcome.evaluated;
      progress.remaining--;
      if (outcome.node === -1) {
        member.rejectors = decider.namesOf(profile, outcome.rejectors, outcome.droppedByExtenders);
      } else {
        placed.push(member);
        progress.scheduled++;
      }
      feasible = judge(profile, object, progress);
    }
    if (feasible === undefined && placed.length > 0) {
      group.reason = undefined;
      for (const { row } of placed) nominations.clear(row);
      return { costUs, placed };
    }
    decider.revert(
      placed.map(({ row }) => row),
      objects,
    );
    group.reason = reasonOf(feasible) ?? "no pods were schedulable";
    const untried = members.slice(tried);
    noteUntried(untried);
    const [{ names, place }] = judges[profile];
    for (const member of [...placed, ...untried]) {
      member.rejectors = names;
      trace.pods.score[member.row] = -1;
      trace.pods.tied[member.row] = 0;
      trace.pods.rejector[member.row] = decider.pluginNumber(profile, place);
    }
    return { costUs: Math.max(costUs, costs.attemptUs), placed: [] };
  }

  /** The first plugin that is not content decides. */
  function judge(profile: number, object: PodGroupObject, progress: PlacementProgress): Feasibility {
    let waits: Feasibility;
    for (const { placementFeasible } of judges[profile]) {
      const feasible = placementFeasible(object, progress);
      if (isHopeless(feasible)) return feasible;
      waits ??= feasible;
    }
    return waits;
  }

  /** Pods of an attempt that never came to them count as attempted. */
  function noteUntried(members: readonly GroupMember[]): void {
    const { pods } = trace;
    for (const { row, attempts } of members) {
      if (attempts === 1) pods.firstAttemptUs[row] = world.now;
      pods.attempts[row] = attempts;
      pods.rejector[row] = -1;
    }
  }

  /** What must be equal for all pods of a group (upstream: validatePodGroup); undefined when it is. */
  function mismatch(
    group: WaitingGroup,
    object: PodGroupObject,
    members: readonly GroupMember[],
    profile: number,
  ): string | undefined {
    const priority = object.spec?.priority ?? 0;
    const kinds = members.map(({ kind }) => kind);
    for (const pod of group.all) if (cluster.nodeOf(pod) !== -1) kinds.push(cluster.kindOf(pod));
    const name = kinds[0].spec.schedulerName ?? "";
    for (const kind of kinds) {
      if (world.pods.profileOf(kind) !== profile) {
        return `all pods in a single pod group should have the same .spec.schedulerName set, got: "${kind.spec.schedulerName ?? ""}" and "${name}"`;
      }
      if (kind.priority !== priority) {
        return `all pods in a single pod group should have the same priority as the pod group's priority, got ${kind.priority} and ${priority}`;
      }
    }
    return undefined;
  }

  function end(): void {
    const { entry, group, members, profile, placed, error } = attempt!;
    attempt = undefined;
    const bound: AssumedPod[] = [];
    const there = placed.filter(({ row }) => !results.isDeleted(row));
    for (const { row } of there) group.leave(row);
    for (const member of there) permit(member, group, profile, bound);
    stopwatch?.start();
    requeue(entry, group, error);
    stopwatch?.stop();
    for (const { row } of bound) {
      trace.pods.scheduledUs[row] = world.now;
      results.scheduled(row);
    }
    for (const { row } of members) {
      if (results.isDeleted(row)) continue;
      if (cluster.nodeOf(row) === -1 && nominations.nodeOf(row) !== -1) {
        results.failed(world.pods.waiting(row), undefined);
      }
      results.attempted(row);
    }
    if (bound.length > 0) permits.again();
  }

  function permit(member: GroupMember, group: WaitingGroup, profile: number, bound: AssumedPod[]): void {
    const pod: AssumedPod = { row: member.row, kind: member.kind, profile };
    const verdict = permits.ask(pod);
    switch (verdict.kind) {
      case "allow":
        if (mayBeBound(pod)) bound.push(pod);
        else bindingFailed(member, group);
        break;
      case "wait":
        permits.hold(pod, verdict, {
          allowed() {
            if (!mayBeBound(pod)) {
              bindingFailed(member, group);
              return;
            }
            trace.pods.scheduledUs[pod.row] = world.now;
            results.scheduled(pod.row);
          },
          refused: (plugin) => refuse(member, group, plugin),
          gone() {},
        });
        break;
      case "refuse":
        refuse(member, group, verdict.plugin);
    }
  }

  function bindingFailed(member: GroupMember, group: WaitingGroup): void {
    results.bindingFailed(member.row);
    comesBack(member, group, NOBODY);
  }

  function refuse(member: GroupMember, group: WaitingGroup, plugin: string): void {
    const node = cluster.nodeOf(member.row);
    cluster.release(member.row);
    comesBack(member, group, new Set([plugin]));
    results.refused(member.row, node, group.key);
  }

  /** A pod that had a place waits with its group again. */
  function comesBack(member: GroupMember, group: WaitingGroup, rejectors: ReadonlySet<string>): void {
    group.comeBack({ ...member, timestampUs: world.now, rejectors });
    if (group.place === "nowhere") requeue(group.entry!, group, false);
  }

  function requeue(entry: QueuedPod<WaitingEntity>, group: WaitingGroup, error: boolean): void {
    const waiting = [...group.pending.values()];
    const rejected = waiting.filter(({ rejectors }) => rejectors.size > 0);
    group.place = waiting.length === 0 ? "nowhere" : "queued";
    if (waiting.length > 0 && (error || rejected.length > 0)) {
      for (const member of rejected) member.timestampUs = world.now;
      const [{ names }] = judges[group.profile];
      // What a pod that has come meanwhile waits for is its group.
      entry.unschedulablePlugins = error
        ? NOBODY
        : new Set([...names, ...rejected.flatMap(({ rejectors }) => [...rejectors])]);
      group.changed();
      queue.addUnschedulable(entry, world.now);
      return;
    }
    queue.done(entry.pod.uid);
    if (waiting.length > 0) queue.add(group, world.now);
  }

  return { begin, end };
}

function isHopeless(feasible: Feasibility): feasible is Feasibility & { readonly rejected: unknown } {
  return feasible !== undefined && "rejected" in feasible;
}

function reasonOf(feasible: Feasibility): string | undefined {
  if (feasible === undefined) return undefined;
  return "rejected" in feasible ? feasible.rejected.reasons.join(", ") : feasible.wait;
}
