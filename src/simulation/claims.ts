import type { ResourceClaimObject } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { changedList, changesBetween, derivedFromList, type ListChange } from "../kubernetes/list-lineage.ts";
import { byQualifiedName, groupedBy, qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { podUid } from "../scheduler/queue/queued-pod.ts";
import { membersByKind } from "../scheduler/reads-of.ts";
import { allocateOutside } from "./allocate-outside.ts";
import type { Informers } from "./informers.ts";
import type { World } from "./world.ts";

const CLAIM = "resource.k8s.io/ResourceClaim";
const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

export interface Claims {
  /** Makes the claims that a new pod has from templates. */
  readonly prepare: (pod: number) => void;
  /** The pod is bound: the volumes that were promised to its claims are bound to them, or made. */
  readonly bound: (pod: number) => void;
  /** The pod has finished or was deleted: its own claims go, others that nobody uses any more lose their devices. */
  readonly gone: (pod: number) => void;
  /** Allocates every claim of a namespace that is not, outside of the scheduler. */
  readonly allocateAll: (namespace: string) => void;
}

type ClaimList = KubernetesObjects["resourceClaims"];

/** Stand-ins for the controllers of resource claims and of persistent volumes, as far as placement needs them. */
export function claims(world: World, informers: Informers): Claims {
  const { cluster, pods } = world;
  const preBinds = world.profiles.map(({ plugins }) =>
    membersByKind(
      plugins.map(({ plugin }) => plugin),
      "preBind",
    ),
  );

  function prepare(pod: number): void {
    const { spec, namespace, object: pending } = pods.kindOf(pod);
    if (spec.resourceClaims === undefined) return;
    const { resourceClaims } = cluster.objects;
    // A pod of a snapshot may have claims already; one that names no claim needs none.
    const known = (pending.status?.resourceClaimStatuses ?? []).filter(
      ({ resourceClaimName: claimName }) =>
        claimName === undefined || byQualifiedName(resourceClaims).has(`${namespace}/${claimName}`),
    );
    const wanted = spec.resourceClaims.filter(
      (claim) =>
        claim.resourceClaimTemplateName !== undefined && !known.some(({ name }) => name === claim.name),
    );
    if (wanted.length === 0) return;
    const owner = pods.objectOf(pod);
    const made: ResourceClaimObject[] = [];
    const statuses = wanted.flatMap(({ name = "", resourceClaimTemplateName }) => {
      const template = byQualifiedName(cluster.objects.resourceClaimTemplates).get(
        `${namespace}/${resourceClaimTemplateName}`,
      );
      if (template === undefined) return [];
      const resourceClaimName = `${owner.metadata?.name}-${name}`;
      const controller = {
        apiVersion: "v1",
        kind: "Pod",
        name: owner.metadata?.name ?? "",
        uid: podUid(owner),
      };
      made.push({
        kind: "ResourceClaim",
        metadata: {
          ...template.spec?.metadata,
          name: resourceClaimName,
          namespace,
          ownerReferences: [{ ...controller, controller: true }],
        },
        ...(template.spec?.spec && { spec: template.spec.spec }),
      });
      return [{ name, resourceClaimName }];
    });
    changeClaims(made.map((claim) => ({ before: undefined, after: claim })));
    pods.differ(pod, (object) => ({
      ...object,
      status: { ...object.status, resourceClaimStatuses: [...known, ...statuses] },
    }));
    for (const claim of made) informers.objectChanged(CLAIM, undefined, claim);
  }

  function bound(pod: number): void {
    const kind = pods.kindOf(pod);
    const { spec, namespace } = kind;
    for (const preBind of preBinds[pods.profileOf(kind)]?.(kind) ?? []) {
      const { resourceClaims } = cluster.objects;
      const cycle: Cycle = { pod: kind, row: pod, nodes: cluster.nodes, cluster };
      cluster.objects = preBind(cycle, pods.objectOf(pod));
      reportClaims(resourceClaims);
    }
    for (const { persistentVolumeClaim } of spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claim = byQualifiedName(cluster.objects.persistentVolumeClaims).get(
        `${namespace}/${persistentVolumeClaim.claimName}`,
      );
      if (claim !== undefined && !isBound(claim)) bindVolume(claim);
    }
  }

  function reportClaims(before: ClaimList): void {
    for (const change of changesBetween(before, cluster.objects.resourceClaims)) {
      informers.objectChanged(CLAIM, change.before, change.after);
    }
  }

  function bindVolume(claim: PersistentVolumeClaimObject): void {
    const { objects } = cluster;
    const promised = volumesByClaim(objects.persistentVolumes).get(qualifiedName(claim))?.[0];
    if (promised === undefined && claim.metadata?.annotations?.[SELECTED_NODE] === undefined) return;
    const volume: PersistentVolumeObject = {
      ...(promised ?? provisioned(claim, objects)),
      status: { phase: "Bound" },
    };
    const after: PersistentVolumeClaimObject = {
      ...claim,
      metadata: {
        ...claim.metadata,
        annotations: { ...claim.metadata?.annotations, [BIND_COMPLETED]: "yes" },
      },
      spec: { ...claim.spec, volumeName: volume.metadata?.name ?? "" },
      status: { phase: "Bound" },
    };
    cluster.objects = {
      ...objects,
      persistentVolumes: changedList(objects.persistentVolumes, [{ before: promised, after: volume }]),
      persistentVolumeClaims: changedList(objects.persistentVolumeClaims, [{ before: claim, after }]),
    };
    informers.objectChanged("PersistentVolume", promised, volume);
    informers.objectChanged("PersistentVolumeClaim", claim, after);
  }

  function gone(pod: number): void {
    const { spec, namespace } = pods.kindOf(pod);
    if ((spec.resourceClaims ?? []).length === 0) return;
    const owner = pods.objectOf(pod);
    const uid = podUid(owner);
    const list = cluster.objects.resourceClaims;
    const changes = inOrderOf(list, claimsByUser(list).get(uid)).flatMap(
      (claim): ListChange<ResourceClaimObject>[] => {
        if ((claim.metadata?.namespace || "default") !== namespace) return [];
        if (claim.metadata?.ownerReferences?.some((reference) => reference.uid === uid)) {
          return [{ before: claim, after: undefined }];
        }
        const left = (claim.status?.reservedFor ?? []).filter((user) => user.uid !== uid);
        // A claim that nobody uses any more gives its devices back (upstream: pkg/controller/resourceclaim).
        const { status: _status, ...unused } = claim;
        const now = left.length === 0 ? unused : { ...claim, status: { ...claim.status, reservedFor: left } };
        return [{ before: claim, after: now }];
      },
    );
    changeClaims(changes);
    for (const { before, after } of changes) informers.objectChanged(CLAIM, before, after);
  }

  function changeClaims(changes: readonly ListChange<ResourceClaimObject>[]): void {
    if (changes.length === 0) return;
    const { objects } = cluster;
    cluster.objects = { ...objects, resourceClaims: changedList(objects.resourceClaims, changes) };
  }

  function allocateAll(namespace: string): void {
    const { resourceClaims } = cluster.objects;
    allocateOutside(cluster, world.profiles[0], namespace);
    reportClaims(resourceClaims);
  }

  return { prepare, bound, gone, allocateAll };
}

function isBound({ metadata, spec }: PersistentVolumeClaimObject): boolean {
  return !!spec?.volumeName && metadata?.annotations?.[BIND_COMPLETED] !== undefined;
}

/** Volumes by the claim that they are reserved for; the others under the empty name. */
const volumesByClaim = groupedBy<PersistentVolumeObject>(({ spec }) =>
  spec?.claimRef === undefined ? "" : qualifiedName({ metadata: spec.claimRef }),
);

/** Claims by the ids of their owners and of the pods that use them. */
const claimsByUser = derivedFromList<ResourceClaimObject, Map<string, Set<ResourceClaimObject>>>(
  (claims) => {
    const byUser = new Map<string, Set<ResourceClaimObject>>();
    for (const claim of claims) join(byUser, claim);
    return byUser;
  },
  (byUser, { before, after }) => {
    for (const uid of before === undefined ? [] : usersOf(before)) {
      const claims = byUser.get(uid);
      claims?.delete(before!);
      if (claims?.size === 0) byUser.delete(uid);
    }
    if (after !== undefined) join(byUser, after);
    return true;
  },
);

function join(byUser: Map<string, Set<ResourceClaimObject>>, claim: ResourceClaimObject): void {
  for (const uid of usersOf(claim)) {
    const claims = byUser.get(uid);
    if (claims === undefined) byUser.set(uid, new Set([claim]));
    else claims.add(claim);
  }
}

function usersOf({ metadata, status }: ResourceClaimObject): string[] {
  return [...(metadata?.ownerReferences ?? []), ...(status?.reservedFor ?? [])].flatMap(
    ({ uid }) => uid ?? [],
  );
}

function inOrderOf(
  list: ClaimList,
  claims: ReadonlySet<ResourceClaimObject> = new Set(),
): ResourceClaimObject[] {
  if (claims.size < 2) return [...claims];
  const places = [...claims].map((claim) => ({ claim, place: list.indexOf(claim) }));
  return places.sort((a, b) => a.place - b.place).map(({ claim }) => claim);
}

/** The volume that a provisioner makes for a claim: as large as asked for, and to be had from every node. */
function provisioned(
  { metadata = {}, spec = {} }: PersistentVolumeClaimObject,
  { storageClasses }: KubernetesObjects,
): PersistentVolumeObject {
  const namespace = metadata.namespace || "default";
  const driver = storageClasses.find((one) => one.metadata?.name === spec.storageClassName)?.provisioner;
  const name = `pvc-${namespace}-${metadata.name}`;
  return {
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      ...(spec.accessModes && { accessModes: spec.accessModes }),
      ...(spec.resources?.requests && { capacity: spec.resources.requests }),
      ...(spec.storageClassName !== undefined && { storageClassName: spec.storageClassName }),
      ...(driver !== undefined && { csi: { driver, volumeHandle: name } }),
      claimRef: {
        name: metadata.name ?? "",
        namespace,
        uid: metadata.uid ?? `${namespace}/${metadata.name}`,
      },
    },
  };
}
