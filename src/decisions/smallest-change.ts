import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { Profile } from "../scheduler/profile.ts";
import { applyChanges, type Change } from "./smallest-change-apply.ts";
import { evictionsFor } from "./smallest-change-evictions.ts";
import { gateRemovals, remediesFor } from "./smallest-change-remedies.ts";
import { type Fault, Trials } from "./smallest-change-trial.ts";

/** Changes that together make the pod schedulable, and the nodes that then take it. */
export interface ChangeSet {
  readonly changes: readonly Change[];
  readonly nodes: readonly string[];
}

/** The smallest changes that were found, the smallest first: fewer changes, then smaller ones. Each was tried. */
export interface SmallestChange {
  readonly sets: readonly ChangeSet[];
  /** Nodes whose complaints were looked into, of all. */
  readonly triedNodes: number;
  readonly nodes: number;
}

export interface SmallestChangeOptions {
  readonly objects: KubernetesObjects;
  /** `namespace/name` of the pod, which stands nowhere. */
  readonly pod: string;
  readonly profile: Profile;
  /** Whether the scheduler places the pod when the cluster is like this; asked last about each set. */
  readonly isSchedulable: (objects: KubernetesObjects) => boolean;
  /** Only what makes this node take the pod. */
  readonly node?: string | undefined;
}

/** Nodes that are looked into; of nodes with like complaints only those that are the least short. */
const MOST_NODES = 48;
const MOST_ALIKE = 4;
/** Changes that are combined at first, and when nothing is found. */
const FEW = 3;
const MANY = 6;
const MOST_COMBINATIONS = 48;
const MOST_SETS = 8;

interface Suspect {
  readonly row: number;
  readonly name: string;
  readonly faults: readonly Fault[];
  /** How much of what it asks for the pod would have to give up here. */
  readonly short: number;
}

/**
 * Looks for the smallest change with which some node takes the pod. For each node the plugins' complaints are taken one by
 * one, remedies are tried for each and combined; what is found is tried once more as a whole.
 */
export function smallestChange(options: SmallestChangeOptions): SmallestChange {
  const { objects, pod, profile } = options;
  const gates = gateRemovals(
    pod,
    objects.pods.find((other) => qualifiedName(other) === pod)?.spec?.schedulingGates ?? [],
  );
  const gated = profile.plugins.some(({ plugin }) => plugin.preEnqueue !== undefined) ? gates : [];
  const start = applyChanges(objects, gated);
  const all = objects.nodes.length;
  if (gated.length > 0 && options.isSchedulable(start)) {
    return { sets: [{ changes: gated, nodes: [] }], triedNodes: 0, nodes: all };
  }
  const trials = new Trials(start, pod, profile);
  const suspects = suspectsOf(trials, options.node);
  for (const most of [FEW, MANY]) {
    const found = new FoundSets();
    for (const suspect of suspects) collect(trials, suspect, Math.min(most, found.fewest), found);
    const sets = found.list().flatMap(({ changes, nodes }) => {
      const whole = [...gated, ...changes];
      return options.isSchedulable(applyChanges(objects, whole)) ? [{ changes: whole, nodes }] : [];
    });
    if (sets.length > 0) return { sets, triedNodes: suspects.length, nodes: all };
  }
  return { sets: [], triedNodes: suspects.length, nodes: all };
}

