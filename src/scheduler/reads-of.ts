import type { PodKind } from "../cluster/pod-kind.ts";
import type { Plugin, Reads } from "./plugin.ts";

/** What a plugin reads for pods of a kind; `nothing` also of one that neither filters nor scores. */
export function readsOf({ reads = "cluster", preFilter, filter, score }: Plugin, pod: PodKind): Reads {
  if (preFilter === undefined && filter === undefined && score === undefined) return "nothing";
  return typeof reads === "function" ? reads(pod) : reads;
}

/** One member of the plugins that have it and have something to do with pods of a kind, found once per kind. */
export function membersByKind<K extends "reserve" | "preBind">(
  plugins: readonly Plugin[],
  member: K,
): (pod: PodKind) => readonly NonNullable<Plugin[K]>[] {
  const having = plugins.filter((plugin) => plugin[member] !== undefined);
  const known = new WeakMap<PodKind, readonly NonNullable<Plugin[K]>[]>();
  return (pod) => {
    let members = known.get(pod);
    if (members === undefined) {
      const concerned = having.filter(
        ({ reads }) => (typeof reads === "function" ? reads(pod) : reads) !== "nothing",
      );
      members = concerned.map((plugin) => plugin[member] as NonNullable<Plugin[K]>);
      known.set(pod, members);
    }
    return members;
  };
}
