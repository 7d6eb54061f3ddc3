import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import type { Taint, TaintEffect } from "../kubernetes/taint.ts";
import { withRequest } from "./smallest-change-requests.ts";

/**
 * One change to the objects of a cluster, as plain data. `field` says which part of the subject: a resource
 * (`lower-request`, `raise-capacity`), a label's key, a taint as `key=value:effect`, a feature, or the JSON pointer of what is
 * edited in a pod.
 */
export interface Change {
  readonly kind:
    | "lower-request"
    | "raise-capacity"
    | "uncordon"
    | "tolerate"
    | "remove-taint"
    | "set-label"
    | "declare-feature"
    | "edit-pod"
    | "evict"
    | "create-claim"
    | "bind-claim";
  /** `pod namespace/name`, `node name` or `claim namespace/name`. */
  readonly subject: string;
  readonly field: string;
  /** What is there now, quantities as the API writes them; null when nothing is. */
  readonly from: string | number | null;
  /** What is there then; null: it is taken away. */
  readonly to: string | number | null;
  /** An instruction to a person. */
  readonly words: string;
  /** How much it changes: the share of what was there, 1 for what is wholly added or removed, more for what others feel. */
  readonly share: number;
  /** Of an eviction: the budgets that do not allow it. */
  readonly budgets?: readonly string[];
}

/** The objects after the changes, in order; objects that are not concerned stay the same ones. */
export function applyChanges(objects: KubernetesObjects, changes: readonly Change[]): KubernetesObjects {
  return changes.reduce(applyChange, objects);
}

function applyChange(objects: KubernetesObjects, change: Change): KubernetesObjects {
  const { kind, field, to } = change;
  const name = change.subject.slice(change.subject.indexOf(" ") + 1);
  switch (kind) {
    case "lower-request":
      return withPod(objects, name, (pod) => withRequest(pod, field, parseQuantity(to ?? 0)));
    case "tolerate":
      return withPod(objects, name, (pod) => tolerating(pod, parseTaint(field)));
    case "edit-pod":
      return withPod(objects, name, (pod) => edited(pod, pointerParts(field), to) as PodObject);
    case "evict": {
      const place = podPlace(objects, name);
      return place === -1 ? objects : { ...objects, pods: objects.pods.toSpliced(place, 1) };
    }
    case "raise-capacity":
      return withNode(objects, name, (node) => edited(node, ["status", "allocatable", field], to));
    case "uncordon":
      return withNode(objects, name, ({ spec, ...node }) => ({
        ...node,
        spec: { ...withoutTaint(spec?.taints, CORDON_TAINT), unschedulable: false },
      }));
    case "remove-taint":
      return withNode(objects, name, ({ spec, ...node }) => ({
        ...node,
        spec: { ...spec, ...withoutTaint(spec?.taints, field) },
      }));
    case "set-label":
      return withNode(objects, name, (node) => edited(node, ["metadata", "labels", field], to));
    case "declare-feature":
      return withNode(objects, name, (node) => ({
        ...node,
        status: {
          ...node.status,
          declaredFeatures: [...(node.status?.declaredFeatures ?? []), field].sort(),
        },
      }));
    case "create-claim":
    case "bind-claim":
      return withBoundClaim(objects, name);
  }
}

/** The taint that the node controller sets on a cordoned node, and takes off again. */
export const CORDON_TAINT = "node.kubernetes.io/unschedulable=:NoSchedule";

export function taintText({ key = "", value = "", effect = "NoSchedule" }: Taint): string {
  return `${key}=${value}:${effect}`;
}

function parseTaint(text: string): Taint {
  const colon = text.lastIndexOf(":");
  const equals = text.indexOf("=");
  return {
    key: text.slice(0, equals),
    value: text.slice(equals + 1, colon),
    effect: text.slice(colon + 1) as TaintEffect,
  };
}

function withoutTaint(taints: readonly Taint[] = [], text: string): { readonly taints: readonly Taint[] } {
  return { taints: taints.filter((taint) => taintText(taint) !== text) };
}

