import type { PodTemplate } from "../cluster/specs.ts";
import type { DeviceAllocationResult, ResourceClaimObject } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import { allocate, type OpenClaim } from "./device-claims-allocation.ts";
import { classBehind, extendedRequests, extendedResources } from "./device-claims-extended.ts";
import { termMatches } from "./node-selector-terms.ts";
import { normalizeByGreatest } from "./normalize-by-greatest.ts";
import {
  namespaceOf,
  type ReferenceCluster,
  type ReferenceNode,
  type ReferencePlugin,
  specOf,
} from "./reference-plugin.ts";

/** Upstream: plugins/dynamicresources, with the feature gates that are on by default. */
export const referenceDynamicResources: ReferencePlugin = {
  preEnqueue(pod, objects) {
    return claimsOf(pod, objects).rejected;
  },
  preFilter(pod, cluster) {
    const { rejected, claims } = claimsOf(pod, cluster.objects);
    if (!hasBackedResources(pod, cluster) && (specOf(pod).resourceClaims ?? []).length === 0) return "skip";
    if (rejected !== undefined) return { rejected };
    if (!hasBackedResources(pod, cluster) && claims.length === 0) return "skip";
    for (const claim of claims) {
      const problem = claim.status?.allocation === undefined ? problemOf(claim, cluster) : undefined;
      if (problem !== undefined) return { rejected: unresolvable(problem) };
    }
    return undefined;
  },
  filter(pod, node, cluster) {
    const verdict = look(pod, node, cluster);
    return typeof verdict === "string" ? unresolvable(verdict) : undefined;
  },
  score(pod, node, cluster) {
    const verdict = look(pod, node, cluster);
    if (verdict === undefined || typeof verdict === "string") return 0n;
    let score = 0n;
    for (const claim of claimsOf(pod, cluster.objects).claims) {
      const { spec, status } = claim;
      const given = verdict.find(({ name }) => name === nameOf(claim));
      const results = status?.allocation?.devices?.results ?? given?.results ?? [];
      for (const { name, firstAvailable = [] } of spec?.devices?.requests ?? []) {
        for (const [place, { name: sub }] of firstAvailable.entries()) {
          if (results.some(({ request }) => request === `${name}/${sub}`)) score += 8n - BigInt(place);
        }
      }
    }
    return score;
  },
  normalizeScore: (scores) => normalizeByGreatest(scores, false),
  reserve(pod, node, cluster) {
    const { objects, promisedClaims } = cluster;
    const verdict = look(pod, node, cluster);
    if (verdict === undefined || typeof verdict === "string") return { objects, promisedClaims };
    const promised = verdict.map(({ name, results }): ResourceClaimObject => {
      const [namespace, claim] = name.split("/");
      const metadata = { namespace, name: claim };
      return { kind: "ResourceClaim", metadata, status: { allocation: { devices: { results } } } };
    });
    return { objects, promisedClaims: [...promisedClaims, ...promised] };
  },
};

/** The pod's claims in the order of its spec, or why there are not all of them. */
function claimsOf(
  pod: PodTemplate,
  { resourceClaims }: KubernetesObjects,
): { readonly rejected?: Status; readonly claims: readonly ResourceClaimObject[] } {
  const namespace = namespaceOf(pod.object);
  const podName = `pod "${namespace}/${pod.object.metadata?.name}"`;
  const reject = (text: string) => ({ rejected: unresolvable(text), claims: [] });
  const claims: ResourceClaimObject[] = [];
  for (const reference of specOf(pod).resourceClaims ?? []) {
    let claimName = reference.resourceClaimName;
    if (claimName === undefined && reference.resourceClaimTemplateName === undefined) {
      return reject(
        `${podName}, spec.resourceClaim "${reference.name}": none of the supported fields are set`,
      );
    }
    if (claimName === undefined) {
      const made = pod.object.status?.resourceClaimStatuses?.find(({ name }) => name === reference.name);
      if (made === undefined) return reject(`${podName}: ResourceClaim not created yet`);
      claimName = made.resourceClaimName;
      if (claimName === undefined) continue;
    }
    const claim = resourceClaims.find(
      (candidate) => candidate.metadata?.name === claimName && namespaceOf(candidate) === namespace,
    );
    if (claim === undefined) return reject(`could not find ResourceClaim "${namespace}/${claimName}"`);
    if (claim.metadata?.deletionTimestamp !== undefined) {
      return reject(`resourceclaim "${claimName}" is being deleted`);
    }
    const { name = "", uid } = pod.object.metadata ?? {};
    const controller = claim.metadata?.ownerReferences?.find((owner) => owner.controller === true);
    if (reference.resourceClaimName === undefined && controller?.uid !== (uid || `${namespace}/${name}`)) {
      const whose = `for Pod ${namespace}/${name} (Pod is not owner)`;
      return reject(`ResourceClaim ${namespace}/${claimName} was not created ${whose}`);
    }
    claims.push(claim);
  }
  return { claims };
}

