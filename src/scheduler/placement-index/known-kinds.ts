import type { Cluster } from "../../cluster/cluster.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { Nominations } from "../nominations.ts";
import type { Cycle } from "../plugin.ts";
import type { ProfilePlugin } from "../profile.ts";
import { KindIndex } from "./kind-index.ts";
import { type KindPlan, kindPlan, othersOf } from "./kind-plan.ts";
import { PinnedKind } from "./pinned-kind.ts";
import { RowIndex, type Watched } from "./row-index.ts";
import { rowKey } from "./row-key.ts";
import type { Scratch } from "./scratch.ts";

/** Memory for what is known of kinds; what was used longest ago is dropped beyond it. */
const BYTES = 256 * 2 ** 20;

/** What is known of pods that are alike by the rows of nodes: nothing yet when they were seen once. */
interface Row {
  index: RowIndex | undefined;
  lastUse: number;
}

/** The indexes of all kinds of pods that were seen more than once, by themselves or by others that are alike by rows. */
export class KnownKinds {
  readonly #cluster: Cluster;
  readonly #plugins: readonly ProfilePlugin[];
  readonly #nominations: Nominations | undefined;
  readonly #watched: Watched;
  readonly #bytesAtMost: number;
  /** By the kind's id. */
  readonly #kinds: (KindIndex | undefined)[] = [];
  /** By the kind's id. */
  readonly #keys: string[] = [];
  readonly #rows = new Map<string, Row>();
  /** By the kind's id: those that PreFilter leaves one node. */
  readonly #pinned: (PinnedKind | undefined)[] = [];
  #bytes = 0;
  #clock = 0;
  /** That of the last pod, which the next one often shares. */
  #recent: KindIndex | PinnedKind | undefined;
  #recentKind: PodKind | undefined;

  constructor(
    cluster: Cluster,
    plugins: readonly ProfilePlugin[],
    nominations: Nominations | undefined,
    bytesAtMost = BYTES,
  ) {
    this.#cluster = cluster;
    this.#plugins = plugins;
    this.#nominations = nominations;
    this.#watched = { cluster, nominations, plugins: plugins.length };
    this.#bytesAtMost = bytesAtMost;
  }

  /** Undefined when pods like that were not seen before, or an index cannot tell of them. */
  find(cycle: Cycle, scratch: Scratch): KindIndex | PinnedKind | undefined {
    const { pod, nodes } = cycle;
    if (this.#recentKind === pod && this.#recent!.epoch === nodes.epoch) return this.#recent;
    const index = this.#lookUp(cycle, scratch);
    this.#recentKind = index && pod;
    this.#recent = index;
    return index;
  }

  #lookUp(cycle: Cycle, scratch: Scratch): KindIndex | PinnedKind | undefined {
    const { pod, nodes } = cycle;
    const pinned = this.#pinned[pod.id];
    if (pinned?.epoch === nodes.epoch) return pinned;
    const known = this.#kinds[pod.id];
    const key = this.#keyOf(pod);
    const row = this.#rows.get(key);
    if (row === undefined) {
      this.#rows.set(key, { index: undefined, lastUse: ++this.#clock });
      return undefined;
    }
    row.lastUse = ++this.#clock;
    const rows = row.index?.epoch === nodes.epoch ? row.index : this.#makeRows(row, cycle, scratch);
    if (rows === undefined || rows instanceof PinnedKind) return rows;
    if (known?.rows === rows) {
      known.lastUse = this.#clock;
      return known;
    }
    if (known !== undefined) this.#bytes -= known.counted;
    const index = new KindIndex(rows, othersOf(this.#plugins, pod), this.#cluster, this.#nominations);
    index.lastUse = this.#clock;
    this.#kinds[pod.id] = index;
    return index;
  }

  #keyOf(pod: PodKind): string {
    const key = this.#keys[pod.id] ?? rowKey(this.#plugins, pod, this.#cluster.objects) ?? `kind ${pod.id}`;
    this.#keys[pod.id] = key;
    return key;
  }

  #makeRows(row: Row, cycle: Cycle, scratch: Scratch): RowIndex | PinnedKind | undefined {
    const plan = kindPlan(this.#plugins, cycle);
    if (plan === undefined) return undefined;
    if (plan.names !== undefined) return this.#pin(cycle, plan, plan.names);
    const index = new RowIndex(cycle.pod.priority, plan, this.#watched);
    if (row.index === undefined || !index.follow(row.index, scratch)) index.build(scratch);
    this.#bytes += index.bytes - (row.index?.bytes ?? 0);
    row.index = index;
    return index;
  }

  #pin({ pod, nodes }: Cycle, plan: KindPlan, names: readonly string[]): PinnedKind | undefined {
    const present = new Set(names.map((name) => nodes.rowOf(name)).filter((row) => row !== undefined));
    if (present.size !== 1) return undefined;
    const [node] = present;
    const pinned = new PinnedKind(plan, othersOf(this.#plugins, pod), nodes, node!);
    this.#pinned[pod.id] = pinned;
    return pinned;
  }

  /** Forgets what is known of a kind, but not that it was seen. */
  drop(kind: PodKind): void {
    const row = this.#rows.get(this.#keyOf(kind));
    if (row?.index !== undefined) this.#bytes -= row.index.bytes;
    if (row !== undefined) row.index = undefined;
    this.#bytes -= this.#kinds[kind.id]?.counted ?? 0;
    this.#kinds[kind.id] = undefined;
    this.#recentKind = undefined;
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
    const rows = [...this.#rows.values()].filter(({ index }) => index !== undefined);
    const kinds = this.#kinds.filter((index) => index !== undefined);
    const uses = [...rows, ...kinds].map(({ lastUse }) => lastUse).sort((a, b) => a - b);
    const limit = uses[uses.length >> 1];
    for (const row of rows) {
      if (row.lastUse >= limit || row.index === kept.rows) continue;
      this.#bytes -= row.index!.bytes;
      row.index = undefined;
    }
    for (const [id, index] of this.#kinds.entries()) {
      if (index === undefined || index === kept || index.lastUse >= limit) continue;
      this.#bytes -= index.counted;
      this.#kinds[id] = undefined;
    }
    this.#recentKind = undefined;
  }
}
