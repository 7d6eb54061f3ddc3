import type { StringRecord } from "../kubernetes/object-meta.ts";
import { hasLabels } from "./perf-selector.ts";
import type { Phase, PhaseOperation, PodRange } from "./scenario.ts";

/** What startCollectingMetrics asks for. */
interface Collecting {
  readonly namespaces: readonly string[];
  readonly labelSelector?: StringRecord | undefined;
}

/** Phases in the making: operations wait for the next phase, which does them when it begins. */
export class PerfPhases {
  readonly #phases: Phase[] = [];
  #pending: PhaseOperation[] = [];
  #collecting: Collecting | undefined;

  get count(): number {
    return this.#phases.length;
  }

  /** Whether nothing was done yet, so that what is created is there from the start. */
  get untouched(): boolean {
    return this.#phases.length === 0 && this.#pending.length === 0 && this.#collecting === undefined;
  }

  operate(operation: PhaseOperation): void {
    this.#pending.push(operation);
  }

  collect(metrics: Collecting | undefined): void {
    // What was done up to here is not of the window that ends or begins.
    this.#flush();
    this.#collecting = metrics;
  }

  /** A phase of pods whose labels are known. Between start and stop of collecting all work is measured, whomever it is for. */
  addPods(
    phase: Omit<Phase, "operations" | "awaits">,
    namespace: string,
    labels: StringRecord | undefined,
  ): void {
    const window = this.#collecting;
    const inWindow =
      window?.namespaces.includes(namespace) === true && hasLabels(labels, window.labelSelector);
    const measured = phase.measured || inWindow;
    this.#push({ ...phase, measured, ...(window !== undefined && !measured && { timed: true }) });
  }

  /** Waits for pods of earlier phases. */
  wait(awaits: readonly PodRange[], completeWhen: Phase["completeWhen"], pods: number): void {
    this.#push({ ...this.#empty("barrier", pods), completeWhen, awaits });
  }

  /** Every phase; what is still to be done becomes the last one. */
  list(pods: number): readonly Phase[] {
    this.#flush(pods);
    if (this.#phases.length === 0) this.#push(this.#empty("operations", pods));
    return this.#phases;
  }

  #flush(pods = this.#phases.at(-1)?.endPod ?? 0): void {
    if (this.#pending.length > 0) this.#push(this.#empty("operations", pods));
  }

  /** What happens while metrics are collected is measured. */
  #empty(name: string, pods: number): Phase {
    const measured = this.#collecting !== undefined;
    return { name, firstPod: pods, endPod: pods, completeWhen: "created", measured };
  }

  #push(phase: Phase): void {
    const operations = this.#pending;
    this.#pending = [];
    this.#phases.push(operations.length === 0 ? phase : { ...phase, operations });
  }
}
