import { type Problem, UserError } from "../base/errors.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";

/**
 * The objects of several files as one, in the order of the files.
 * @throws UserError when two nodes or two pods have one name.
 */
export function mergeObjects(parts: readonly KubernetesObjects[], source: string): KubernetesObjects {
  const lists: Record<string, unknown[]> = {};
  let finishedPods = 0;
  for (const { finishedPods: finished, ...part } of parts) {
    finishedPods += finished;
    for (const [kind, objects] of Object.entries(part)) {
      const list = lists[kind] ?? [];
      lists[kind] = list;
      for (const object of objects) list.push(object);
    }
  }
  // Every list has the type that it has in the parts; the compiler loses it on the way through the names.
  const merged = { ...parts[0], ...lists, finishedPods } as KubernetesObjects;
  const problems = [
    ...twice(
      "node",
      merged.nodes.map(({ metadata }) => metadata?.name ?? ""),
    ),
    ...twice(
      "pod",
      // A generated name is given when the pod is made, so that two may be alike here.
      merged.pods.flatMap(({ metadata }) =>
        metadata?.name === undefined ? [] : [`${metadata.namespace ?? "default"}/${metadata.name}`],
      ),
    ),
  ];
  if (problems.length > 0) throw new UserError(problems.map((what): Problem => ({ where: source, what })));
  return merged;
}

function twice(noun: string, names: readonly string[]): string[] {
  const seen = new Set<string>();
  const found = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) found.add(name);
    seen.add(name);
  }
  return [...found].map((name) => `invalid ${noun}: ${JSON.stringify(name)} is there twice; leave one out`);
}
