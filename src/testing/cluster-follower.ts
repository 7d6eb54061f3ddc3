import { Cluster } from "../cluster/cluster.ts";
import type { NodeSpec } from "../cluster/specs.ts";
import type { PlacedPod } from "../reference/reference-plugin.ts";
import { bitsOf } from "./device-bits.ts";
import type { Happening } from "./expected-decisions.ts";

/** A `Cluster` that goes through the states of a played history. */
export class ClusterFollower {
  readonly cluster = new Cluster();
  readonly #specs = new Map<string, NodeSpec>();
  readonly #placed = new Map<number, PlacedPod>();

  /** Applies one happening; a decision binds the pod where the reference said. */
  follow(happening: Happening): void {
    const { cluster } = this;
    switch (happening.kind) {
      case "objects":
        cluster.objects = happening.objects;
        break;
      case "addNode":
        this.#specs.set(happening.name, happening.spec);
        cluster.addNode(happening.spec);
        break;
      case "updateNode":
        this.#specs.set(happening.name, happening.spec);
        cluster.updateNode(this.rowOf(happening.name), happening.spec);
        break;
      case "removeNode":
        cluster.removeNode(this.rowOf(happening.name));
        this.#specs.delete(happening.name);
        break;
      case "release":
        cluster.release(happening.row);
        this.#placed.delete(happening.row);
        break;
      case "decide": {
        const { row, template, record } = happening;
        if (record.node === undefined) break;
        cluster.assume(row, cluster.kind(template), this.rowOf(record.node), bitsOf(record.devices));
        this.#placed.set(row, { pod: template, node: record.node, devices: record.devices });
        break;
      }
    }
  }

  /** The nodes as they are now. */
  specs(): NodeSpec[] {
    return [...this.#specs.values()];
  }

  /** The pods that are placed now. */
  placed(): PlacedPod[] {
    return [...this.#placed.values()];
  }

  rowOf(name: string): number {
    const row = this.cluster.nodes.rowOf(name);
    if (row === undefined) throw new Error(`no node ${name} in the cluster`);
    return row;
  }
}
