import type { Churn, ChurnObject } from "../workload/scenario.ts";
import { Event, type World } from "./world.ts";

/** What churn does to the cluster; the wiring gives it the other actors' ways. */
export interface ChurnActions {
  createPod(template: number): number;
  removePod(pod: number): void;
  createNode(object: ChurnObject & { kind: "node" }, serial: number): number;
  removeNode(node: number): void;
  /** Whether the workload is over, so that no further tick is due. */
  over(): boolean;
}

/** scheduler_perf's churn operations: on every tick objects are made, or made and deleted in turn. */
export function churn(world: World, actions: ChurnActions): (phase: number) => void {
  const { scenario } = world;
  const ticks = scenario.churn.map(() => 0);
  /** `recreate`: what stands in each slot, a row per object of the tick; undefined when the slot is empty. */
  const slots: (readonly number[] | undefined)[][] = scenario.churn.map(() => []);

  function tick(index: number): void {
    if (actions.over()) return;
    const operation = scenario.churn[index];
    const number = ticks[index]++;
    if (operation.mode === "create") make(operation, number);
    else swap(operation, slots[index], number % operation.number, number);
    const unlimited = operation.mode === "recreate" || operation.number === 0;
    if (unlimited || ticks[index] < operation.number) {
      world.schedule(world.now + operation.intervalUs, Event.churnTick, index);
    }
  }

  function swap(
    operation: Churn,
    slotsOfOperation: (readonly number[] | undefined)[],
    slot: number,
    serial: number,
  ): void {
    const rows = slotsOfOperation[slot];
    if (rows === undefined) {
      slotsOfOperation[slot] = make(operation, serial);
      return;
    }
    operation.makes.forEach((object, i) => {
      if (object.kind === "pod") actions.removePod(rows[i]);
      if (object.kind === "node") actions.removeNode(rows[i]);
    });
    slotsOfOperation[slot] = undefined;
  }

  /** The rows made, one per object; -1 for an object that scheduling does not read. */
  function make(operation: Churn, serial: number): number[] {
    return operation.makes.map((object) => {
      if (object.kind === "pod") return actions.createPod(object.template);
      return object.kind === "node" ? actions.createNode(object, serial) : -1;
    });
  }

  world.on(Event.churnTick, tick);
  return (phase) => {
    scenario.churn.forEach((operation, index) => {
      if (operation.fromPhase === phase) {
        world.schedule(world.now + operation.intervalUs, Event.churnTick, index);
      }
    });
  };
}
