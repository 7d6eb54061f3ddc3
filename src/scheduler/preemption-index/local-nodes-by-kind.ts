import { InvariantViolation } from "../../base/errors.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import { judgeOf, type NamedJudge } from "../filters-in-thought.ts";
import type { Nominations } from "../nominations.ts";
import type { Cycle, Plugin } from "../plugin.ts";
import type { Profile } from "../profile.ts";
import { readsOf } from "../reads-of.ts";
import { LocalNodesOfKind } from "./local-nodes-of-kind.ts";

/** Memory for what is known of kinds; what was used longest ago is dropped beyond it. */
const BYTES = 128 * 2 ** 20;

interface Known {
  readonly nodes: LocalNodesOfKind;
  /** Plugins that may have more to say than a node's row tells. */
  readonly others: readonly Plugin[];
  /** About how much memory it was known to take, and when it was last used. */
  bytes: number;
  lastUse: number;
}

/** What PostFilter plugins may go on from: the nodes as they are to pods of each kind. */
export class LocalNodesByKind {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominations: Nominations | undefined;
  readonly #known = new Map<PodKind, Known>();
  #bytes = 0;
  #clock = 0;

  constructor(cluster: Cluster, profile: Profile, nominations: Nominations | undefined) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominations = nominations;
  }

  /** Brought up to date; undefined where more than a node's row decides. */
  of(cycle: Cycle): LocalNodesOfKind | undefined {
    // Sums beyond exact doubles are made anew in every cycle.
    if (cycle.nodes.hugeNodes > 0) return undefined;
    try {
      return this.#of(cycle);
    } catch (error) {
      // Whoever looks at nodes one by one finds out whether it comes so far.
      if (!(error instanceof InvariantViolation)) throw error;
      this.#drop(cycle.pod);
      return undefined;
    }
  }

  #of(cycle: Cycle): LocalNodesOfKind | undefined {
    const known = this.#find(cycle);
    for (const plugin of known.others) if (speaks(plugin, cycle)) return undefined;
    known.lastUse = ++this.#clock;
    known.nodes.catchUp(cycle);
    this.#count(known);
    return known.nodes;
  }

  #find(cycle: Cycle): Known {
    const { pod, nodes } = cycle;
    const known = this.#known.get(pod);
    if (known !== undefined && known.nodes.epoch === nodes.epoch) return known;
    this.#drop(pod);
    const judges: NamedJudge[] = [];
    const others: Plugin[] = [];
    for (const { plugin } of this.#profile.plugins) {
      const reads = readsOf(plugin, pod);
      if (reads === "nothing") continue;
      if (reads === "cluster" || plugin.whatIf !== undefined) others.push(plugin);
      else {
        const judge = judgeOf(plugin, cycle);
        if (judge !== undefined) judges.push({ plugin: plugin.name, judge });
      }
    }
    const local = new LocalNodesOfKind(this.#cluster, this.#profile, this.#nominations, judges);
    const found = { nodes: local, others, bytes: 0, lastUse: 0 };
    this.#known.set(pod, found);
    return found;
  }

  #count(known: Known): void {
    const { bytes } = known.nodes;
    this.#bytes += bytes - known.bytes;
    known.bytes = bytes;
    if (this.#bytes > BYTES) this.#dropOldest();
  }

  #drop(kind: PodKind): void {
    this.#bytes -= this.#known.get(kind)?.bytes ?? 0;
    this.#known.delete(kind);
  }

  /** Drops the half that was used longest ago: rarely, and much at once. */
  #dropOldest(): void {
    const all = [...this.#known].sort(([, a], [, b]) => a.lastUse - b.lastUse);
    for (const [kind] of all.slice(0, all.length >> 1)) this.#drop(kind);
  }
}

/** Whether it judges nodes in this cycle, or would when pods come and go in thought. */
function speaks(plugin: Plugin, cycle: Cycle): boolean {
  if (judgeOf(plugin, cycle) !== undefined) return true;
  return plugin.whatIf?.(cycle) !== undefined;
}
