import { Cluster } from "../cluster/cluster.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { DeviceAllocationResult } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { askPlugin } from "../reference/asked-plugin.ts";
import { askTwin } from "../reference/asked-twin.ts";
import { clusterOf, withoutPod, withPod } from "../reference/reference-cluster.ts";
import type {
  Holdings,
  PlacedPod,
  PromisedClaim,
  ReferenceCluster,
  ReferencePlugin,
} from "../reference/reference-plugin.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import type { ClusterWithObjects } from "./arbitrary-volumes.ts";

/** The first row of the pods that are placed one after another. */
const FIRST_ROW = 1000;

/** What a plugin promises the claims of a cycle's pod on a node that it lets pass. */
type AllocationsOn = (
  cycle: Cycle,
  node: number,
) => readonly { readonly results: readonly DeviceAllocationResult[] }[];

/** A plugin and its reference before the same pods, one after another; each goes to the first node that the reference lets pass. */
export class TwinComparison {
  /** How often each thing was compared, by what it was: `PreFilter`, `Skip`, the reasons of verdicts, `score`, `promise`. */
  readonly seen = new Map<string, number>();
  readonly #fast: Plugin;
  readonly #slow: ReferencePlugin;
  readonly #allocations: AllocationsOn;

  constructor(fast: Plugin, slow: ReferencePlugin, allocationsOn: AllocationsOn = () => []) {
    this.#fast = fast;
    this.#slow = slow;
    this.#allocations = allocationsOn;
  }

  /** Situations that were met less often than they should have been. */
  missing(least: Readonly<Record<string, number>>): string[] {
    return Object.entries(least)
      .filter(([situation, times]) => (this.seen.get(situation) ?? 0) < times)
      .map(([situation, times]) => `${situation}: ${this.seen.get(situation) ?? 0} of ${times}`);
  }

  /** What the two say differently of some pod of a cluster, in words; undefined when nothing. */
  firstDifference(drawn: ClusterWithObjects): string | undefined {
    const cluster = new Cluster();
    cluster.objects = drawn.objects;
    const rows = drawn.nodes.map((spec) => cluster.addNode(spec));
    const placed: PlacedPod[] = [];
    const place = (row: number, pod: PodTemplate, node: number): void => {
      cluster.assume(row, cluster.kind(pod), node, 0);
      placed.push({ pod, node: cluster.nodes.name(node), devices: [] });
    };
    for (const [row, { pod, at }] of drawn.placed.entries()) place(row, pod, rows[at]);
    let promisedClaims: readonly PromisedClaim[] = [];
    for (const [i, pod] of drawn.pods.entries()) {
      const row = FIRST_ROW + i;
      const { nodes, objects } = cluster;
      const cycle: Cycle = { pod: cluster.kind(pod), row, nodes, cluster };
      const reference = clusterOf({ nodes: drawn.nodes, placed, objects, promisedClaims });
      const compared = this.#compare(cycle, pod, reference);
      if (compared.difference !== undefined) return `pod ${i}: ${compared.difference}`;
      const [first] = compared.passing;
      if (first === undefined) continue;
      const node = cluster.nodes.rowOf(first)!;
      const before = promisedClaims;
      const promised = this.#slow.reserve?.(pod, nodeOf(reference, first), reference);
      const difference = this.#comparePromises(cycle, node, promised, before);
      if (difference !== undefined) return `pod ${i} on ${first}: ${difference}`;
      cluster.objects = promised?.objects ?? objects;
      promisedClaims = promised?.promisedClaims ?? promisedClaims;
      place(row, pod, node);
    }
    return this.#compareInThought(cluster, drawn, placed, promisedClaims);
  }

