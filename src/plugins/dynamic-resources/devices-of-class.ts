import { labelsOf } from "../../kubernetes/object-meta.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { allocatedDevices } from "./allocated-devices.ts";
import { deviceClassesOf } from "./device-classes.ts";
import { deviceInventory } from "./device-inventory.ts";
import { deviceMatches } from "./device-selector.ts";
import { devicesInFlight } from "./in-flight.ts";

/**
 * How many devices of a class a node may use, and how many of them somebody has; none of either when a selector of the class
 * fails (upstream: noderesources/resource_allocation.go, calculateDRAResourceTotals).
 */
export function devicesOfClass(
  { cluster, nodes }: Cycle,
  className: string,
  node: number,
): { readonly all: number; readonly taken: number } {
  const { objects } = cluster;
  const nodeName = nodes.name(node);
  const labels = labelsOf(nodes.object(node));
  const selectors = deviceClassesOf(objects).byName.get(className)?.spec?.selectors ?? [];
  const { byNodeName, shared } = deviceInventory(objects);
  const slices = [
    ...(byNodeName.get(nodeName) ?? []),
    ...shared.filter((slice) => slice.isFor(labels, nodeName)),
  ];
  const held = allocatedDevices(objects, devicesInFlight(cluster));
  let all = 0;
  let taken = 0;
  for (const { id, driver, device, isFor } of slices.flatMap(({ devices }) => devices)) {
    if (!isFor(labels, nodeName)) continue;
    const matches = selectors.map(({ cel }) => deviceMatches(cel?.expression ?? "", device, driver));
    if (matches.some((match) => typeof match === "object")) return { all: 0, taken: 0 };
    if (matches.includes(false)) continue;
    all++;
    if (!held.isFree(id)) taken++;
  }
  return { all, taken };
}
