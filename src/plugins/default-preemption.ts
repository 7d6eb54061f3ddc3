import { InvariantViolation } from "../base/errors.ts";
import { ExtenderError } from "../scheduler/extender.ts";
import { fitErrorText } from "../scheduler/fit-error-text.ts";
import type {
  Plugin,
  PostFilterCycle,
  PostFilterResult,
  Preemption,
  PreemptionCandidate,
  Unhelpful,
} from "../scheduler/plugin.ts";
import { unresolvable } from "../scheduler/status.ts";
import { candidatesByExtenders } from "./preemption/ask-extenders.ts";
import { KeptSearch } from "./preemption/kept-search.ts";
import { leastPriority } from "./preemption/least-priority.ts";
import { bestCandidates } from "./preemption/pick-one.ts";
import { NoVictimNeeded, selectVictims } from "./preemption/victims.ts";

/** DefaultPreemptionArgs of the kube-scheduler's configuration: how many candidates are enough. */
export interface DefaultPreemptionArgs {
  /** Of the nodes where preemption might help, 0..100; 10 when absent. */
  readonly minCandidateNodesPercentage?: number;
  /** At least so many; 100 when absent. */
  readonly minCandidateNodesAbsolute?: number;
}

const NOT_HELPFUL = unresolvable("Preemption is not helpful for scheduling");

/** What the dry runs came to. */
interface Search {
  readonly candidates: readonly PreemptionCandidate[];
  /** With the nodes of which the dry run failed. */
  readonly unhelpful: ReadonlyMap<number, Unhelpful>;
  readonly errors: readonly string[];
}

const NOTHING_FOUND: Search = { candidates: [], unhelpful: new Map(), errors: [] };

/**
 * Makes room for a pod by the removal of less important ones (upstream: plugins/defaultpreemption and
 * pkg/scheduler/framework/preemption). Only pods are preempted, not groups.
 */
