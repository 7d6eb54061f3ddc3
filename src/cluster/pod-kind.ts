import type { Interner } from "../base/interner.ts";
import type { PodObject, PodSpec } from "../kubernetes/pod.ts";
import { nonZeroRequests, podRequests, scoringRequests } from "../kubernetes/pod-requests.ts";
import { DEVICE_RESOURCE, type DeviceRequest } from "./device.ts";
import type { PodTemplate } from "./specs.ts";

/** Amounts of a few resources: `amounts[i]` of resource `resources[i]`; no entry is zero. */
export interface ResourceAmounts {
  readonly resources: Int32Array;
  readonly amounts: Float64Array;
  /** The amount of one resource; 0 when there is no entry. */
  of(resource: number): number;
  /** The same in full, where `amounts` is rounded: an int64, 0 when there is no entry. */
  exactly(resource: number): bigint;
}

/** From here on sums of amounts, and their products with 100, are no longer sure to be exact in doubles. */
export const HUGE_AMOUNT = 2 ** 46;

/** A port that a pod takes on its node. */
export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

/**
 * All that scheduling reads of a pod. Pods that agree in it share one kind (upstream's nearest word is the pod's
 * *signature*), and everything worth keeping is kept per kind: workloads have tens of kinds and millions of pods.
 */
export interface PodKind {
  readonly id: number;
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly spec: PodSpec;
  readonly priority: number;
  /** A pod of this kind as it was first seen; name, identity and times are its own and mean nothing for the others. */
  readonly object: PodObject;
  /** Being deleted already. */
  readonly terminating: boolean;
  /** What the pod takes from its node: for a pod that was resized in place, with what its node reports. */
  readonly requests: ResourceAmounts;
  /** What NodeResourcesFit demands to be free: by the spec alone. */
  readonly demand: ResourceAmounts;
  /** What NodeResourcesFit scores: containers only, 100m and 200 MiB for those that ask for nothing. */
  readonly scoring: ResourceAmounts;
  /** What the pod adds to its node's `nonZeroCpu` and `nonZeroMemory`. */
  readonly nonZeroCpu: number;
  readonly nonZeroMemory: number;
  readonly nonZero: ResourceAmounts;
  /** Some amount reaches HUGE_AMOUNT: whatever is counted for such a pod is counted in int64. */
  readonly huge: boolean;
  readonly hostPorts: readonly HostPort[];
  readonly devices: DeviceRequest | undefined;
}

/** The kinds of one cluster, interned: the same template object, or an equal one, gives the same kind. */
export class PodKinds {
  readonly #resources: Interner;
  readonly #byTemplate = new WeakMap<PodTemplate, PodKind>();
  readonly #bySpec = new Map<string, PodKind>();
  readonly list: PodKind[] = [];

  constructor(resources: Interner) {
    this.#resources = resources;
  }

  intern(template: PodTemplate): PodKind {
    const known = this.#byTemplate.get(template);
    if (known !== undefined) return known;
    const key = kindKey(template);
    let kind = this.#bySpec.get(key);
    if (kind === undefined) {
      kind = makeKind(this.list.length, template, this.#resources);
      this.list.push(kind);
      this.#bySpec.set(key, kind);
    }
    this.#byTemplate.set(template, kind);
    return kind;
  }
}

/** All that scheduling reads of a pod, as one text. */
function kindKey({ object, devices }: PodTemplate): string {
  const { metadata = {}, spec, status = {} } = object;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  // The claims of such a pod are its own, by its name.
  const ownClaims =
    spec?.volumes?.some(({ ephemeral }) => ephemeral !== undefined) ||
    spec?.resourceClaims?.some((claim) => claim.resourceClaimTemplateName !== undefined);
  const resized = [status.resources, status.allocatedResources, status.conditions, status.containerStatuses];
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    spec,
    devices,
    metadata.deletionTimestamp !== undefined,
    controller && [controller.apiVersion, controller.kind, controller.name],
    ownClaims && [metadata.name, metadata.uid],
    [...resized, status.initContainerStatuses, status.resourceClaimStatuses],
  ]);
}

function makeKind(id: number, template: PodTemplate, resources: Interner): PodKind {
  const { object, devices } = template;
  const spec = object.spec ?? {};
  const lists = {
    requests: podRequests(object, { useStatus: true }),
    demand: podRequests(object),
    scoring: scoringRequests(object),
  };
  if (devices !== undefined) {
    const share = BigInt(devices.count * devices.milli);
    for (const amounts of Object.values(lists)) amounts.set(DEVICE_RESOURCE, share);
  }
  const requests = resourceAmounts(lists.requests, resources);
  const demand = resourceAmounts(lists.demand, resources);
  const scoring = resourceAmounts(lists.scoring, resources);
  const nonZero = resourceAmounts(nonZeroRequests(object), resources);
  return {
    id,
    namespace: object.metadata?.namespace ?? "default",
    labels: new Map(Object.entries(object.metadata?.labels ?? {})),
    spec,
    priority: spec.priority ?? 0,
    object,
    terminating: object.metadata?.deletionTimestamp !== undefined,
    requests,
    demand,
    scoring,
    nonZeroCpu: nonZero.of(resources.intern("cpu")),
    nonZeroMemory: nonZero.of(resources.intern("memory")),
    nonZero,
    huge: [requests, demand, scoring, nonZero].some(({ amounts }) =>
      amounts.some((amount) => Math.abs(amount) >= HUGE_AMOUNT),
    ),
    hostPorts: hostPorts(object),
    devices,
  };
}

function resourceAmounts(amounts: ReadonlyMap<string, bigint>, resources: Interner): ResourceAmounts {
  const entries = [...amounts].filter(([, amount]) => amount !== 0n);
  const indexes = Int32Array.from(entries, ([name]) => resources.intern(name));
  const values = Float64Array.from(entries, ([, amount]) => Number(amount));
  return {
    resources: indexes,
    amounts: values,
    of(resource) {
      // Few, and asked for often.
      for (let i = 0; i < indexes.length; i++) if (indexes[i] === resource) return values[i];
      return 0;
    },
    exactly(resource) {
      const place = indexes.indexOf(resource);
      return place === -1 ? 0n : entries[place][1];
    },
  };
}

/** Ports of containers and of sidecars; ordinary init containers do not count. */
function hostPorts(pod: PodObject): HostPort[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
  return [...sidecars, ...(pod.spec?.containers ?? [])].flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => (port.hostPort ?? 0) > 0)
      .map((port) => ({
        protocol: port.protocol || "TCP",
        ip: port.hostIP || "0.0.0.0",
        port: port.hostPort!,
      })),
  );
}
