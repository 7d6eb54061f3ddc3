import type { NodeSpec } from "../cluster/specs.ts";
import { Event, type World } from "./world.ts";

export interface NodeEvents {
  /** Adds the nodes that are there from the start, and plans the others. */
  begin(): void;
  isLost(node: number): boolean;
  /** A node outside the scenario joins now; returns its row. */
  join(spec: NodeSpec): number;
  /** A node leaves now, with all its pods. */
  readonly leave: (node: number) => void;
  /** Every node that ever joined, by row. */
  readonly joined: readonly NodeRecord[];
}

export interface NodeRecord {
  readonly spec: NodeSpec;
  readonly joinedUs: number;
  lostUs: number;
}

/** Nodes join, are cordoned and uncordoned, and are lost with their pods. */
export function nodeEvents(world: World, removePod: (pod: number) => void, wake: () => void): NodeEvents {
  const { cluster, scenario, costs } = world;
  const { nodes, nodeTimes } = scenario;
  const joined: NodeRecord[] = [];
  /** Rows in the cluster of the scenario's nodes; -1 before they join. */
  const rows = new Int32Array(nodes.length).fill(-1);

  function join(spec: NodeSpec): number {
    const row = cluster.addNode(spec);
    joined.push({ spec, joinedUs: world.now, lostUs: Number.POSITIVE_INFINITY });
    return row;
  }

  function cordon(row: number, unschedulable: boolean): void {
    const { spec } = joined[row];
    const object = { ...spec.object, spec: { ...spec.object.spec, unschedulable } };
    cluster.updateNode(row, { ...spec, object });
  }

  function isLost(node: number): boolean {
    return joined[node].lostUs <= world.now;
  }

  function begin(): void {
    nodes.forEach((spec, node) => {
      const at = nodeTimes.joinUs[node];
      if (at === 0) rows[node] = join(spec);
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

  world.on(Event.nodeJoins, (node) => {
    rows[node] = join(nodes[node]);
    world.clusterChanged("NodeAdd");
    wake();
  });
  world.on(
    Event.nodeCordoned,
    whenThere((row) => cordon(row, true)),
  );
  world.on(
    Event.nodeUncordoned,
    whenThere((row) => {
      cordon(row, false);
      world.clusterChanged("NodeUpdate");
      wake();
    }),
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
  world.on(Event.lostPodsDeleted, (row) => {
    for (const pod of cluster.podsOn(row).slice()) removePod(pod);
    cluster.removeNode(row);
    world.clusterChanged("NodeDelete");
    wake();
  });

  function leave(node: number): void {
    joined[node].lostUs = world.now;
    for (const pod of cluster.podsOn(node).slice()) removePod(pod);
    cluster.removeNode(node);
    world.clusterChanged("NodeDelete");
  }

  return { begin, isLost, join, leave, joined };
}
