import { assert } from "../base/assert.ts";
import type { NodeSpec } from "../cluster/specs.ts";

/**
 * What the scheduler's cache remembers of how the nodes came to be what they are: the order in which they are visited
 * and the sizes of images depend on it (upstream: pkg/scheduler/backend/cache, node_tree.go and cache.go).
 */
export class NodeHistory {
  readonly #nodes: NodeSpec[] = [];
  readonly #zones: { readonly key: string; readonly names: string[] }[] = [];
  readonly #images = new Map<string, { readonly size: number; readonly holders: Set<string> }>();
  #list: string[] = [];
  #rebuild = false;

  constructor(nodes: readonly NodeSpec[] = []) {
    for (const node of nodes) this.add(node);
  }

  /** In the order in which they were added; an update keeps the place. */
  get nodes(): readonly NodeSpec[] {
    return this.#nodes;
  }

  /** Names in visiting order, as the next scheduling cycle sees them. */
  order(): readonly string[] {
    if (!this.#rebuild) return this.#list;
    this.#list = [];
    for (let round = 0; this.#list.length < this.#nodes.length; round++) {
      for (const { names } of this.#zones) {
        const name = names[round];
        if (name !== undefined) this.#list.push(name);
      }
    }
    this.#rebuild = false;
    return this.#list;
  }

  /** The size of each image: as the first node that reported it has it, until no node has it any more. */
  imageSizes(): ReadonlyMap<string, number> {
    return new Map([...this.#images].map(([name, { size }]) => [name, size]));
  }

  add(spec: NodeSpec): void {
    this.#nodes.push(spec);
    this.#enterZone(spec);
    this.#reportImages(spec);
    this.#rebuild = true;
  }

  /** The node of the same name, changed. The list of nodes is not reordered by this alone. */
  update(spec: NodeSpec): void {
    const place = this.#placeOf(nameOf(spec));
    const before = this.#nodes[place];
    this.#nodes[place] = spec;
    if (zoneKey(before) !== zoneKey(spec)) {
      this.#leaveZone(before);
      this.#enterZone(spec);
    }
    this.#forgetImages(before);
    this.#reportImages(spec);
  }

  remove(name: string): void {
    const [spec] = this.#nodes.splice(this.#placeOf(name), 1);
    this.#leaveZone(spec);
    this.#forgetImages(spec);
    this.#rebuild = true;
  }

  #placeOf(name: string): number {
    const place = this.#nodes.findIndex((spec) => nameOf(spec) === name);
    assert(place !== -1, `no node ${JSON.stringify(name)}`);
    return place;
  }

  #enterZone(spec: NodeSpec): void {
    const key = zoneKey(spec);
    const zone = this.#zones.find((candidate) => candidate.key === key);
    if (zone === undefined) this.#zones.push({ key, names: [nameOf(spec)] });
    else zone.names.push(nameOf(spec));
  }

  #leaveZone(spec: NodeSpec): void {
    const place = this.#zones.findIndex(({ key }) => key === zoneKey(spec));
    const { names } = this.#zones[place];
    names.splice(names.indexOf(nameOf(spec)), 1);
    if (names.length === 0) this.#zones.splice(place, 1);
  }

  #reportImages(spec: NodeSpec): void {
    for (const { names = [], sizeBytes = 0 } of spec.object.status?.images ?? []) {
      for (const name of names) {
        const image = this.#images.get(name);
        if (image === undefined)
          this.#images.set(name, { size: sizeBytes, holders: new Set([nameOf(spec)]) });
        else image.holders.add(nameOf(spec));
      }
    }
  }

  #forgetImages(spec: NodeSpec): void {
    for (const { names = [] } of spec.object.status?.images ?? []) {
      for (const name of names) {
        const image = this.#images.get(name);
        image?.holders.delete(nameOf(spec));
        if (image?.holders.size === 0) this.#images.delete(name);
      }
    }
  }
}

function nameOf(spec: NodeSpec): string {
  return spec.object.metadata?.name ?? "";
}

function zoneKey(spec: NodeSpec): string {
  const labels = spec.object.metadata?.labels ?? {};
  const region =
    labels["failure-domain.beta.kubernetes.io/region"] ?? labels["topology.kubernetes.io/region"] ?? "";
  const zone =
    labels["failure-domain.beta.kubernetes.io/zone"] ?? labels["topology.kubernetes.io/zone"] ?? "";
  return region === "" && zone === "" ? "" : `${region}:\u0000:${zone}`;
}
