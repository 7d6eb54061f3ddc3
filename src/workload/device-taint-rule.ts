import type { Device, ResourceSliceObject } from "../kubernetes/device-object.ts";
import type { Taint } from "../kubernetes/taint.ts";

/** A DeviceTaintRule as written; a selector that is absent or empty selects every device. */
export interface DeviceTaintRule {
  readonly spec?: {
    readonly deviceSelector?: {
      readonly driver?: string;
      readonly pool?: string;
      readonly device?: string;
    } | null;
    readonly taint?: Taint;
  };
}

const tainted = new WeakMap<readonly Device[], WeakMap<DeviceTaintRule, readonly Device[]>>();

/**
 * A slice with the rule's taint on the devices that it selects, as the scheduler sees it. Slices that shared their devices
 * still do. Source: dynamic-resource-allocation/resourceslice/tracker.
 */
export function withDeviceTaints(slice: ResourceSliceObject, rule: DeviceTaintRule): ResourceSliceObject {
  const { taint, deviceSelector } = rule.spec ?? {};
  const { devices, driver, pool } = slice.spec ?? {};
  if (taint === undefined || devices === undefined) return slice;
  if ((deviceSelector?.driver ?? driver) !== driver || (deviceSelector?.pool ?? pool?.name) !== pool?.name)
    return slice;
  let byRule = tainted.get(devices);
  if (byRule === undefined) {
    byRule = new WeakMap();
    tainted.set(devices, byRule);
  }
  let changed = byRule.get(rule);
  if (changed === undefined) {
    changed = devices.map((device) =>
      (deviceSelector?.device ?? device.name) === device.name
        ? { ...device, taints: [...(device.taints ?? []), taint] }
        : device,
    );
    byRule.set(rule, changed);
  }
  return { ...slice, spec: { ...slice.spec, devices: changed } };
}
