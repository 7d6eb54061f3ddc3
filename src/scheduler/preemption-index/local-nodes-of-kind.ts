import type { Cluster } from "../../cluster/cluster.ts";
import { FiltersInThought, type NamedJudge } from "../filters-in-thought.ts";
import type { Nominations } from "../nominations.ts";
import { RowSet } from "../placement-index/row-set.ts";
import type { Cycle, LocalNodes } from "../plugin.ts";
import type { Profile } from "../profile.ts";
import { ChangedNodes } from "./changed-nodes.ts";
import type { KeptPerNode } from "./kept-per-node.ts";
import { markRow } from "./mark-row.ts";

/**
 * The nodes as they are to pods of one kind about which every filter goes by the node's own row: what is found out about a node
 * holds until a pod comes there, leaves, starts, or is nominated there, or until nodes' objects change, which ends it all.
 */
export class LocalNodesOfKind implements LocalNodes {
  readonly epoch: number;
  /** Good for the pod of the last `catchUp`, as all of it is. */
  readonly potential: RowSet;
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominations: Nominations | undefined;
  readonly #judges: readonly NamedJudge[];
  readonly #changed: ChangedNodes;
  readonly #kept = new Map<unknown, KeptPerNode>();
  #thought!: FiltersInThought;
  /** The node at which the last pod itself was expected: to others it is another one. */
  #own = -1;

  constructor(
    cluster: Cluster,
    profile: Profile,
    nominations: Nominations | undefined,
    judges: readonly NamedJudge[],
  ) {
    const { epoch, order } = cluster.nodes;
    this.epoch = epoch;
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominations = nominations;
    this.#judges = judges;
    this.potential = new RowSet(order.length);
    this.#changed = new ChangedNodes(
      [cluster.changes, cluster.starts, ...(nominations === undefined ? [] : [nominations.changes])],
      order.length,
    );
  }

  get bytes(): number {
    let bytes = 5 * this.#cluster.nodes.order.length;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    return bytes;
  }

  /** Takes in what changed since the last time, for the pod of a cycle. */
  catchUp(cycle: Cycle): void {
    const { nodes } = cycle;
    this.#thought = new FiltersInThought(
      this.#cluster,
      this.#profile,
      this.#nominations,
      cycle,
      this.#judges,
    );
    const own = this.#nominations?.expectedOn(cycle.row) ?? -1;
    const also = this.#own === own ? [own] : [this.#own, own];
    this.#own = own;
    const changed = this.#changed.since(nodes.positions, also);
    if (changed === undefined) {
      for (let place = 0; place < nodes.order.length; place++) this.#judge(nodes.order[place], place);
      for (const kept of this.#kept.values()) kept.forgetAll();
      return;
    }
    for (let i = 0; i < changed.length; i++) {
      const place = changed.places[i];
      this.#judge(nodes.order[place], place);
      for (const kept of this.#kept.values()) kept.forget(place);
    }
  }

  #judge(node: number, place: number): void {
    markRow(this.potential, place, this.#thought.rejection(node)?.status.code === "Unschedulable");
  }

  readonly suppose: LocalNodes["suppose"] = (node, think) => this.#thought.suppose(node, think);

  readonly keep: LocalNodes["keep"] = <T extends KeptPerNode>(
    make: (potential: RowSet, places: number) => T,
  ): T => {
    let kept = this.#kept.get(make) as T | undefined;
    if (kept === undefined) {
      kept = make(this.potential, this.#cluster.nodes.order.length);
      this.#kept.set(make, kept);
    }
    return kept;
  };
}
