import type { NodeObject } from "../../src/kubernetes/node.ts";
import type { PodObject } from "../../src/kubernetes/pod.ts";
import type { PlayedPod, PodRole } from "./played-pods.ts";
import type { PlayedObjects } from "./player-objects.ts";
import { decodeObjects } from "./player-objects.ts";
import type { ChurnMake, ChurnOperation, ScriptObject } from "./script.ts";

/** What churn does to the cluster. */
export interface ChurnActions {
  roleOf(pod: PodObject): PodRole;
  createPod(role: PodRole, name: string): PlayedPod;
  removePod(pod: PlayedPod): void;
  addNode(node: NodeObject): number;
  removeNode(row: number): void;
  addObjects(objects: PlayedObjects): void;
  removeObjects(objects: PlayedObjects): void;
}

/** Takes away again what one make of a tick has made. */
type Undo = () => void;

/** scheduler_perf's churn, a tick after so many attempts: objects are made, or made and deleted in turn. */
export class PlayerChurn {
  readonly #operation: ChurnOperation;
  readonly #makes: readonly ((tick: number) => Undo)[];
  readonly #slots: (readonly Undo[] | undefined)[] = [];
  #attempts = 0;
  #ticks = 0;

  constructor(operation: ChurnOperation, actions: ChurnActions) {
    this.#operation = operation;
    this.#makes = operation.makes.map((make) => maker(make, actions));
  }

  afterAttempt(): void {
    if (++this.#attempts % this.#operation.every === 0) this.#tick();
  }

  #tick(): void {
    const { mode, number } = this.#operation;
    if (mode === "create") {
      if (number > 0 && this.#ticks >= number) return;
      this.#make(this.#ticks++);
      return;
    }
    const tick = this.#ticks++;
    const slot = tick % number;
    const made = this.#slots[slot];
    if (made === undefined) {
      this.#slots[slot] = this.#make(tick);
      return;
    }
    for (const undo of made) undo();
    this.#slots[slot] = undefined;
  }

  #make(tick: number): Undo[] {
    return this.#makes.map((make) => make(tick));
  }
}

function maker(make: ChurnMake, actions: ChurnActions): (tick: number) => Undo {
  if ("pod" in make) {
    const { namespace = "default", name = "pod" } = make.pod.metadata ?? {};
    const role = actions.roleOf(make.pod);
    return (tick) => {
      const pod = actions.createPod(role, `${namespace}/${name}-${tick}`);
      return () => actions.removePod(pod);
    };
  }
  if ("node" in make) {
    return (tick) => {
      const row = actions.addNode(numbered(make.node, tick));
      return () => actions.removeNode(row);
    };
  }
  return (tick) => {
    const objects = decodeObjects([numbered<ScriptObject>(make.object, tick)]);
    actions.addObjects(objects);
    return () => actions.removeObjects(objects);
  };
}

function numbered<T extends { readonly metadata?: { readonly name?: string } | undefined }>(
  object: T,
  tick: number,
): T {
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata?.name ?? ""}-${tick}` } };
}
