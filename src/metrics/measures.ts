import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { allocationMeasures } from "./allocation.ts";
import { atAskMeasures } from "./at-ask.ts";
import { effortMeasures } from "./effort.ts";
import { fragmentationMeasures } from "./fragmentation.ts";
import { gpuFragmentationMeasures } from "./gpu-fragmentation.ts";
import { imbalanceMeasures } from "./imbalance.ts";
import type { Measure } from "./measure.ts";
import { nodeMeasures } from "./nodes.ts";
import { podMeasures } from "./pods.ts";

/** Every measure there is, in the order in which reports show them. */
export const measures: readonly Measure[] = [
  ...podMeasures,
  ...allocationMeasures,
  ...atAskMeasures,
  ...gpuFragmentationMeasures,
  ...fragmentationMeasures,
  ...imbalanceMeasures,
  ...nodeMeasures,
  ...effortMeasures,
];

const byName = new Map(measures.map((measure) => [measure.name, measure]));

/** The measure of that name. Throws a UserError, with the nearest name, when there is none. */
export function measureNamed(name: string): Measure {
  const measure = byName.get(name);
  if (measure === undefined) throw new UserError(unknown("measure", name, byName.keys()));
  return measure;
}
