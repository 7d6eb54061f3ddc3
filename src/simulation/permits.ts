import type { PodKind } from "../cluster/pod-kind.ts";
import { Event, type World } from "./world.ts";

/** No plugin may let a pod wait for longer (upstream: maxTimeout in framework/runtime). */
const LONGEST_WAIT_US = 900 * 1e6;

/** A pod that counts on its node and is not bound yet. */
export interface AssumedPod {
  readonly row: number;
  readonly kind: PodKind;
  readonly profile: number;
}

/** What all Permit plugins together say. */
export type Verdict =
  | { readonly kind: "allow" }
  | { readonly kind: "wait"; readonly forUs: number; readonly plugin: string }
  | { readonly kind: "refuse"; readonly plugin: string };

const ALLOW: Verdict = { kind: "allow" };

/** What becomes of a pod that waits. */
export interface AfterWaiting {
  allowed(): void;
  /** A plugin refused, or its time is over. */
  refused(plugin: string): void;
  /** The pod was deleted meanwhile. */
  gone(): void;
}

/** Permit: pods that have a place and wait for something else before they are bound. */
export interface Permits {
  ask(pod: AssumedPod): Verdict;
  hold(pod: AssumedPod, verdict: Verdict & { readonly kind: "wait" }, after: AfterWaiting): void;
  /** Another pod has got a place: those that wait may be allowed. */
  again(): void;
}

interface Held {
  readonly pod: AssumedPod;
  readonly untilUs: number;
  readonly plugin: string;
  readonly after: AfterWaiting;
}

export function permits(world: World, isDeleted: (pod: number) => boolean): Permits {
  const { cluster, groups } = world;
  const plugins = world.profiles.map((profile) =>
    profile.plugins.flatMap(({ plugin: { name, permit } }) =>
      permit === undefined ? [] : [{ name, permit }],
    ),
  );
  const held = new Map<number, Held>();

  function ask({ row, kind, profile }: AssumedPod): Verdict {
    if (plugins[profile].length === 0) return ALLOW;
    let waits: { forUs: number; plugin: string } | undefined;
    for (const { name, permit } of plugins[profile]) {
      const cycle = { pod: kind, row, nodes: cluster.nodes, cluster };
      const permission = permit(cycle, cluster.nodeOf(row), groups.counts);
      if (permission === "allow") continue;
      if ("rejected" in permission) return { kind: "refuse", plugin: name };
      const forUs = Math.min(permission.wait, LONGEST_WAIT_US);
      if (waits === undefined || forUs < waits.forUs) waits = { forUs, plugin: name };
    }
    return waits === undefined ? ALLOW : { kind: "wait", ...waits };
  }

  function again(): void {
    if (held.size === 0) return;
    for (const [row, { pod, after }] of held) {
      const verdict: Verdict = isDeleted(row) ? { kind: "allow" } : ask(pod);
      if (verdict.kind === "wait" || !held.delete(row)) continue;
      if (isDeleted(row)) after.gone();
      else if (verdict.kind === "allow") after.allowed();
      else after.refused(verdict.plugin);
    }
  }

  world.on(Event.permitEnds, (row) => {
    const waiting = held.get(row);
    if (waiting === undefined || waiting.untilUs > world.now) return;
    held.delete(row);
    if (isDeleted(row)) waiting.after.gone();
    else waiting.after.refused(waiting.plugin);
  });

  return {
    ask,
    hold(pod, { forUs, plugin }, after) {
      const untilUs = world.now + forUs;
      held.set(pod.row, { pod, untilUs, plugin, after });
      world.schedule(untilUs, Event.permitEnds, pod.row);
    },
    again,
  };
}
