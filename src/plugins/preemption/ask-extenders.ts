import type { PodObject } from "../../kubernetes/pod.ts";
import { ExtenderError } from "../../scheduler/extender.ts";
import type { PostFilterCycle, PreemptionCandidate } from "../../scheduler/plugin.ts";

/**
 * Lets the extenders that have a say about preemption drop candidates and change their victims, one after another (upstream:
 * callExtenders in pkg/scheduler/framework/preemption/preemption.go).
 * @throws ExtenderError of one that is not ignorable
 */
export function candidatesByExtenders(
  cycle: PostFilterCycle,
  candidates: readonly PreemptionCandidate[],
): readonly PreemptionCandidate[] {
  const { extenders, pod, row, nodes, podObject } = cycle;
  let left = candidates;
  for (const { preempt, isInterested, ignorable } of extenders) {
    if (left.length === 0) break;
    if (preempt === undefined || !isInterested(pod)) continue;
    const rows = new Map<PodObject, number>();
    const shown = (victim: number): PodObject => {
      const object = podObject(victim);
      rows.set(object, victim);
      return object;
    };
    const told = new Map(
      left.map(({ node, victims, pdbViolations }) => [
        nodes.name(node),
        { pods: victims.map(shown), pdbViolations },
      ]),
    );
    try {
      left = [...preempt(podObject(row), told)].flatMap(([name, { pods, pdbViolations }]) => {
        const node = nodes.rowOf(name);
        // A candidate without victims is none: nobody would make room there.
        if (node === undefined || pods.length === 0) return [];
        return [{ node, pdbViolations, victims: pods.map((victim) => rows.get(victim)!) }];
      });
    } catch (error) {
      if (!(error instanceof ExtenderError && ignorable)) throw error;
    }
  }
  return left;
}