/** The nodes worth looking into: fewest complaints first, then least short; few of those that are alike. */
function suspectsOf(trials: Trials, only: string | undefined): Suspect[] {
  const { nodes, pod } = trials.after([]);
  const faultsOn = trials.faults();
  const shortOf = (row: number, faults: readonly Fault[]): number => {
    let short = 0;
    for (const { plugin, reasons } of faults) {
      if (plugin !== "NodeResourcesFit") continue;
      for (const reason of reasons) {
        const resource = nodes.resources.find(reason.replace("Insufficient ", ""));
        if (resource === undefined) continue;
        const asked = pod.demand.of(resource);
        const left = Math.max(0, nodes.allocatable[resource][row] - nodes.requested[resource][row]);
        if (asked > 0) short += (asked - left) / asked;
      }
    }
    return short;
  };
  const suspects: Suspect[] = [];
  for (const row of nodes.order) {
    const name = nodes.name(row);
    if (only !== undefined && name !== only) continue;
    const faults = faultsOn(row);
    if (faults.length > 0) suspects.push({ row, name, faults, short: shortOf(row, faults) });
  }
  const weight = ({ faults }: Suspect) => faults.reduce((sum, { reasons }) => sum + reasons.length, 0);
  suspects.sort((a, b) => weight(a) - weight(b) || a.short - b.short);
  const alike = new Map<string, number>();
  const kept = suspects.filter(({ faults, row }) => {
    const key = JSON.stringify([faults, nodes.taintSet[row]]);
    const seen = alike.get(key) ?? 0;
    alike.set(key, seen + 1);
    return seen < MOST_ALIKE;
  });
  return kept.slice(0, MOST_NODES);
}

/** Tries what may help on one node, the smallest first, and keeps what does. */
function collect(trials: Trials, { row, name, faults }: Suspect, most: number, found: FoundSets): void {
  const node = trials.objects.nodes.find(({ metadata }) => metadata?.name === name);
  if (node === undefined) return;
  const pod = trials.podNamed(trials.pod);
  const remedies = faults.map((fault) => remediesFor({ trials, fault, node, row, pod }));
  const combined = new Map<string, readonly Change[]>();
  // One change may take several complaints away: each is tried by itself as well.
  for (const set of [...remedies.flat(), ...product(remedies)]) {
    const changes = withoutTwice(set);
    if (changes.length <= most) combined.set(keyOf(changes), changes);
  }
  if (faults.some(({ resolvable }) => resolvable)) {
    const evictions = evictionsFor(trials, row, most);
    if (evictions.length > 0) combined.set(keyOf(evictions), evictions);
  }
  const inOrder = [...combined.values()].sort(smallestFirst).slice(0, MOST_COMBINATIONS);
  for (const changes of inOrder) {
    if (changes.length > found.fewest) break;
    if (trials.passes(row, changes)) found.add(changes, name);
  }
}

/** One remedy of each complaint; nothing when one complaint has none, or when there are too many. */
function product(remedies: readonly (readonly Change[][])[]): Change[][] {
  let sets: Change[][] = [[]];
  for (const choices of remedies) {
    sets = sets.flatMap((set) => choices.map((choice) => [...set, ...choice]));
    if (sets.length > MOST_COMBINATIONS) sets = sets.sort(smallestFirst).slice(0, MOST_COMBINATIONS);
  }
  return sets;
}

function withoutTwice(changes: readonly Change[]): Change[] {
  const seen = new Map(changes.map((change) => [keyOf([change]), change]));
  return [...seen.values()];
}

function keyOf(changes: readonly Change[]): string {
  return JSON.stringify(changes.map(({ kind, subject, field, to }) => [kind, subject, field, to]));
}

function smallestFirst(a: readonly Change[], b: readonly Change[]): number {
  return a.length - b.length || shareOf(a) - shareOf(b);
}

function shareOf(changes: readonly Change[]): number {
  return changes.reduce((sum, { share }) => sum + share, 0);
}

/** What helped so far; a change to the pod may help on several nodes. */
class FoundSets {
  readonly #sets = new Map<string, { readonly changes: readonly Change[]; readonly nodes: string[] }>();
  /** How many changes the smallest set has. */
  fewest = Number.POSITIVE_INFINITY;

  add(changes: readonly Change[], node: string): void {
    const key = keyOf(changes);
    const known = this.#sets.get(key);
    if (known === undefined) this.#sets.set(key, { changes, nodes: [node] });
    else known.nodes.push(node);
    this.fewest = Math.min(this.fewest, changes.length);
  }

  list(): ChangeSet[] {
    return [...this.#sets.values()]
      .filter(({ changes }) => changes.length === this.fewest)
      .sort((a, b) => smallestFirst(a.changes, b.changes))
      .slice(0, MOST_SETS);
  }
}
