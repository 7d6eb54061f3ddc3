import type { NodeObject } from "../kubernetes/node.ts";

const ZONE_KEYS = ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"];
const REGION_KEYS = ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"];

/**
 * The order in which the scheduler visits nodes: zones take turns, each giving its next node, in the order in which the
 * zones first appeared (upstream: pkg/scheduler/backend/cache/node_tree.go). A zone that loses its last node goes to the
 * end when it returns; a changed zone label does not reorder the list until a node joins or leaves.
 */
export class NodeOrder {
  readonly #zones = new Map<string, number[]>();
  readonly #zoneOf = new Map<number, string>();
  #list = new Uint32Array(0);
  #positions = new Int32Array(0);
  #stale = false;

  add(row: number, node: NodeObject): void {
    this.#place(row, zoneKey(node));
    this.#stale = true;
  }

  update(row: number, node: NodeObject): void {
    const key = zoneKey(node);
    if (key === this.#zoneOf.get(row)) return;
    this.#displace(row);
    this.#place(row, key);
  }

  remove(row: number): void {
    this.#displace(row);
    this.#stale = true;
  }

  /** Rows in visiting order. */
  get list(): Uint32Array {
    if (this.#stale) this.#rebuild();
    return this.#list;
  }

  /** `positions[row]`: the row's place in `list`; -1 when it is not there. */
  get positions(): Int32Array {
    if (this.#stale) this.#rebuild();
    return this.#positions;
  }

  #place(row: number, key: string): void {
    const zone = this.#zones.get(key);
    if (zone === undefined) this.#zones.set(key, [row]);
    else zone.push(row);
    this.#zoneOf.set(row, key);
  }

  #displace(row: number): void {
    const key = this.#zoneOf.get(row)!;
    const zone = this.#zones.get(key)!;
    zone.splice(zone.indexOf(row), 1);
    if (zone.length === 0) this.#zones.delete(key);
    this.#zoneOf.delete(row);
  }

  #rebuild(): void {
    const zones = [...this.#zones.values()];
    const total = this.#zoneOf.size;
    const list = new Uint32Array(total);
    let filled = 0;
    for (let round = 0; filled < total; round++) {
      for (const zone of zones) {
        if (round < zone.length) list[filled++] = zone[round]!;
      }
    }
    const highest = list.reduce((max, row) => Math.max(max, row), -1);
    const positions = new Int32Array(highest + 1).fill(-1);
    for (let place = 0; place < total; place++) positions[list[place]] = place;
    this.#list = list;
    this.#positions = positions;
    this.#stale = false;
  }
}

function zoneKey(node: NodeObject): string {
  const labels = node.metadata?.labels;
  const region = firstOf(labels, REGION_KEYS);
  const zone = firstOf(labels, ZONE_KEYS);
  return region === "" && zone === "" ? "" : `${region}:\u0000:${zone}`;
}

function firstOf(labels: Readonly<Record<string, string>> | undefined, keys: readonly string[]): string {
  for (const key of keys) {
    const value = labels?.[key];
    if (value !== undefined) return value;
  }
  return "";
}
