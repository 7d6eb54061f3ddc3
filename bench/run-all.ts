import { type Measured, measure } from "./measure.ts";
import type { Size } from "./size.ts";
import type { Subject } from "./subject.ts";
import { balancedAllocation } from "./subjects/balanced-allocation.ts";
import { cycleOpenb } from "./subjects/cycle-openb.ts";
import { cycleUniform } from "./subjects/cycle-uniform.ts";
import { deviceFilter } from "./subjects/device-filter.ts";
import { drawScenarioSubject } from "./subjects/draw-scenario.ts";
import { eventHeap } from "./subjects/event-heap.ts";
import { fitFilter } from "./subjects/fit-filter.ts";
import { fusedScanPlain, fusedScanWasm } from "./subjects/fused-scan.ts";
import { leastAllocated } from "./subjects/least-allocated.ts";
import { measureTraceSubject } from "./subjects/measure-trace.ts";
import { placementIndexSubjects } from "./subjects/placement-index.ts";
import { preemptionAnew, preemptionKept } from "./subjects/preemption.ts";
import { rowSetSelect } from "./subjects/row-set.ts";
import { queuePassage, schedulingQueue } from "./subjects/scheduling-queue.ts";
import { scoreColumn } from "./subjects/score-column.ts";
import { taintScore } from "./subjects/taint-score.ts";
import { tieBreak } from "./subjects/tie-break.ts";
import { traceDigestSubject } from "./subjects/trace-digest.ts";

export const subjects: readonly Subject[] = [
  fitFilter,
  deviceFilter,
  leastAllocated,
  balancedAllocation,
  taintScore,
  tieBreak,
  scoreColumn,
  rowSetSelect,
  ...placementIndexSubjects,
  fusedScanWasm,
  fusedScanPlain,
  preemptionKept,
  preemptionAnew,
  cycleUniform,
  cycleOpenb,
  queuePassage,
  schedulingQueue,
  eventHeap,
  drawScenarioSubject,
  traceDigestSubject,
  measureTraceSubject,
];

/** Measures one subject after another. */
export async function runAll(size: Size, onMeasured?: (measured: Measured) => void): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const subject of subjects) {
    const measured = await measure(subject, size);
    all.push(measured);
    onMeasured?.(measured);
  }
  return all;
}