function tolerating(pod: PodObject, { key = "", value = "", effect = "NoSchedule" }: Taint): PodObject {
  // A toleration without key means all keys, and the API asks for Exists then.
  const toleration =
    key === ""
      ? ({ operator: "Exists", effect } as const)
      : ({ key, operator: "Equal", value, effect } as const);
  return { ...pod, spec: { ...pod.spec, tolerations: [...(pod.spec?.tolerations ?? []), toleration] } };
}

function withPod(
  objects: KubernetesObjects,
  name: string,
  change: (pod: PodObject) => PodObject,
): KubernetesObjects {
  const place = podPlace(objects, name);
  return place === -1 ? objects : { ...objects, pods: objects.pods.with(place, change(objects.pods[place])) };
}

/** Names are compared part by part: a whole name for each of many pods would take most of the time. */
function podPlace({ pods }: KubernetesObjects, name: string): number {
  const bare = name.slice(name.indexOf("/") + 1);
  return pods.findIndex((pod) => pod.metadata?.name === bare && qualifiedName(pod) === name);
}

function withNode(
  objects: KubernetesObjects,
  name: string,
  change: (node: NodeObject) => unknown,
): KubernetesObjects {
  const nodes = objects.nodes.map((node) =>
    node.metadata?.name === name ? (change(node) as NodeObject) : node,
  );
  return { ...objects, nodes };
}

/** The pod without one entry of a list of its spec: more than a number that is lowered, less than two changes. */
export function dropped(pod: string, field: string, what: string, name: string): Change {
  return {
    kind: "edit-pod",
    subject: `pod ${pod}`,
    field,
    from: name,
    to: null,
    words: `drop the ${what} ${name} of the pod`,
    share: 1.5,
  };
}

/** A JSON pointer (RFC 6901) from its parts. */
export function pointer(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function pointerParts(text: string): string[] {
  return text
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value with what stands at the path replaced, or taken away when `to` is null. */
function edited(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const place = Number(key);
    if (rest.length === 0 && to === null) return items.filter((_, i) => i !== place);
    return items.map((item, i) => (i === place ? (rest.length === 0 ? to : edited(item, rest, to)) : item));
  }
  const { [key]: inner, ...others } = (value ?? {}) as Record<string, unknown>;
  if (rest.length === 0 && to === null) return others;
  return { ...others, [key]: rest.length === 0 ? to : edited(inner, rest, to) };
}

/** The claim, made if it is missing, bound to a new volume that every node reaches. */
function withBoundClaim(objects: KubernetesObjects, name: string): KubernetesObjects {
  const [namespace, claimName] = name.split("/");
  const isIt = ({ metadata = {} }: PersistentVolumeClaimObject): boolean =>
    (metadata.namespace || "default") === namespace && metadata.name === claimName;
  const found = objects.persistentVolumeClaims.find(isIt);
  const volumeName = `for-${namespace}-${claimName}`;
  const { metadata, spec = {} } = found ?? { metadata: { namespace, name: claimName } };
  const claim: PersistentVolumeClaimObject = {
    ...found,
    kind: "PersistentVolumeClaim",
    metadata: {
      ...metadata,
      annotations: { ...metadata?.annotations, "pv.kubernetes.io/bind-completed": "yes" },
    },
    spec: { accessModes: ["ReadWriteOnce"], ...spec, volumeName },
    status: { phase: "Bound" },
  };
  const volume: PersistentVolumeObject = {
    kind: "PersistentVolume",
    metadata: { name: volumeName },
    spec: {
      accessModes: claim.spec?.accessModes ?? [],
      capacity: spec.resources?.requests ?? {},
      claimRef: { namespace, name: claimName, ...(metadata?.uid !== undefined && { uid: metadata.uid }) },
    },
    status: { phase: "Bound" },
  };
  const others = objects.persistentVolumeClaims.filter((other) => !isIt(other));
  return {
    ...objects,
    persistentVolumeClaims: [...others, claim],
    persistentVolumes: [...objects.persistentVolumes, volume],
  };
}
