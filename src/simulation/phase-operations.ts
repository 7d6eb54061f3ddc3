import type { Phase, PhaseOperation } from "../workload/scenario.ts";
import { addObjects } from "./add-objects.ts";
import type { Informers } from "./informers.ts";
import type { NodeEvents } from "./node-events.ts";
import { Event, type World } from "./world.ts";

/** What operations do to the cluster; the wiring gives them the other actors' ways. */
export interface OperationActions {
  readonly nodes: Pick<NodeEvents, "joinScenarioNode" | "update">;
  /** Deletes a pod as a client does: one that runs takes its time to stop. */
  deletePod(pod: number): void;
  /** A pod becomes one of another template. */
  updatePod(pod: number, template: number): void;
  /** Allocates the claims of a namespace that are not. */
  allocateClaims(namespace: string): void;
}

/** An operation as steps, at once or one on every tick. */
interface Series {
  readonly steps: number;
  readonly everyUs: number;
  readonly step: (place: number) => void;
  /** Whether what follows waits for the last step. */
  readonly waits: boolean;
}

/** Does a phase's operations one after another (scheduler_perf's operations that make no pods), then calls back. */
export function phaseOperations(
  world: World,
  informers: Informers,
  actions: OperationActions,
): (phase: Phase, done: () => void) => void {
  /** What waits for its time, by a number of its own. */
  const waiting = new Map<number, () => void>();
  let numbers = 0;

  world.on(Event.operationContinues, (number) => {
    const go = waiting.get(number);
    waiting.delete(number);
    go?.();
  });

  function after(delayUs: number, go: () => void): void {
    waiting.set(numbers, go);
    world.schedule(world.now + delayUs, Event.operationContinues, numbers++);
  }

  function run({ steps, everyUs, step }: Series, done: () => void): void {
    function tick(place: number): void {
      step(place);
      if (place + 1 === steps) done();
      else after(everyUs, () => tick(place + 1));
    }
    if (everyUs > 0 && steps > 0) {
      after(everyUs, () => tick(0));
      return;
    }
    for (let place = 0; place < steps; place++) step(place);
    done();
  }

  function seriesOf(operation: PhaseOperation): Series {
    switch (operation.kind) {
      case "addNodes":
        return atOnce(() => {
          for (let node = operation.first; node < operation.end; node++) actions.nodes.joinScenarioNode(node);
        });
      case "addObjects":
        return atOnce(() => addObjects(world.cluster, informers, operation.objects));
      case "updateNodes": {
        const { updates, everyUs } = operation;
        const step = (place: number): void => actions.nodes.update(updates[place].node, updates[place].spec);
        return { steps: updates.length, everyUs, step, waits: true };
      }
      case "updatePods": {
        const { updates, everyUs, waits = true } = operation;
        const step = (place: number): void => actions.updatePod(updates[place].pod, updates[place].template);
        return { steps: updates.length, everyUs, step, waits };
      }
      case "deletePods": {
        const { pods, everyUs, waits } = operation;
        return { steps: pods.length, everyUs, step: (place) => actions.deletePod(pods[place]), waits };
      }
      case "allocateClaims":
        return atOnce(() => actions.allocateClaims(operation.namespace));
      case "sleep":
        return { steps: 1, everyUs: operation.forUs, step() {}, waits: true };
    }
  }

  return (phase, done) => {
    const operations = phase.operations ?? [];
    function next(place: number): void {
      if (place === operations.length) {
        done();
        return;
      }
      const series = seriesOf(operations[place]);
      if (series.waits) {
        run(series, () => next(place + 1));
      } else {
        run(series, () => {});
        next(place + 1);
      }
    }
    next(0);
  };
}

function atOnce(step: () => void): Series {
  return { steps: 1, everyUs: 0, step, waits: true };
}
