import { UserError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { Profile, TieBreak } from "../scheduler/profile.ts";
import { ExplainedCluster } from "./explain-cluster.ts";
import type { Situation } from "./explain-situation.ts";
import { type Choice, choiceOf } from "./explanation-choice.ts";
import { type Decision, decide } from "./explanation-decision.ts";
import { type PolicyDifference, policyDifference } from "./explanation-difference.ts";
import { type AskedNode, askedNode } from "./explanation-node.ts";
import { type RejectedGroup, rejectedGroups } from "./explanation-rejections.ts";
import type { DecisionRecord } from "./recorded-case.ts";
import { type SmallestChange, smallestChange } from "./smallest-change.ts";

export interface ExplainOptions {
  readonly situation: Situation;
  readonly profile: Profile;
  /** How ties are broken; the profile's rule when absent. */
  readonly tieBreak?: TieBreak | undefined;
  /** The record of the attempt, when somebody has it already. */
  readonly record?: DecisionRecord | undefined;
  /** Where the pod stands now, when it is explained as if it were to be scheduled anew. */
  readonly standsOn?: string | undefined;
  /** A node to ask about. */
  readonly node?: string | undefined;
  /** Another policy to compare with. */
  readonly diff?: Profile | undefined;
}

/** One decision, explained; plain data. */
export interface Explanation {
  /** `namespace/name`. */
  readonly pod: string;
  readonly policy: string;
  readonly nodes: number;
  /** One line: the node, or kube-scheduler's message. */
  readonly verdict: string;
  readonly node: string | null;
  /** Where the pod stands, and whether it would come there again. */
  readonly standsOn?: string;
  readonly sameNode?: boolean;
  readonly choice?: Choice;
  readonly rejected: readonly RejectedGroup[];
  /** Nodes that were not looked at. */
  readonly notLookedAt: number;
  readonly asked?: AskedNode;
  /** For a pod that no node takes, or for the node asked about. */
  readonly smallestChange?: SmallestChange;
  readonly difference?: PolicyDifference;
  readonly decision: DecisionRecord;
}

/**
 * Why the pod goes where it goes, or why no node takes it and the smallest change that would help.
 * @throws UserError for a node that is not there
 */
export function explain(options: ExplainOptions): Explanation {
  const { situation, profile, standsOn, diff } = options;
  const world = new ExplainedCluster(situation.objects);
  const decided = decide(situation, profile, world);
  const decision: Decision = options.record === undefined ? decided : { ...decided, record: options.record };
  const { record, cycle } = decision;
  const rule = options.tieBreak ?? profile.tieBreak;
  const choice = choiceOf(decision, rule);
  const asked = options.node === undefined ? undefined : askedNode(decision, options.node, rule);
  const node = choice?.node ?? null;
  const explanation = {
    pod: situation.pod,
    policy: profile.name,
    nodes: cycle.nodes.order.length,
    verdict: verdictOf(record, node),
    node,
    ...(standsOn !== undefined && { standsOn, sameNode: standsOn === node }),
    ...(choice !== undefined && { choice }),
    rejected: rejectedGroups(record, cycle),
    notLookedAt: cycle.nodes.order.length - lookedAt(record),
    ...(asked !== undefined && { asked }),
  };
  // From here on the cluster changes: the cycle of the decision is good no more.
  const other = diff && {
    decision: decide(situation, diff, world),
    rule: options.tieBreak ?? diff.tieBreak,
  };
  return {
    ...explanation,
    ...(smallestChangeWanted(record, asked) && {
      smallestChange: smallestChange({
        objects: situation.objects,
        pod: situation.pod,
        profile,
        node: asked?.node,
        isSchedulable: (objects) =>
          decide({ ...situation, objects }, profile, world).record.outcome === "bound",
      }),
    }),
    ...(other !== undefined && { difference: policyDifference({ decision, rule }, other) }),
    decision: record,
  };
}

function smallestChangeWanted({ outcome }: DecisionRecord, asked: AskedNode | undefined): boolean {
  if (outcome === "unschedulable" || outcome === "gated") return true;
  return asked?.verdict === "rejected";
}

/** One line: where the pod goes, or the message that kube-scheduler would leave. */
function verdictOf(record: DecisionRecord, node: string | null): string {
  if (node !== null) return `goes to ${node}`;
  return (
    record.message ??
    record.error ??
    record.preEnqueue?.reasons?.join(", ") ??
    `no decision: ${record.outcome}`
  );
}

function lookedAt({ filter = {}, feasible = [] }: DecisionRecord): number {
  return new Set([...Object.keys(filter), ...feasible]).size;
}

/**
 * The pod of this name among those of a cluster.
 * @throws UserError with the nearest names when there is none
 */
export function findPod<T extends Parameters<typeof qualifiedName>[0]>(pods: readonly T[], name: string): T {
  const full = name.includes("/") ? name : `default/${name}`;
  const found = pods.find((pod) => qualifiedName(pod) === full);
  if (found !== undefined) return found;
  throw new UserError(unknownPod(full, pods.map(qualifiedName)));
}

const MOST_NAMES = 5;

/** Three near names when there are any, or the first few. */
export function unknownPod(name: string, names: readonly string[]): string {
  const near: string[] = [];
  let rest = names;
  for (let found = nearest(name, rest); found !== undefined && near.length < 3; found = nearest(name, rest)) {
    near.push(found);
    const taken = found;
    rest = rest.filter((other) => other !== taken);
  }
  if (near.length > 0) return `unknown pod: ${JSON.stringify(name)}, did you mean ${near.join(" or ")}?`;
  const bare = name.slice(name.indexOf("/") + 1);
  const elsewhere = names.filter((other) => other.endsWith(`/${bare}`));
  if (elsewhere.length > 0) {
    return `unknown pod: ${JSON.stringify(name)}, did you mean ${elsewhere.slice(0, 3).join(" or ")}?`;
  }
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `unknown pod: ${JSON.stringify(name)}; ${names.length === 0 ? "there is no pod" : `there are ${shown}${more}`}`;
}
