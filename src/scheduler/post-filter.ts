import type { Plugin, PostFilterCycle, PostFilterResult, Preemption, Unhelpful } from "./plugin.ts";
import type { Profile } from "./profile.ts";

/** What PostFilter came to; nothing of it is done yet. */
export interface PostFilterOutcome {
  /** The node that the pod is nominated to from now on, -1 for none; undefined: its nomination stays as it is. */
  readonly nominate: number | undefined;
  readonly preemption: Preemption | undefined;
  /** Nodes that preemption looked at in vain, by row. Found when asked for, in the cluster as it is then. */
  readonly unhelpful: () => ReadonlyMap<number, Unhelpful>;
  /** What it adds to the pod's message; empty when nothing. Found when asked for, in the cluster as it is then. */
  readonly message: () => string;
}

/**
 * Asks the PostFilter plugins of a profile what would make room for a pod that no node takes (upstream: RunPostFilterPlugins in
 * pkg/scheduler/framework/runtime/framework.go). Where the profile gives no order, a plugin that also filters is asked before
 * those that do not, which is the order of the default profile. The cluster is as the attempt saw it; the caller carries out the result, or drops it.
 * Undefined when the profile has no such plugin: the nomination is cleared then.
 */
export function runPostFilter(profile: Profile, cycle: PostFilterCycle): PostFilterOutcome | undefined {
  const asked = inOrder(profile);
  if (asked.length === 0) return undefined;
  const messages: (() => string)[] = [];
  let nominate: number | undefined;
  let unhelpful: () => ReadonlyMap<number, Unhelpful> = nowhere;
  for (const plugin of asked) {
    const result = plugin.postFilter!(cycle);
    if (result === undefined) continue;
    unhelpful = result.unhelpful ?? unhelpful;
    if (result.code !== "Unschedulable") return endedBy(result, unhelpful);
    nominate = result.nominate ?? nominate;
    messages.push(result.message);
  }
  const message = () =>
    messages
      .map((words) => words())
      .filter((words) => words !== "")
      .join(", ");
  return { nominate, preemption: undefined, unhelpful, message };
}

const nowhere = (): ReadonlyMap<number, Unhelpful> => new Map();

const orders = new WeakMap<Profile, readonly Plugin[]>();

function inOrder(profile: Profile): readonly Plugin[] {
  let asked = orders.get(profile);
  if (asked === undefined) {
    const { plugins, order } = profile;
    const place = ({ name, filter }: Plugin): number =>
      order === undefined ? Number(filter === undefined) : order.postFilter.indexOf(name);
    asked = plugins
      .flatMap(({ plugin }) => (plugin.postFilter === undefined ? [] : [plugin]))
      .sort((a, b) => place(a) - place(b));
    orders.set(profile, asked);
  }
  return asked;
}

function endedBy(
  { code, message, nominate, preemption }: PostFilterResult,
  unhelpful: () => ReadonlyMap<number, Unhelpful>,
): PostFilterOutcome {
  const done = code === "Success";
  return {
    // An error changes nothing: what it would have nominated is forgotten.
    nominate: code === "Error" ? undefined : nominate,
    preemption: done ? preemption : undefined,
    unhelpful,
    message,
  };
}
