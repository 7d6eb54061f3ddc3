import type { Cluster } from "../../cluster/cluster.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { Nominations } from "../nominations.ts";
import type { Cycle } from "../plugin.ts";
import type { ProfilePlugin } from "../profile.ts";
import { AlikeByRows } from "./alike-by-rows.ts";
import { KindIndex } from "./kind-index.ts";
import { type KindPlan, kindPlan, othersOf } from "./kind-plan.ts";
import { PinnedKind } from "./pinned-kind.ts";
import { RowIndex, type Watched } from "./row-index.ts";
import { rowKey } from "./row-key.ts";
import type { Scratch } from "./scratch.ts";

/** Memory for what is known of kinds; what was used longest ago is dropped beyond it. */
const BYTES = 256 * 2 ** 20;

/** How many pods that were seen once are remembered. */
const SEEN_AT_MOST = 1 << 16;

/** The indexes of all kinds of pods that were seen more than once, by themselves or by others that are alike by rows. */
export class KnownKinds {
  readonly #cluster: Cluster;
  readonly #plugins: readonly ProfilePlugin[];
  readonly #watched: Watched;
  readonly #bytesAtMost: number;
  /** By the kind's id: what the kind shares with others, and what is known of it alone. */
  readonly #alike: (AlikeByRows | undefined)[] = [];
  readonly #kinds: (KindIndex | PinnedKind | undefined)[] = [];
  readonly #byKey = new Map<string, AlikeByRows>();
  #bytes = 0;
  #clock = 0;

  constructor(
    cluster: Cluster,
    plugins: readonly ProfilePlugin[],
    nominations: Nominations | undefined,
    bytesAtMost = BYTES,
  ) {
    this.#cluster = cluster;
    this.#plugins = plugins;
    this.#watched = { cluster, nominations, plugins: plugins.length };
    this.#bytesAtMost = bytesAtMost;
  }

  /** Undefined when pods like that were not seen before. */
  find(cycle: Cycle): KindIndex | PinnedKind | undefined {
    const { pod, nodes } = cycle;
    const known = this.#kinds[pod.id];
    if (known?.epoch === nodes.epoch) return known;
    const alike = this.#alikeTo(cycle);
    if (!alike.seen) {
      alike.seen = true;
      return undefined;
    }
    if (known instanceof KindIndex) this.#bytes -= known.counted;
    const index = new KindIndex(alike, nodes.epoch, othersOf(this.#plugins, pod), this.#watched);
    this.#kinds[pod.id] = index;
    return index;
  }

  /** The rows of a kind, brought up to date; undefined when that does not pay, or when an index cannot tell of them. */
  rowsOf(
    { alike }: KindIndex,
    cycle: Cycle,
    atAnyCost: boolean,
    wanted: number,
    scratch: Scratch,
  ): RowIndex | PinnedKind | undefined {
    const { changes } = this.#cluster;
    alike.lastUse = ++this.#clock;
    if (!alike.pays(changes.end, cycle.nodes, wanted) && !atAnyCost) return undefined;
    const index =
      alike.index?.epoch === cycle.nodes.epoch ? alike.index : this.#makeRows(alike, cycle, scratch);
    if (index instanceof RowIndex) index.catchUp(scratch);
    return index;
  }

  /** Nothing else could tell of pods like that: the next time, the index is to do it. */
  insist(pod: PodKind): void {
    const alike = this.#alike[pod.id];
    if (alike !== undefined) alike.insisted = true;
  }

  #alikeTo(cycle: Cycle): AlikeByRows {
    const { pod } = cycle;
    let alike = this.#alike[pod.id];
    if (alike !== undefined) return alike;
    const key = rowKey(this.#plugins, cycle);
    alike = key === undefined ? undefined : this.#byKey.get(key);
    if (alike === undefined) {
      alike = new AlikeByRows();
      if (key !== undefined) this.#remember(key, alike);
    }
    this.#alike[pod.id] = alike;
    return alike;
  }

  #remember(key: string, alike: AlikeByRows): void {
    if (this.#byKey.size >= SEEN_AT_MOST) {
      for (const [other, { index }] of this.#byKey) if (index === undefined) this.#byKey.delete(other);
      // All of them have an index: pods to come do not share it any more.
      if (this.#byKey.size >= SEEN_AT_MOST) this.#byKey.clear();
      for (const [id, known] of this.#alike.entries()) {
        if (known?.index === undefined) this.#alike[id] = undefined;
      }
    }
    this.#byKey.set(key, alike);
  }

  #makeRows(alike: AlikeByRows, cycle: Cycle, scratch: Scratch): RowIndex | PinnedKind | undefined {
    const plan = kindPlan(this.#plugins, cycle);
    if (plan === undefined) return undefined;
    if (plan.names !== undefined) return this.#pin(cycle, plan, plan.names);
    const index = new RowIndex(cycle.pod.priority, plan, this.#watched);
    if (alike.index === undefined || !index.follow(alike.index, scratch)) index.build(scratch);
    this.#bytes += index.bytes - (alike.index?.bytes ?? 0);
    alike.index = index;
    return index;
  }

  #pin({ pod, nodes }: Cycle, plan: KindPlan, names: readonly string[]): PinnedKind | undefined {
    const present = new Set(names.map((name) => nodes.rowOf(name)).filter((row) => row !== undefined));
    if (present.size !== 1) return undefined;
    const [node] = present;
    const pinned = new PinnedKind(plan, othersOf(this.#plugins, pod), nodes, node);
    this.#kinds[pod.id] = pinned;
    return pinned;
  }

  /** Forgets what is known of a kind, but not that it was seen. */
  drop({ id }: PodKind): void {
    const alike = this.#alike[id];
    if (alike?.index !== undefined) {
      this.#bytes -= alike.index.bytes;
      alike.index = undefined;
    }
    const known = this.#kinds[id];
    if (known instanceof KindIndex) this.#bytes -= known.counted;
    this.#kinds[id] = undefined;
  }

  /** What an index takes changes with the classes that nodes fall into. */
  count(index: KindIndex): void {
    const { bytes } = index;
    if (bytes !== index.counted) {
      this.#bytes += bytes - index.counted;
      index.counted = bytes;
    }
    if (this.#bytes > this.#bytesAtMost) this.#dropOldest(index);
  }

  /** Drops the half that was used longest ago: rarely, and much at once. */
  #dropOldest(kept: KindIndex): void {
    const indexed = new Set(this.#alike.filter((alike) => alike?.index !== undefined));
    const uses = [...indexed].map((alike) => alike!.lastUse).sort((a, b) => a - b);
    const limit = uses[uses.length >> 1];
    for (const [id, index] of this.#kinds.entries()) {
      if (!(index instanceof KindIndex) || index === kept || index.alike.lastUse >= limit) continue;
      this.#bytes -= index.counted;
      this.#kinds[id] = undefined;
    }
    for (const alike of indexed) {
      if (alike === kept.alike || alike!.lastUse >= limit) continue;
      this.#bytes -= alike!.index!.bytes;
      alike!.index = undefined;
    }
  }
}
