import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { AttemptClock } from "../scheduler/batching/opportunistic-batching.ts";
import { EXTENDERS } from "../scheduler/extender.ts";
import type { Nominations } from "../scheduler/nominations.ts";
import type { Outcome } from "../scheduler/outcome.ts";
import type { Profile } from "../scheduler/profile.ts";
import { membersByKind } from "../scheduler/reads-of.ts";
import type { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import type { World } from "./world.ts";

/** An attempt before anything of it has happened: the cluster is as the decision will find it. */
export interface AttemptBegins {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly pod: number;
  readonly kind: PodKind;
  readonly podName: (pod: number) => string;
  readonly nominations: Nominations;
  /** Which attempt of this pod it is, from 1. */
  readonly attempt: number;
  /** Where the search starts, a place in node order. */
  readonly start: number;
  /** The row of the node that batching proposes to the pod, -1 for none; for pods that pass PreFilter. */
  readonly hint: () => number;
  readonly nowUs: number;
}

/** What decides on one pod after another: the scheduling cycle, or whatever decides as it does. */
export type DecidingCycle = Pick<SchedulingCycle, "outcome" | "nextStart" | "hintFor" | "run" | "postFilter">;

/** Counts over all attempts. */
export interface SchedulerTotals {
  attempts: number;
  nodesEvaluated: number;
  tiedDecisions: number;
}

/** One pod on its way through a scheduling cycle. */
export interface Candidate {
  readonly row: number;
  readonly kind: PodKind;
  /** The place of its profile. */
  readonly profile: number;
  /** Which attempt of this pod it is, from 1. */
  readonly attempt: number;
}

/** Runs the scheduling cycles of one scheduler, whose profiles take turns, and keeps the trace of them. */
export interface Decider {
  readonly totals: SchedulerTotals;
  /** Decides on one pod; it counts on the node that was chosen from then on. */
  decide(candidate: Candidate): Outcome;
  /** Writes down what the cycle of a pod came to, right after it. */
  note(candidate: Candidate): void;
  /** Takes pods off their nodes again, the last one first, so that every node is as it was before them. */
  revert(pods: readonly number[], objects: KubernetesObjects): void;
  /** What the last cycle of a profile came to. */
  outcomeOf(profile: number): Outcome;
  /** Plugins of all profiles have numbers, one profile after the other. */
  pluginNumber(profile: number, place: number): number;
  /** The plugins of a set of bits, and the extenders when some node was dropped by one. */
  namesOf(profile: number, rejectors: number, droppedByExtenders: boolean): ReadonlySet<string>;
}

export interface DeciderParts {
  /** One for each profile. */
  readonly cycles: readonly DecidingCycle[];
  /** By which the cycles know what came right after what. */
  readonly clock: AttemptClock;
  readonly onAttempt: ((attempt: AttemptBegins) => void) | undefined;
}

export function decider(world: World, { cycles, clock, onAttempt }: DeciderParts): Decider {
  const { cluster, trace, nominations, pods: table } = world;
  const totals: SchedulerTotals = { attempts: 0, nodesEvaluated: 0, tiedDecisions: 0 };
  const profiles = world.profiles.map(profileParts);
  /** Where the next search starts, whichever profile it is for. */
  let nextStart = 0;

  function decide({ row, kind, profile, attempt }: Candidate): Outcome {
    const cycle = cycles[profile];
    cycle.nextStart = nextStart;
    clock.attempt++;
    clock.nowUs = world.now;
    onAttempt?.({
      cluster,
      profile: world.profiles[profile],
      pod: row,
      kind,
      podName: (pod) => table.nameOf(pod),
      nominations,
      attempt,
      start: cycle.nextStart,
      hint: () => cycle.hintFor(row, kind),
      nowUs: world.now,
    });
    const outcome = cycle.run(row, kind, attempt);
    nextStart = cycle.nextStart;
    if (outcome.node !== -1) {
      for (const reserve of profiles[profile].reservesOf(kind)) {
        cluster.objects = reserve({ pod: kind, row, nodes: cluster.nodes, cluster }, outcome.node);
      }
      cluster.assume(row, kind, outcome.node, outcome.devices);
    }
    return outcome;
  }

  function note({ row, profile, attempt }: Candidate): void {
    const { outcome } = cycles[profile];
    const { pods } = trace;
    if (attempt === 1) pods.firstAttemptUs[row] = world.now;
    pods.attempts[row] = attempt;
    pods.evaluated[row] = outcome.evaluated;
    pods.feasible[row] = outcome.feasible;
    pods.score[row] = outcome.score;
    pods.tied[row] = outcome.tied;
    if (outcome.node === -1) {
      const { mainRejector } = outcome;
      pods.rejector[row] = mainRejector === -1 ? -1 : profiles[profile].firstPlugin + mainRejector;
    }
    totals.attempts++;
    totals.nodesEvaluated += outcome.evaluated;
    if (outcome.tied > 1) totals.tiedDecisions++;
  }

  return {
    totals,
    decide,
    revert(pods, objects) {
      for (const pod of pods.toReversed()) cluster.release(pod);
      cluster.objects = objects;
      // What was found for them is no good any more.
      clock.attempt++;
    },
    note,
    pluginNumber: (profile, place) => profiles[profile].firstPlugin + place,
    outcomeOf: (profile) => cycles[profile].outcome,
    namesOf: (profile, rejectors, droppedByExtenders) =>
      profiles[profile].namesOf(rejectors, droppedByExtenders),
  };
}

/** What is asked of a profile again and again. */
function profileParts({ plugins }: Profile, place: number, profiles: readonly Profile[]) {
  const names = new Map<number, ReadonlySet<string>>();
  return {
    reservesOf: membersByKind(
      plugins.map(({ plugin }) => plugin),
      "reserve",
    ),
    firstPlugin: profiles.slice(0, place).reduce((count, before) => count + before.plugins.length, 0),
    namesOf(bits: number, extenders: boolean): ReadonlySet<string> {
      const key = extenders ? ~bits : bits;
      let set = names.get(key);
      if (set === undefined) {
        set = new Set([
          ...plugins.filter((_, p) => (bits >> p) & 1).map(({ plugin }) => plugin.name),
          ...(extenders ? [EXTENDERS] : []),
        ]);
        names.set(key, set);
      }
      return set;
    },
  };
}
