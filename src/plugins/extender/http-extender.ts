import type { NodeObject } from "../../kubernetes/node.ts";
import type { PodObject } from "../../kubernetes/pod.ts";
import {
  type Extender,
  type ExtenderCandidates,
  ExtenderError,
  type ExtenderScores,
  type ExtenderVerdict,
  type ExtenderVictims,
} from "../../scheduler/extender.ts";
import { podUid } from "../../scheduler/queue/queued-pod.ts";
import { postSynchronously, type TlsOptions } from "./post-synchronously.ts";
import { bindingResult, filterResult, hostPriorityList, preemptionResult } from "./wire-format.ts";

/** An extender as a KubeSchedulerConfiguration names it; a verb that is empty is one it does not have. */
export interface HttpExtenderOptions {
  readonly urlPrefix: string;
  readonly filterVerb: string;
  readonly preemptVerb: string;
  readonly prioritizeVerb: string;
  readonly bindVerb: string;
  readonly weight: number;
  readonly enableHTTPS: boolean;
  readonly tls?: TlsOptions | undefined;
  readonly httpTimeoutSeconds: number;
  /** It knows the nodes already, and is told names instead of objects. */
  readonly nodeCacheCapable: boolean;
  readonly managedResources: readonly { readonly name: string }[];
  readonly ignorable: boolean;
}

/**
 * An extender that is asked by HTTP, as upstream does (pkg/scheduler/extender.go; the messages are those of
 * k8s.io/kube-scheduler/extender/v1). Objects are sent as far as stowage keeps them: what scheduling reads.
 */
export function httpExtender(options: HttpExtenderOptions): Extender {
  const { urlPrefix, filterVerb, preemptVerb, prioritizeVerb, bindVerb, nodeCacheCapable } = options;
  const managed = new Set(options.managedResources.map(({ name }) => name));

  function send(verb: string, args: unknown): unknown {
    const url = `${urlPrefix.replace(/\/+$/, "")}/${verb}`;
    const timeoutMs = options.httpTimeoutSeconds * 1000;
    const answer = postSynchronously({ url, body: JSON.stringify(args), timeoutMs, tls: tlsOf(options) });
    if (answer.failure !== undefined)
      throw new ExtenderError(`Post ${JSON.stringify(url)}: ${answer.failure}`);
    if (answer.status !== 200) {
      throw new ExtenderError(`failed ${verb} with extender at URL ${url}, code ${answer.status}`);
    }
    try {
      return JSON.parse(answer.body);
    } catch (error) {
      throw new ExtenderError(`invalid answer of ${url}: ${(error as Error).message}`);
    }
  }

  const nodesOf = (nodes: readonly NodeObject[]) =>
    nodeCacheCapable ? { nodenames: nodes.map(nameOf) } : { nodes: { metadata: {}, items: nodes } };

  function filter(pod: PodObject, nodes: readonly NodeObject[]): ExtenderVerdict {
    const result = filterResult(send(filterVerb, { pod, ...nodesOf(nodes) }), urlPrefix);
    if (result.error !== "") throw new ExtenderError(result.error);
    const left = (nodeCacheCapable ? (result.nodeNames ?? result.nodes) : result.nodes) ?? [];
    const known = new Set(nodes.map(nameOf));
    const stranger = left.find((name) => !known.has(name));
    if (stranger !== undefined) {
      throw new ExtenderError(
        `extender ${JSON.stringify(urlPrefix)} claims a filtered node ${JSON.stringify(stranger)} which is not found in the input node list`,
      );
    }
    return {
      nodes: left,
      failed: result.failedNodes,
      failedAndUnresolvable: result.failedAndUnresolvableNodes,
    };
  }

  function prioritize(pod: PodObject, nodes: readonly NodeObject[]): ExtenderScores {
    const points = hostPriorityList(send(prioritizeVerb, { pod, ...nodesOf(nodes) }), urlPrefix);
    return { points, weight: options.weight };
  }

  function preempt(pod: PodObject, candidates: ExtenderCandidates): ExtenderCandidates {
    const member = nodeCacheCapable ? "nodeNameToMetaVictims" : "nodeNameToVictims";
    const shown = ({ pods }: ExtenderVictims) =>
      nodeCacheCapable ? pods.map((p) => ({ uid: podUid(p) })) : pods;
    const victims = Object.fromEntries(
      [...candidates].map(([node, candidate]) => [
        node,
        { pods: shown(candidate), numPDBViolations: candidate.pdbViolations },
      ]),
    );
    const kept = preemptionResult(send(preemptVerb, { pod, [member]: victims }), urlPrefix);
    return new Map(
      kept.map(({ node, uids, pdbViolations }) => [
        node,
        { pods: uids.map((uid) => victimOf(uid, node, candidates)), pdbViolations },
      ]),
    );
  }

  /** The extender may keep, drop or change victims among those that it was shown for the node. */
  function victimOf(uid: string, node: string, candidates: ExtenderCandidates): PodObject {
    const pod = candidates.get(node)?.pods.find((candidate) => podUid(candidate) === uid);
    if (pod !== undefined) return pod;
    throw new ExtenderError(
      `extender: ${urlPrefix} claims to preempt pod (UID: ${uid}) on node: ${node}, but the pod is not found on that node`,
    );
  }

  function bind(pod: PodObject, node: string): void {
    const { name = "", namespace = "default" } = pod.metadata ?? {};
    const args = { podName: name, podNamespace: namespace, podUID: podUid(pod), node };
    const error = bindingResult(send(bindVerb, args), urlPrefix);
    if (error !== "") throw new ExtenderError(error);
  }

  return {
    name: urlPrefix,
    ignorable: options.ignorable,
    isInterested: ({ spec }) => {
      const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
      const asksFor = (amounts: object = {}) => Object.keys(amounts).some((name) => managed.has(name));
      return (
        managed.size === 0 ||
        containers.some(({ resources }) => asksFor(resources?.requests) || asksFor(resources?.limits))
      );
    },
    ...(filterVerb !== "" && { filter }),
    ...(prioritizeVerb !== "" && { prioritize }),
    ...(preemptVerb !== "" && { preempt }),
    ...(bindVerb !== "" && { bind }),
  };
}

/** Without an authority of its own, HTTPS takes any certificate (upstream: makeTransport). */
function tlsOf({ enableHTTPS, tls }: HttpExtenderOptions): TlsOptions | undefined {
  if (!enableHTTPS) return tls;
  return { ...tls, insecure: tls?.insecure === true || tls?.ca === undefined };
}

function nameOf({ metadata }: NodeObject): string {
  return metadata?.name ?? "";
}
