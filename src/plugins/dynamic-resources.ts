import { InvariantViolation } from "../base/errors.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { ResourceClaimObject } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { defaultNormalizeScore } from "../scheduler/normalize.ts";
import { type Cycle, definePlugin, type Plugin, zeroForEveryNode } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import type { Status } from "../scheduler/status.ts";
import { type ClaimAllocation, namedShares } from "./dynamic-resources/allocator.ts";
import { bindClaims } from "./dynamic-resources/bind-claims.ts";
import { type ClaimState, claimStateOf } from "./dynamic-resources/claim-state.ts";
import { deviceBackedResources } from "./dynamic-resources/device-classes.ts";
import { holdInFlight } from "./dynamic-resources/in-flight.ts";
import { judgeNode, type NodeVerdict } from "./dynamic-resources/node-verdict.ts";
import { podClaims } from "./dynamic-resources/pod-claims.ts";

/** What a request may list at most, and so the greatest score of one. */
const MOST_ALTERNATIVES = 8;

const verdicts = new WeakMap<ClaimState, Map<number, NodeVerdict>>();

/**
 * Devices for resource claims and for extended resources that device classes back (upstream: plugins/dynamicresources,
 * with the gates that are on by default). All rejections are unresolvable. A selector that fails at run time fails the
 * cycle with an InvariantViolation. Whoever puts the pod on a node calls `holdInFlight` with `allocationsOn`.
 */
export function dynamicResources(): Plugin {
  return definePlugin({
    name: "DynamicResources",
    reads: (pod) =>
      (pod.spec.resourceClaims ?? []).length === 0 && deviceBackedResources(pod).length === 0
        ? "nothing"
        : "cluster",
    preEnqueue: missingClaim,
    reserve(cycle, node) {
      holdInFlight(cycle.cluster, allocationsOn(cycle, node));
      return cycle.cluster.objects;
    },
    preBind: bindClaims,
    preFilter(cycle) {
      const state = claimStateOf(cycle);
      return state?.rejected === undefined ? undefined : { rejected: state.rejected };
    },
    filter(cycle) {
      const state = activeState(cycle);
      return state && keepWhere((node) => verdictOn(cycle, state, node).rejected === undefined);
    },
    judge(cycle) {
      const state = activeState(cycle);
      return state && ((node) => verdictOn(cycle, state, node).rejected);
    },
    whatIf(cycle) {
      const state = activeState(cycle);
      // Claims keep their devices when pods come and go, so that no verdict changes.
      return (
        state && { judge: (node) => verdictOn(cycle, state, node).rejected, addPod() {}, removePod() {} }
      );
    },
    postFilter(cycle) {
      // Upstream finds no state when another plugin ended PreFilter before this one was asked; that ends PostFilter.
      return cycle.ranPreFilter("DynamicResources")
        ? undefined
        : { code: "Error", message: () => "not found" };
    },
    sign: ({ spec: { resourceClaims = [] } }) => (resourceClaims.length === 0 ? {} : "declines"),
    score(cycle) {
      const state = activeState(cycle);
      if (state === undefined) return zeroForEveryNode;
      return ({ rows, length }, scores) => {
        for (let i = 0; i < length; i++) scores[i] = scoreOn(cycle, state, rows[i]);
      };
    },
    normalizeScore: defaultNormalizeScore(false),
  });
}

/**
 * PreEnqueue: a claim of the pod that is not there yet, or is going away. A pod's kind says nothing of the cluster's
 * objects, hence apart from the plugin: whoever queues pods asks with the objects as its informers have them, and again
 * whenever a claim is added or the pod's `status.resourceClaimStatuses` change.
 @internal */
export function missingClaim(pod: PodKind, objects: KubernetesObjects): Status | undefined {
  if ((pod.spec.resourceClaims ?? []).length === 0) return undefined;
  const found = podClaims(pod, objects);
  return "rejected" in found ? found.rejected : undefined;
}

/** Reserve: what the pod's claims get on a node that passes the filter; nothing when there is nothing to allocate. @internal */
export function allocationsOn(cycle: Cycle, node: number): readonly ClaimAllocation[] {
  const state = activeState(cycle);
  if (state === undefined) return [];
  const verdict = verdictOn(cycle, state, node);
  if (verdict.rejected !== undefined) {
    throw new InvariantViolation(
      `DynamicResources rejects node ${cycle.nodes.name(node)}: nothing to reserve`,
    );
  }
  const { wanted, found = [] } = verdict;
  return found.map((results, i) => namedShares(wanted[i].key, results));
}

function activeState(cycle: Cycle): ClaimState | undefined {
  const state = claimStateOf(cycle);
  return state?.rejected === undefined ? state : undefined;
}

function verdictOn(cycle: Cycle, state: ClaimState, node: number): NodeVerdict {
  let known = verdicts.get(state);
  if (known === undefined) {
    known = new Map();
    verdicts.set(state, known);
  }
  let verdict = known.get(node);
  if (verdict === undefined) {
    verdict = judgeNode(cycle, state, node);
    known.set(node, verdict);
  }
  return verdict;
}

/** The earlier the alternative that a request got, the better; claims allocated before count with theirs. */
function scoreOn(cycle: Cycle, state: ClaimState, node: number): number {
  const verdict = verdictOn(cycle, state, node);
  if (verdict.rejected !== undefined || verdict.found === undefined) return 0;
  let wanted = 0;
  let score = 0;
  for (const claim of state.claims) {
    const before = claim.status?.allocation?.devices?.results;
    const results = before ?? verdict.found[wanted++] ?? [];
    score += claimScore(claim, new Set(results.map(({ request }) => request ?? "")));
  }
  return score;
}

function claimScore({ spec = {} }: ResourceClaimObject, chosen: ReadonlySet<string>): number {
  let score = 0;
  for (const { name, firstAvailable = [] } of spec.devices?.requests ?? []) {
    for (const [index, subrequest] of firstAvailable.entries()) {
      if (chosen.has(`${name}/${subrequest.name}`)) score += MOST_ALTERNATIVES - index;
    }
  }
  return score;
}