export function defaultPreemption({
  minCandidateNodesPercentage = 10,
  minCandidateNodesAbsolute = 100,
}: DefaultPreemptionArgs = {}): Plugin {
  const enough = (nodes: number): number =>
    Math.min(
      nodes,
      Math.max(Math.trunc((nodes * minCandidateNodesPercentage) / 100), minCandidateNodesAbsolute),
    );
  const keptSearch = new KeptSearch(enough);
  return {
    name: "DefaultPreemption",
    postFilter(cycle) {
      const ineligible = whyIneligible(cycle);
      if (ineligible !== undefined)
        return { code: "Unschedulable", message: () => `preemption: ${ineligible}` };
      if (!someoneIsLessImportant(cycle)) return noCandidate(cycle, () => search(cycle, enough));
      const kept = keptSearch.search(cycle);
      if (kept === "none") return noCandidate(cycle, () => search(cycle, enough));
      if (kept !== undefined) return chosen(cycle, kept, () => inNodeOrder(cycle, search(cycle, enough)));
      const found = askExtenders(cycle, search(cycle, enough));
      if (found.candidates.length > 0) {
        const inOrder = inNodeOrder(cycle, found);
        return chosen(cycle, bestCandidates(inOrder.candidates, cycle.cluster)[0], () => inOrder);
      }
      if (found.errors.length > 0) {
        const errors = [...new Set(found.errors)];
        const text = errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`;
        return { code: "Error", message: () => `preemption: ${text}`, unhelpful: () => found.unhelpful };
      }
      return noCandidate(cycle, () => found);
    },
    eventsToRegister: ["AssignedPodDelete"],
  };
}

/** Why the pod may preempt nobody. */
function whyIneligible({ pod, nominatedNode, cluster, verdictOn }: PostFilterCycle): string | undefined {
  if (pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  if (nominatedNode === -1) return undefined;
  const leaving = cluster.podsOn(nominatedNode).some((row) => {
    const { priority, terminating, object } = cluster.kindOf(row);
    return (
      priority < pod.priority &&
      terminating &&
      (object.status?.conditions ?? []).some(
        ({ type, status, reason }) =>
          type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler",
      )
    );
  });
  if (!leaving || verdictOn(nominatedNode).code === "UnschedulableAndUnresolvable") return undefined;
  return "not eligible due to a terminating pod on the nominated node.";
}

/** Whether any pod ever seen is less important: without one no dry run can succeed. */
function someoneIsLessImportant({ pod, cluster }: PostFilterCycle): boolean {
  return leastPriority(cluster.kinds) < pod.priority;
}

/** Dry runs from a drawn start until there are enough candidates, of which one at least violates no budget. */
function search(cycle: PostFilterCycle, enough: (nodes: number) => number): Search {
  const { nodes, verdictOn } = cycle;
  const potential = nodes.order.filter((node) => verdictOn(node).code === "Unschedulable");
  if (potential.length === 0) return NOTHING_FOUND;
  const wanted = enough(potential.length);
  const offset = cycle.draw(potential.length);
  const free: PreemptionCandidate[] = [];
  const violating: PreemptionCandidate[] = [];
  const unhelpful = new Map<number, Unhelpful>();
  const errors: string[] = [];
  for (let i = 0; i < potential.length; i++) {
    const node = potential[(offset + i) % potential.length];
    try {
      const result = selectVictims(cycle, node);
      if (!("victims" in result)) {
        unhelpful.set(node, result);
        continue;
      }
      const list = result.pdbViolations === 0 ? free : violating;
      if (list.length < wanted) list.push(result);
      if (free.length > 0 && free.length + violating.length >= wanted) break;
    } catch (error) {
      if (!(error instanceof InvariantViolation || error instanceof NoVictimNeeded)) throw error;
      const { message } = error;
      errors.push(message);
      unhelpful.set(node, { status: { code: "Error", reasons: [message] }, plugin: failedPlugin(message) });
    }
  }
  return { candidates: [...free, ...violating], unhelpful, errors };
}

/** Of an error like `running "DynamicResources" filter plugin: ...`. */
function failedPlugin(message: string): string | undefined {
  return /^running "([^"]+)" filter plugin: /.exec(message)?.[1];
}

/** Upstream asks them only when there are candidates; what they leave may be none. */
function askExtenders(cycle: PostFilterCycle, found: Search): Search {
  if (cycle.extenders.length === 0 || found.candidates.length === 0) return found;
  try {
    return { ...found, candidates: candidatesByExtenders(cycle, found.candidates) };
  } catch (error) {
    if (!(error instanceof ExtenderError)) throw error;
    return { ...found, candidates: [], errors: [...found.errors, error.message] };
  }
}

function inNodeOrder({ nodes }: PostFilterCycle, found: Search): Search {
  const candidates = [...found.candidates].sort((a, b) => nodes.positions[a.node] - nodes.positions[b.node]);
  return { ...found, candidates };
}

/** @param find all that the search comes to, in node order; asked only when somebody reads it */
function chosen(cycle: PostFilterCycle, best: PreemptionCandidate, find: () => Search): PostFilterResult {
  const { nodes, cluster, pod } = cycle;
  const found = once(find);
  const nobodyNew = best.victims.every((row) => cluster.kindOf(row).terminating);
  const preemption: Preemption = {
    ...best,
    clearedNominations: nobodyNew ? [] : cycle.nominatedBelow(best.node, pod.priority),
    get candidates() {
      return found().candidates;
    },
    get tied() {
      return bestCandidates(found().candidates, cluster).map(({ node }) => node);
    },
  };
  return {
    code: "Success",
    nominate: best.node,
    preemption,
    unhelpful: () => found().unhelpful,
    message: () =>
      `preemption: found a potential placement for pod on node ${nodes.name(best.node)}, preempting ${best.victims.length} victims`,
  };
}

/** The pod's nomination, if it has one, is cleared: nothing can be done there. */
function noCandidate({ nodes }: PostFilterCycle, find: () => Search): PostFilterResult {
  const search = once(find);
  return {
    code: "Unschedulable",
    nominate: -1,
    unhelpful: () => search().unhelpful,
    message: () => {
      const rejected = [...search().unhelpful.values()].map(({ status }) => status);
      return `preemption: ${fitErrorText(nodes.order.length, rejected, { absent: NOT_HELPFUL })}`;
    },
  };
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
