import type { PodKind } from "../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { ObjectMeta } from "../kubernetes/object-meta.ts";
import type { Volume } from "../kubernetes/volume.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";

/** How a plugin goes wrong: as another plugin, or by what it sees of the cluster's objects or of the volumes of pods. */
export type Mistake =
  | { readonly change: (plugin: Plugin) => Plugin }
  | { readonly objects: (objects: KubernetesObjects) => Partial<KubernetesObjects> }
  | { readonly volumes: (volumes: readonly Volume[]) => readonly Volume[] };

/** A plugin with a mistake in it, and the cycles as it sees them. */
export function withGlass(
  plugin: Plugin,
  mistake: Mistake,
): { readonly plugin: Plugin; readonly see: (cycle: Cycle) => Cycle } {
  if ("change" in mistake) return { plugin: mistake.change(plugin), see: (cycle) => cycle };
  const see = glass(mistake);
  const { preFilter, filter, judge, whatIf, score, reserve } = plugin;
  const changed: Plugin = {
    ...plugin,
    ...(preFilter && { preFilter: (cycle) => preFilter(see(cycle)) }),
    ...(filter && { filter: (cycle) => filter(see(cycle)) }),
    ...(judge && { judge: (cycle) => judge(see(cycle)) }),
    ...(whatIf && { whatIf: (cycle) => whatIf(see(cycle)) }),
    ...(score && { score: (cycle) => score(see(cycle)) }),
    ...(reserve && {
      reserve: (cycle, node) => {
        const seen = see(cycle);
        return carriedOver(cycle.cluster.objects, seen.cluster.objects, reserve(seen, node));
      },
    }),
  };
  return { plugin: changed, see };
}

/** Cycles as a mistake sees them, each the same every time; so are clusters, by which promises are kept. */
function glass(mistake: Exclude<Mistake, { readonly change: unknown }>): (cycle: Cycle) => Cycle {
  const kinds = new WeakMap<PodKind, PodKind>();
  const objectsSeen = new WeakMap<KubernetesObjects, KubernetesObjects>();
  const clusters = new WeakMap<Cycle["cluster"], Cycle["cluster"]>();
  const cycles = new WeakMap<Cycle, Cycle>();
  const kindSeen = (kind: PodKind): PodKind => {
    if (!("volumes" in mistake)) return kind;
    return remember(kinds, kind, () => ({
      ...kind,
      spec: { ...kind.spec, volumes: mistake.volumes(kind.spec.volumes ?? []) },
    }));
  };
  const seenObjects = (objects: KubernetesObjects): KubernetesObjects => {
    if (!("objects" in mistake)) return objects;
    return remember(objectsSeen, objects, () => ({ ...objects, ...mistake.objects(objects) }));
  };
  const seenCluster = (cluster: Cycle["cluster"]): Cycle["cluster"] =>
    new Proxy(cluster, {
      get(target, member) {
        if (member === "objects") return seenObjects(target.objects);
        if (member === "kindOf") return (row: number) => kindSeen(target.kindOf(row));
        const value: unknown = Reflect.get(target, member, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  return (cycle) =>
    remember(cycles, cycle, () => ({
      ...cycle,
      pod: kindSeen(cycle.pod),
      cluster: remember(clusters, cycle.cluster, () => seenCluster(cycle.cluster)),
    }));
}

/** What was promised, written on the objects as they are: only promises are to be compared. */
function carriedOver(
  objects: KubernetesObjects,
  seen: KubernetesObjects,
  promised: KubernetesObjects,
): KubernetesObjects {
  if (promised === seen) return objects;
  return {
    ...objects,
    persistentVolumes: objects.persistentVolumes.map((volume) => {
      const now = changedSince(seen.persistentVolumes, promised.persistentVolumes, volume);
      const claimRef = now?.spec?.claimRef;
      return claimRef === undefined ? volume : { ...volume, spec: { ...volume.spec, claimRef } };
    }),
    persistentVolumeClaims: objects.persistentVolumeClaims.map((claim) => {
      const now = changedSince(seen.persistentVolumeClaims, promised.persistentVolumeClaims, claim);
      if (now === undefined) return claim;
      const annotations = { ...claim.metadata?.annotations, ...now.metadata?.annotations };
      return { ...claim, metadata: { ...claim.metadata, annotations } };
    }),
  };
}

/** The object of that name after a change; undefined when it is as before. */
function changedSince<T extends { readonly metadata?: ObjectMeta }>(
  before: readonly T[],
  after: readonly T[],
  { metadata }: T,
): T | undefined {
  const now = after.find(
    (object) =>
      object.metadata?.name === metadata?.name && object.metadata?.namespace === metadata?.namespace,
  );
  return now === undefined || before.includes(now) ? undefined : now;
}

function remember<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}
