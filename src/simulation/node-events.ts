import type { NodeSpec } from "../cluster/specs.ts";
import type { Informers } from "./informers.ts";
import { Event, type World } from "./world.ts";

export interface NodeEvents {
  /** Adds the nodes that are there from the start, and plans the others. */
  readonly begin: () => void;
  readonly isLost: (node: number) => boolean;
  /** A node outside the scenario joins now; returns its row. */
  readonly join: (spec: NodeSpec) => number;
  /** A node of the scenario joins now. */
  readonly joinScenarioNode: (node: number) => void;
  /** A node of the scenario becomes what `spec` says; one that is not there is left out. */
  readonly update: (node: number, spec: NodeSpec) => void;
  /** A node leaves now, with all its pods. */
  readonly leave: (node: number) => void;
  /** Every node that ever joined, by row. */
  readonly joined: readonly NodeRecord[];
}

export interface NodeRecord {
  spec: NodeSpec;
  readonly joinedUs: number;
  lostUs: number;
}

/** Nodes join, are cordoned and uncordoned, and are lost with their pods. */
export function nodeEvents(world: World, informers: Informers, removePod: (pod: number) => void): NodeEvents {
  const { cluster, scenario, costs } = world;
  const { nodes, nodeTimes } = scenario;
  const joined: NodeRecord[] = [];
  /** Rows in the cluster of the scenario's nodes; -1 before they join. */
  const rows = new Int32Array(nodes.length).fill(-1);

  function addNode(spec: NodeSpec): number {
    const row = cluster.addNode(spec);
    joined.push({ spec, joinedUs: world.now, lostUs: Number.POSITIVE_INFINITY });
    return row;
  }

  function join(spec: NodeSpec): number {
    const row = addNode(spec);
    informers.nodeAdded(row);
    return row;
  }

  function change(row: number, spec: NodeSpec): void {
    const before = cluster.nodes.object(row);
    joined[row].spec = spec;
    cluster.updateNode(row, spec);
    informers.nodeUpdated(before, spec.object);
  }

  function cordon(row: number, unschedulable: boolean): void {
    const { spec } = joined[row];
    change(row, { ...spec, object: { ...spec.object, spec: { ...spec.object.spec, unschedulable } } });
  }

  function isLost(node: number): boolean {
    return joined[node].lostUs <= world.now;
  }

  function begin(): void {
    nodes.forEach((spec, node) => {
      const at = nodeTimes.joinUs[node];
      if (at === 0) rows[node] = addNode(spec);
      else world.schedule(at, Event.nodeJoins, node);
      world.schedule(nodeTimes.cordonUs[node], Event.nodeCordoned, node);
      world.schedule(nodeTimes.uncordonUs[node], Event.nodeUncordoned, node);
      world.schedule(nodeTimes.lostUs[node], Event.nodeLost, node);
    });
  }

  function whenThere(act: (row: number) => void): (node: number) => void {
    return (node) => {
      const row = rows[node];
      if (row !== -1 && !isLost(row)) act(row);
    };
  }

  function joinScenarioNode(node: number): void {
    rows[node] = join(nodes[node]);
  }

  world.on(Event.nodeJoins, joinScenarioNode);
  world.on(
    Event.nodeCordoned,
    whenThere((row) => cordon(row, true)),
  );
  world.on(
    Event.nodeUncordoned,
    whenThere((row) => cordon(row, false)),
  );
  world.on(
    Event.nodeLost,
    whenThere((row) => {
      joined[row].lostUs = world.now;
      // It takes no more pods at once; those that it has are deleted when the control plane gives it up.
      cordon(row, true);
      world.schedule(world.now + costs.nodeLossUs, Event.lostPodsDeleted, row);
    }),
  );
  world.on(Event.lostPodsDeleted, remove);

  function remove(row: number): void {
    const object = cluster.nodes.object(row);
    for (const pod of cluster.podsOn(row).slice()) removePod(pod);
    cluster.removeNode(row);
    informers.nodeRemoved(object);
  }

  function leave(row: number): void {
    joined[row].lostUs = world.now;
    remove(row);
  }

  return {
    begin,
    isLost,
    join,
    joinScenarioNode,
    update(node, spec) {
      whenThere((row) => change(row, spec))(node);
    },
    leave,
    joined,
  };
}
