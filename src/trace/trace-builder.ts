import { assert } from "../base/assert.ts";
import { type PodColumns, podColumnsFrom } from "./pod-columns.ts";
import type { Trace, TraceFacts, TraceNodes, TraceResource, TraceTemplate } from "./trace.ts";

/**
 * Writes the pods' rows of a trace while a run goes on. The columns are plain arrays that the simulation writes to
 * (`builder.pods.boundUs[row] = now`). `addPod` may replace them by longer ones: read them from `builder.pods` each time
 * and never keep one across a call of `addPod`.
 */
export class TraceBuilder {
  readonly pods: PodColumns;
  #capacity: number;

  /** `expectedPods`: room for so many rows is made at once; there may be more or fewer. */
  constructor(expectedPods = 1024) {
    this.#capacity = Math.max(1, Math.ceil(expectedPods));
    this.pods = podColumnsFrom(0, {
      float64: (_, empty) => new Float64Array(this.#capacity).fill(empty),
      int32: (_, empty) => new Int32Array(this.#capacity).fill(empty),
      uint8: (_, empty) => new Uint8Array(this.#capacity).fill(empty),
    });
  }

  /** Appends a pod that has just been created and returns its row. Everything else about it is still unknown. */
  addPod(template: number, createdUs: number): number {
    if (this.pods.count === this.#capacity) this.#grow();
    const row = this.pods.count++;
    this.pods.template[row] = template;
    this.pods.createdUs[row] = createdUs;
    return row;
  }

  /** The finished trace, in arrays of its own that are exactly as long as there are pods. */
  finish(
    facts: TraceFacts,
    nodes: TraceNodes,
    templates: readonly TraceTemplate[],
    resources: readonly TraceResource[],
  ): Trace {
    assert(
      nodes.allocatable.length === resources.length,
      `a column of allocatable for each resource (${nodes.allocatable.length} of ${resources.length})`,
    );
    const { pods } = this;
    const count = pods.count;
    const trimmed = podColumnsFrom(count, {
      float64: (column) => pods[column].slice(0, count),
      int32: (column) => pods[column].slice(0, count),
      uint8: (column) => pods[column].slice(0, count),
    });
    return { facts, resources, templates, nodes, pods: trimmed };
  }

  #grow(): void {
    const { pods } = this;
    const old = this.#capacity;
    this.#capacity = old * 2;
    const longer = podColumnsFrom(pods.count, {
      float64: (column, empty) => lengthened(pods[column], new Float64Array(old * 2), empty),
      int32: (column, empty) => lengthened(pods[column], new Int32Array(old * 2), empty),
      uint8: (column, empty) => lengthened(pods[column], new Uint8Array(old * 2), empty),
    });
    Object.assign(pods, longer);
  }
}

function lengthened<A extends Float64Array | Int32Array | Uint8Array>(old: A, next: A, empty: number): A {
  next.set(old);
  next.fill(empty, old.length);
  return next;
}
