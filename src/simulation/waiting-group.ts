import type { PodKind } from "../cluster/pod-kind.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { QueuedMember, QueuedPod, QueuePod } from "../scheduler/queue/queued-pod.ts";
import type { PodTable, WaitingPod } from "./pod-table.ts";

/** A pod of a group that waits or is being tried. */
export interface GroupMember {
  readonly row: number;
  readonly kind: PodKind;
  attempts: number;
  /** When it came or last failed. */
  timestampUs: number;
  /** Who rejected it; none when it was not tried yet. */
  rejectors: ReadonlySet<string>;
}

/** What the scheduler's queue holds. */
export type WaitingEntity = WaitingPod | WaitingGroup;

const NOBODY: ReadonlySet<string> = new Set();

/** The pods of one group. In the scheduler's queue it stands for those that wait; they are tried together. */
export class WaitingGroup implements QueuePod {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly nominatedNode = "";
  /** Every pod of the group that was created and has neither finished nor gone. */
  readonly all = new Set<number>();
  readonly pending = new Map<number, GroupMember>();
  place: "nowhere" | "queued" | "inFlight" = "nowhere";
  /** As it was last taken from the queue. */
  entry: QueuedPod<WaitingEntity> | undefined;
  /** Why the last attempt failed, as far as that is a matter of the group. */
  reason: string | undefined;
  readonly #pods: PodTable;
  readonly #findPriority: (group: WaitingGroup) => number | undefined;
  #priority: number | undefined;
  #members: readonly QueuedMember[] | undefined;

  /** @param findPriority what the queue sorts by: the priority of the group's object; undefined before it is there */
  constructor(
    pods: PodTable,
    namespace: string,
    name: string,
    findPriority: (group: WaitingGroup) => number | undefined,
  ) {
    this.#pods = pods;
    this.namespace = namespace;
    this.name = name;
    // No pod has a number for its key here that could be mistaken for it.
    this.key = `${namespace}/${name}`;
    this.#findPriority = findPriority;
  }

  get uid(): string {
    return this.key;
  }

  get size(): number {
    return this.pending.size;
  }

  get priority(): number {
    this.#priority ??= this.#findPriority(this);
    return this.#priority ?? 0;
  }

  /** The kind of the pod that waits longest; there is one as long as the group is in the queue. */
  get kind(): PodKind {
    return this.#first.kind;
  }

  get profile(): number {
    return this.#pods.profileOf(this.kind);
  }

  get object(): PodObject {
    return this.#pods.objectOf(this.#first.row);
  }

  /** One pod of each kind and set of rejectors: what helps it helps those that are like it. */
  get members(): readonly QueuedMember[] {
    this.#members ??= this.#distinct();
    return this.#members;
  }

  join(row: number, nowUs: number): void {
    const kind = this.#pods.kindOf(row);
    this.pending.set(row, { row, kind, attempts: 0, timestampUs: nowUs, rejectors: NOBODY });
    this.changed();
  }

  /** A pod that had a place waits again. */
  comeBack(member: GroupMember): void {
    this.pending.set(member.row, member);
    this.changed();
  }

  /** A pod that waits became another one. */
  update(row: number): void {
    const member = this.pending.get(row);
    if (member !== undefined) this.comeBack({ ...member, kind: this.#pods.kindOf(row) });
  }

  /** The pod waits no longer. */
  leave(row: number): void {
    if (this.pending.delete(row)) this.changed();
  }

  /** To be called after pods that wait have come, gone or been rejected. */
  changed(): void {
    this.#members = undefined;
  }

  /**
   * Those that wait, in the order in which they are tried: by priority, then who was tried more often, then who waits longer,
   * then by name.
   */
  inOrder(): GroupMember[] {
    return [...this.pending.values()].sort(
      (a, b) =>
        b.kind.priority - a.kind.priority ||
        b.attempts - a.attempts ||
        a.timestampUs - b.timestampUs ||
        (this.#pods.nameOf(a.row) < this.#pods.nameOf(b.row) ? -1 : 1),
    );
  }

  get #first(): GroupMember {
    for (const member of this.pending.values()) return member;
    throw new RangeError(`no pod of group ${this.key} waits`);
  }

  #distinct(): QueuedMember[] {
    const seen = new Map<PodKind, Set<ReadonlySet<string>>>();
    const distinct: QueuedMember[] = [];
    for (const { row, kind, rejectors } of this.pending.values()) {
      const sets = seen.get(kind) ?? new Set();
      seen.set(kind, sets);
      if (sets.has(rejectors)) continue;
      sets.add(rejectors);
      distinct.push({ object: this.#pods.objectOf(row), unschedulablePlugins: rejectors });
    }
    return distinct;
  }
}
