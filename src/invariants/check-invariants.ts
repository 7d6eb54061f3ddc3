import type { Trace } from "../trace/trace.ts";
import { capacityNeverExceeded, devicesNeverOversubscribed } from "./capacity.ts";
import type { Invariant } from "./invariant.ts";
import { onlyPresentNodes, stationsInOrder } from "./stations.ts";

export const invariants: readonly Invariant[] = [
  capacityNeverExceeded,
  devicesNeverOversubscribed,
  onlyPresentNodes,
  stationsInOrder,
];

/** What is wrong with a trace, by invariant; an invariant that held is undefined. */
export function checkInvariants(trace: Trace): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(invariants.map(({ name, violation }) => [name, violation(trace)]));
}