function hasBackedResources(pod: PodTemplate, cluster: ReferenceCluster): boolean {
  return extendedResources(pod).some((resource) => classBehind(resource, cluster) !== undefined);
}

/** Why a claim without devices cannot get any. */
function problemOf(claim: ResourceClaimObject, cluster: ReferenceCluster): string | undefined {
  const name = nameOf(claim);
  if (cluster.promisedClaims.some((promised) => nameOf(promised) === name)) {
    return `resource claim ${name} is in the process of being allocated`;
  }
  const { deviceClasses } = cluster.objects;
  for (const { name: request, exactly, firstAvailable = [] } of claim.spec?.devices?.requests ?? []) {
    const asked = firstAvailable.map(({ name, deviceClassName = "" }): [string, string] => [
      `${request}/${name}`,
      deviceClassName,
    ]);
    if (asked.length === 0) asked.push([request ?? "", exactly?.deviceClassName ?? ""]);
    for (const [where, className] of asked) {
      if (className === "") return `request ${where}: unsupported request type`;
      if (deviceClasses.every(({ metadata }) => metadata?.name !== className)) {
        return `request ${where}: device class ${className} does not exist`;
      }
    }
  }
  return undefined;
}

function nameOf(claim: ResourceClaimObject): string {
  return `${namespaceOf(claim)}/${claim.metadata?.name}`;
}

/** What each claim would get on a node; a text when the node is rejected, undefined when no claim needs anything. */
function look(
  pod: PodTemplate,
  node: ReferenceNode,
  cluster: ReferenceCluster,
):
  | readonly { readonly name: string; readonly results: readonly DeviceAllocationResult[] }[]
  | string
  | undefined {
  const { rejected, claims } = claimsOf(pod, cluster.objects);
  const open = claims.filter(({ status }) => status?.allocation === undefined);
  if (rejected !== undefined || open.some((claim) => problemOf(claim, cluster) !== undefined))
    return undefined;
  const backed = hasBackedResources(pod, cluster);
  if (!backed && claims.length === 0) return undefined;

  const wanted: OpenClaim[] = open.map((claim) => ({ name: nameOf(claim), spec: claim.spec ?? {} }));
  if (backed) {
    const requests = extendedRequests(pod, node, cluster);
    if (requests === undefined) return "cannot fit resource";
    if (requests.length === 0 && claims.length === 0) return undefined;
    // There is no such claim in the API; texts have its name.
    const name = `${namespaceOf(pod.object)}/<extended-resources>`;
    wanted.push({ name, spec: { devices: { requests } } });
  }
  const available = claims.every(({ status }) => {
    const selector = status?.allocation?.nodeSelector;
    return (
      selector === undefined || (selector.nodeSelectorTerms ?? []).some((term) => termMatches(term, node))
    );
  });
  const allocations = wanted.length === 0 ? undefined : allocate(wanted, node, cluster);
  if (allocations === "none") return "cannot allocate all claims";
  if (allocations === "invalid pools") return "invalid resource pools were encountered";
  if (!available) return "resourceclaim not available on the node";
  return allocations?.map((results, i) => ({ name: wanted[i].name, results }));
}
