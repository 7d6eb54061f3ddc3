import { Cluster } from "../../src/cluster/cluster.ts";
import { profilesFromCase } from "../../src/configuration/profiles-of.ts";
import type { NodeObject } from "../../src/kubernetes/node.ts";
import {
  type AttemptClock,
  OpportunisticBatching,
} from "../../src/scheduler/batching/opportunistic-batching.ts";
import { Nominations } from "../../src/scheduler/nominations.ts";
import type { Profile, TieBreak } from "../../src/scheduler/profile.ts";
import type { HeldEvent } from "../../src/scheduler/queue/in-flight-list.ts";
import { queueEvent } from "../../src/scheduler/queue/queue-event.ts";
import type { SchedulingQueue } from "../../src/scheduler/queue/scheduling-queue.ts";
import { SchedulingCycle } from "../../src/scheduler/scheduling-cycle.ts";
import { DecisionLoop } from "./decision-loop.ts";
import { Placements } from "./placements.ts";
import { type PlayedPod, PlayedPods, type PodRole } from "./played-pods.ts";
import { type ChurnActions, PlayerChurn } from "./player-churn.ts";
import { addObjects, decodeObjects, type PlayedObjects, removeObjects } from "./player-objects.ts";
import { playerQueue } from "./player-queue.ts";
import { RejectorNames } from "./rejector-names.ts";
import type { ScheduleOperation, ScriptOperation } from "./script.ts";

const SEED = 42;

export interface PlayOptions {
  /** `index` when absent. */
  readonly algorithm?: "index" | "scan" | undefined;
  /** `upstream` when absent. */
  readonly tieBreak?: TieBreak | undefined;
}

/** What one `schedule` operation came to. */
export interface PlayedPhase {
  readonly name: string;
  readonly measured: boolean;
  readonly attempts: number;
  readonly scheduled: number;
  /** Attempts that found no node. */
  readonly unschedulable: number;
  readonly preempted: number;
  /** Of the loop alone: pods, nodes and objects are created before it, those of churn within. */
  readonly seconds: number;
}

export interface PlayedScript {
  readonly phases: readonly PlayedPhase[];
  /** Every placement in the order of decisions, a line `namespace/name,node` each. */
  readonly placements: string;
}

/**
 * Plays a script from its begin on a cluster of its own. Where preemption's dry runs start is not drawn: at the first node.
 * @throws Error when the script does what it may not, such as to name a pod that is not there
 */
export function playScript(operations: readonly ScriptOperation[], options: PlayOptions = {}): PlayedScript {
  const [first] = operations;
  if (first?.op !== "config")
    throw new Error("missing config: the first line of a script is its configuration");
  const profiles = profilesFromCase(first.config, first.gates);
  const tieBreak = options.tieBreak ?? "upstream";
  const player = new Player(
    profiles.map((profile) => ({ ...profile, tieBreak })),
    options.algorithm ?? "index",
  );
  for (const operation of operations) player.play(operation);
  return player.result();
}

class Player implements ChurnActions {
  readonly #cluster = new Cluster();
  readonly #nominations = new Nominations();
  readonly #clock: AttemptClock = { attempt: 0, nowUs: 0 };
  readonly #placements = new Placements();
  readonly #pods: PlayedPods;
  readonly #queue: SchedulingQueue<PlayedPod>;
  readonly #loop: DecisionLoop;
  readonly #roles: PodRole[] = [];
  readonly #nodeRows = new Map<string, number>();
  readonly #churn: PlayerChurn[] = [];
  readonly #phases: PlayedPhase[] = [];

