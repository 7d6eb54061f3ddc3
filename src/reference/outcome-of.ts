import type { NodeColumns } from "../cluster/node-columns.ts";
import { emptyOutcome, type Outcome } from "../scheduler/outcome.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { ReferenceRecord } from "./reference-record.ts";

/** A record in the numbers of a scheduling cycle: rows of nodes, places of the profile's plugins. */
export function outcomeOf(record: ReferenceRecord, { plugins }: Profile, nodes: NodeColumns): Outcome {
  const { node, best, totals, evaluated, feasible, preFilter, scoringSkipped = false } = record;
  const placed = node === undefined ? -1 : (nodes.rowOf(node) ?? -1);
  const scored = best.length > 0;
  const rejectors = placed === -1 ? rejectorsOf(record, plugins) : [];
  return {
    ...emptyOutcome(),
    node: placed,
    devices: record.devices.reduce((bits, device) => bits | (1 << device), 0),
    feasible: feasible.length,
    evaluated,
    score: scored ? totals[best[0]] : -1,
    tied: scoringSkipped ? 1 : best.length,
    rejectors: rejectors.reduce((bits, { place }) => bits | (1 << place), 0),
    mainRejector: mainRejector(rejectors),
    preFilterStatus: preFilter,
  };
}

interface Rejector {
  readonly place: number;
  /** Nodes that it rejected; 0 for a plugin that had its say at PreFilter only. */
  readonly nodes: number;
}

function rejectorsOf({ rejectors, filter }: ReferenceRecord, plugins: Profile["plugins"]): Rejector[] {
  const verdicts = Object.values(filter);
  const placeOf = (name: string, point: keyof Plugin) =>
    plugins.findIndex(({ plugin }) => plugin.name === name && plugin[point] !== undefined);
  const places = rejectors.map((name): Rejector => {
    const nodes = verdicts.filter(({ plugin }) => plugin === name).length;
    const place = placeOf(name, nodes === 0 ? "preFilter" : "filter");
    return { place: place === -1 ? placeOf(name, "name") : place, nodes };
  });
  return places.sort((a, b) => a.place - b.place);
}

/** The one that rejected most nodes, the first of several; -1 when there is none. */
function mainRejector(rejectors: readonly Rejector[]): number {
  let main = rejectors[0];
  for (const rejector of rejectors) if (rejector.nodes > main.nodes) main = rejector;
  return main?.place ?? -1;
}
