import type { TraceNodes } from "../trace/trace.ts";
import { modelsOf, type TypicalPod } from "./typical-pods.ts";

/** What the typical pods ask of devices, as columns: entry i is about typical pod i. */
export interface DeviceDemand {
  /** 0 for a pod that asks for no device. */
  readonly counts: Int32Array;
  /** Place of the share it asks of each device in `shares`. */
  readonly shareOf: Int32Array;
  /** The distinct shares in thousandths of a device. */
  readonly shares: Int32Array;
  /** `allowed[pod * (models + 1) + model + 1]` is 1 when the model will do; model -1 is a node without devices. */
  readonly allowed: Uint8Array;
  readonly models: number;
}

export function deviceDemand(typical: readonly TypicalPod[], nodes: TraceNodes): DeviceDemand {
  const shares = new Set<number>();
  for (const { template } of typical) if (template.devices !== undefined) shares.add(template.devices.milli);
  const distinct = [...shares];
  const models = nodes.deviceModels.length;
  const allowed = new Uint8Array(typical.length * (models + 1));
  for (const [i, { template }] of typical.entries()) {
    const anyModel = modelsOf(template) === "";
    for (let model = -1; model < models; model++) {
      const will = anyModel || template.devices?.models?.includes(nodes.deviceModels[model] ?? "") === true;
      allowed[i * (models + 1) + model + 1] = will ? 1 : 0;
    }
  }
  return {
    counts: Int32Array.from(typical, ({ template }) => template.devices?.count ?? 0),
    shareOf: Int32Array.from(typical, ({ template }) => distinct.indexOf(template.devices?.milli ?? -1)),
    shares: Int32Array.from(distinct),
    allowed,
    models,
  };
}