  #compare(
    cycle: Cycle,
    pod: PodTemplate,
    reference: ReferenceCluster,
  ): { readonly difference?: string; readonly passing: readonly string[] } {
    const fast = askPlugin(this.#fast, cycle);
    const slow = askTwin(this.#slow, pod, reference);
    const different = (where: string, ours: unknown, theirs: unknown) => ({
      difference: `${where}: ${JSON.stringify(ours)}, by the reference ${JSON.stringify(theirs)}`,
      passing: [],
    });
    if (text(fast.rejected) !== text(slow.rejected)) {
      return different("PreFilter", fast.rejected, slow.rejected);
    }
    if (slow.rejected !== undefined) {
      this.#note(`PreFilter: ${generic(slow.rejected.reasons)}`);
      return { passing: [] };
    }
    if (fast.skipsFilter !== slow.skipsFilter) {
      return different("Skip", fast.skipsFilter, slow.skipsFilter);
    }
    if (slow.skipsFilter) this.#note("Skip");
    const passing: string[] = [];
    for (const { name } of reference.nodes) {
      const [theirs] = slow.verdicts(name);
      for (const ours of fast.verdicts(name)) {
        if (text(ours) !== text(theirs)) return different(name, ours, theirs);
      }
      if (theirs === undefined) passing.push(name);
      if (!slow.skipsFilter) this.#note(theirs === undefined ? "pass" : generic(theirs.reasons));
    }
    if (this.#slow.score !== undefined && passing.length > 0) {
      const [ours, theirs] = [fast.scores(passing), slow.scores(passing)];
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) return different("scores", ours, theirs);
      for (const score of theirs?.raw ?? []) this.#note(score === 0 ? "score of 0" : "score");
    }
    return { passing };
  }

  #comparePromises(
    cycle: Cycle,
    node: number,
    promised: Holdings | undefined,
    before: readonly PromisedClaim[],
  ): string | undefined {
    const { objects } = cycle.cluster;
    const devices = this.#allocations(cycle, node).map(({ results }) => results.map(withoutShare));
    const ours = this.#fast.reserve?.(cycle, node) ?? objects;
    const theirs = promised?.objects ?? objects;
    for (const kind of ["persistentVolumes", "persistentVolumeClaims"] as const) {
      const [a, b] = [JSON.stringify(ours[kind]), JSON.stringify(theirs[kind])];
      if (a !== b) return `${kind}: ${a}, by the reference ${b}`;
      if (b !== JSON.stringify(objects[kind])) this.#note(`promised ${kind}`);
    }
    const claims = (promised?.promisedClaims ?? before).slice(before.length);
    const expected = claims.map(({ status }) =>
      (status?.allocation?.devices?.results ?? []).map(withoutShare),
    );
    if (JSON.stringify(devices) !== JSON.stringify(expected)) {
      return `devices: ${JSON.stringify(devices)}, by the reference ${JSON.stringify(expected)}`;
    }
    for (const { adminAccess, consumedCapacity } of expected.flat()) {
      this.#note("promised device");
      if (adminAccess === true) this.#note("promised device for administration");
      if (consumedCapacity !== undefined) this.#note("promised part of a device");
    }
    return undefined;
  }

  /** The last pod again, with each placed pod taken away in thought and put back. */
  #compareInThought(
    cluster: Cluster,
    drawn: ClusterWithObjects,
    placed: readonly PlacedPod[],
    promisedClaims: readonly PromisedClaim[],
  ): string | undefined {
    const pod = drawn.pods.at(-1)!;
    const row = FIRST_ROW + drawn.pods.length;
    const { nodes } = cluster;
    const kind = cluster.kind(pod);
    const objects: KubernetesObjects = cluster.objects;
    const reference = clusterOf({ nodes: drawn.nodes, placed, objects, promisedClaims });
    if (askTwin(this.#slow, pod, reference).rejected !== undefined) return undefined;
    const supposition = this.#fast.whatIf?.({ pod: kind, row, nodes, cluster });
    if (supposition === undefined) return undefined;
    let thought = reference;
    for (const [i, one] of drawn.placed.entries()) {
      const node = cluster.nodes.rowOf(placed[i].node)!;
      const gone = cluster.kind(one.pod);
      cluster.release(i);
      supposition.removePod(i, gone, node);
      thought = withoutPod(thought, placed[i]);
      const difference = this.#compareThought(cluster, pod, supposition.judge, thought);
      if (difference !== undefined) return `without pod ${i}: ${difference}`;
      if (i % 2 === 0) continue;
      cluster.assume(i, gone, node, 0);
      supposition.addPod(i, gone, node);
      thought = withPod(thought, placed[i]);
      const after = this.#compareThought(cluster, pod, supposition.judge, thought);
      if (after !== undefined) return `with pod ${i} again: ${after}`;
    }
    return undefined;
  }

  #compareThought(
    cluster: Cluster,
    pod: PodTemplate,
    judge: (node: number) => unknown,
    thought: ReferenceCluster,
  ): string | undefined {
    for (const { name } of thought.nodes) {
      const ours = judge(cluster.nodes.rowOf(name)!);
      const theirs = this.#slow.filter?.(pod, nodeOf(thought, name), thought);
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
        return `${name}: ${JSON.stringify(ours)}, by the reference ${JSON.stringify(theirs)}`;
      }
      this.#note("in thought");
    }
    return undefined;
  }

  #note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }
}

/** Shares are named as each likes. */
function withoutShare(result: DeviceAllocationResult): Omit<DeviceAllocationResult, "shareID"> {
  const { shareID: _, ...rest } = result;
  return rest;
}

function nodeOf({ nodes }: ReferenceCluster, name: string) {
  return nodes.find((node) => node.name === name)!;
}

/** Which of several missing drivers is named is free: upstream walks a map. */
function text(said: { readonly code: string; readonly reasons?: readonly string[] } | undefined): string {
  const reasons = said?.reasons?.map((reason) => reason.replace(/^\S+(?= CSI driver is not installed)/, "a"));
  return JSON.stringify([said?.code, reasons]);
}

/** Reasons without the names and numbers in them. */
function generic(reasons: readonly string[] = []): string {
  const names =
    /"[^"]*"|\S*\/\S*|\S+(?= CSI driver)|(?<=request |class )\w+(?=:)|(?<=#|devices )\d+|\. consider using .*/g;
  return reasons.map((reason) => reason.replaceAll(names, "…")).join("; ");
}