  constructor(profiles: readonly Profile[], algorithm: "index" | "scan") {
    const cluster = this.#cluster;
    const clock = this.#clock;
    this.#pods = new PlayedPods(cluster, profiles);
    this.#queue = playerQueue(profiles, cluster);
    this.#loop = new DecisionLoop({
      cluster,
      queue: this.#queue,
      clock,
      nominations: this.#nominations,
      pods: this.#pods,
      placements: this.#placements,
      rejectorNames: profiles.map((profile) => new RejectorNames(profile)),
      hasPostFilter: profiles.map(({ plugins }) =>
        plugins.some(({ plugin }) => plugin.postFilter !== undefined),
      ),
      afterAttempt: () => {
        for (const churn of this.#churn) churn.afterAttempt();
      },
      cycles: profiles.map(
        (profile) =>
          new SchedulingCycle({
            cluster,
            profile,
            seed: SEED,
            algorithm,
            nominations: this.#nominations,
            podName: (row) => this.#pods.nameOf(row),
            podObject: (row) => this.#pods.at(row).object,
            preemptionOffset: () => 0,
            hints:
              profile.batching === false
                ? undefined
                : OpportunisticBatching.of({ profile, clock, seed: SEED }),
          }),
      ),
    });
  }

  play(operation: ScriptOperation): void {
    switch (operation.op) {
      case "config":
        break;
      case "objects":
        this.addObjects(decodeObjects(operation.objects));
        break;
      case "nodes":
        for (const node of operation.nodes) this.addNode(node);
        break;
      case "removeNodes":
        for (const name of operation.names) this.removeNode(this.#nodeRow(name));
        break;
      case "templates":
        for (const pod of operation.pods) this.#roles.push(this.roleOf(pod));
        break;
      case "pods":
        this.#createPods(operation.of, operation.names);
        break;
      case "deletePods":
        for (const name of operation.names) {
          const pod = this.#pods.named(name);
          if (pod !== undefined) this.removePod(pod);
        }
        break;
      case "churn":
        this.#churn.push(new PlayerChurn(operation, this));
        break;
      case "schedule":
        this.#phases.push(this.#schedule(operation));
        break;
    }
  }

  result(): PlayedScript {
    const { nodes } = this.#cluster;
    const placements = this.#placements.text(
      (row) => this.#pods.nameOf(row),
      (node) => nodes.name(node),
    );
    return { phases: this.#phases, placements };
  }

  roleOf(pod: PodRole["kind"]["object"]): PodRole {
    return this.#pods.roleOf(pod);
  }

  createPod(role: PodRole, name: string): PlayedPod {
    const pod = this.#pods.create(role, name);
    // No two pods wait since the same time.
    this.#clock.nowUs++;
    if (role.nodeName !== undefined) {
      const node = this.#nodeRow(role.nodeName);
      this.#cluster.assume(pod.key, role.kind, node, 0);
      this.#loop.runs(pod.key);
    } else if (role.profile !== -1 && !this.#queue.add(pod, this.#clock.nowUs)) {
      this.#loop.somePodWaits();
    }
    return pod;
  }

  /** Wherever it is. */
  removePod(pod: PlayedPod): void {
    const nominated = this.#nominations.nodeOf(pod.key) !== -1;
    this.#nominations.clear(pod.key);
    if (this.#cluster.nodeOf(pod.key) !== -1) {
      this.#loop.removePlaced(pod);
      return;
    }
    this.#queue.delete(pod);
    if (nominated) this.#loop.nominationGone(pod);
  }

  addNode(node: NodeObject): number {
    const row = this.#cluster.addNode({ object: node });
    this.#nodeRows.set(node.metadata?.name ?? "", row);
    this.#tell({ event: queueEvent("Node", "Add"), before: undefined, after: node });
    return row;
  }

  removeNode(row: number): void {
    const cluster = this.#cluster;
    const object = cluster.nodes.object(row);
    for (const pod of cluster.podsOn(row).slice()) this.removePod(this.#pods.at(pod));
    cluster.removeNode(row);
    this.#nodeRows.delete(object.metadata?.name ?? "");
    this.#tell({ event: queueEvent("Node", "Delete"), before: object, after: undefined });
  }

  addObjects(objects: PlayedObjects): void {
    for (const { event, after } of addObjects(this.#cluster, objects))
      this.#tell({ event, before: undefined, after });
  }

  removeObjects(objects: PlayedObjects): void {
    removeObjects(this.#cluster, objects);
  }

  #createPods(of: readonly (readonly [number, number])[], names: readonly string[]): void {
    let place = 0;
    for (const [template, count] of of) {
      for (let i = 0; i < count; i++) this.createPod(this.#roles[template], names[place++]);
    }
    this.#placements.reserve(names.length);
  }

  #schedule({ name, measured, attempts = Number.POSITIVE_INFINITY }: ScheduleOperation): PlayedPhase {
    const loop = this.#loop;
    const before = counts(loop);
    // What creating pods left behind is not the scheduler's: the Go program collects it as well. Young objects only, twice, so that all
    // of them are old; a full collection would also drop compiled code that knows objects of earlier plays.
    globalThis.gc?.({ type: "minor" });
    globalThis.gc?.({ type: "minor" });
    const startedMs = performance.now();
    loop.runTo(loop.attempts + attempts);
    const seconds = (performance.now() - startedMs) / 1000;
    const after = counts(loop);
    return {
      name,
      measured,
      attempts: after.attempts - before.attempts,
      scheduled: after.scheduled - before.scheduled,
      unschedulable: after.unschedulable - before.unschedulable,
      preempted: after.preempted - before.preempted,
      seconds,
    };
  }

  #nodeRow(name: string): number {
    const row = this.#nodeRows.get(name);
    if (row === undefined) throw new Error(`unknown node in script: ${name}`);
    return row;
  }

  #tell(held: HeldEvent): void {
    this.#queue.moveAll(held, this.#clock.nowUs);
  }
}

function counts({ attempts, scheduled, unschedulable, preempted }: DecisionLoop) {
  return { attempts, scheduled, unschedulable, preempted };
}
