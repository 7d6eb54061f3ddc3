import type { DeviceAllocationResult, DeviceClassObject } from "../../kubernetes/device-object.ts";
import type { NodeObject } from "../../kubernetes/node.ts";
import { labelsOf } from "../../kubernetes/object-meta.ts";
import type { AllocatedDevices, PoolStamps } from "./allocated-devices.ts";
import { allocate } from "./allocator.ts";
import type { DeviceInventory } from "./device-inventory.ts";
import { type Pool, poolsOf } from "./pools.ts";
import type { WantedClaim } from "./requests.ts";

/** How many kinds of searches a node remembers. */
const REMEMBERED = 64;

/** Stands for searches by the same device classes for claims with the same specs. */
interface SearchKind {
  readonly next: WeakMap<object, SearchKind>;
}

/** What each of the wanted claims would get. */
export type FoundDevices = readonly (readonly DeviceAllocationResult[])[];

/** What a search found while the node's pools were as the stamps say. */
interface Found {
  readonly stamps: readonly PoolStamps[];
  readonly found: FoundDevices | undefined;
}

const kinds = new WeakMap<object, SearchKind>();
const nodesOf = new WeakMap<DeviceInventory, WeakMap<NodeObject, NodeSearches>>();

/** Searches for devices on one node. What was found is found again without a search until a device of the node changes hands. */
export class NodeSearches {
  readonly pools: readonly Pool[];
  readonly labels: ReadonlyMap<string, string>;
  readonly #nodeName: string;
  readonly #found = new Map<SearchKind, Found>();

  private constructor(inventory: DeviceInventory, node: NodeObject) {
    this.labels = labelsOf(node);
    this.#nodeName = node.metadata?.name ?? "";
    this.pools = poolsOf(inventory, this.labels, this.#nodeName);
  }

  static of(inventory: DeviceInventory, node: NodeObject): NodeSearches {
    let nodes = nodesOf.get(inventory);
    if (nodes === undefined) {
      nodes = new WeakMap();
      nodesOf.set(inventory, nodes);
    }
    let searches = nodes.get(node);
    if (searches === undefined) {
      searches = new NodeSearches(inventory, node);
      nodes.set(node, searches);
    }
    return searches;
  }

  /** What `allocate` finds among the node's devices, claim by claim; shares may be named after another claim. */
  allocate(
    classes: ReadonlyMap<string, DeviceClassObject>,
    allocated: AllocatedDevices,
    wanted: readonly WantedClaim[],
  ): FoundDevices | undefined {
    const kind = searchKind(classes, wanted);
    const before = this.#found.get(kind);
    if (before?.stamps.every((stamps, i) => allocated.isAsOf(this.pools[i].id, stamps))) {
      return before.found;
    }
    const { pools, labels } = this;
    const allocations = allocate({ classes, allocated, pools, labels, nodeName: this.#nodeName }, wanted);
    const found = allocations?.map(({ results }) => results);
    if (before === undefined && this.#found.size === REMEMBERED) {
      const [oldest] = this.#found.keys();
      this.#found.delete(oldest);
    }
    this.#found.set(kind, { stamps: pools.map(({ id }) => allocated.stampsOf(id)), found });
    return found;
  }
}

function searchKind(classes: object, wanted: readonly WantedClaim[]): SearchKind {
  let kind = following(kinds, classes);
  for (const { spec } of wanted) kind = following(kind.next, spec);
  return kind;
}

function following(next: WeakMap<object, SearchKind>, part: object): SearchKind {
  let kind = next.get(part);
  if (kind === undefined) {
    kind = { next: new WeakMap() };
    next.set(part, kind);
  }
  return kind;
}
