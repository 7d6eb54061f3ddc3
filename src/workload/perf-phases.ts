import type { Barrier } from "./perf-schema.ts";
import { Unsupported } from "./perf-unsupported.ts";
import type { Phase } from "./scenario.ts";

/** Phases while later operations may still change them. */
export class PerfPhases {
  readonly #phases: { phase: Phase; readonly namespaces: Set<string> }[] = [];

  get count(): number {
    return this.#phases.length;
  }

  list(): readonly Phase[] {
    return this.#phases.map(({ phase }) => phase);
  }

  /**
   * Appends a phase whose name is the namespace of its pods. Pods that are not waited for and come one after another are
   * one phase, so that a barrier waits for all of them; `apart` keeps it from joining the one before.
   */
  add(phase: Phase, apart: boolean): void {
    const last = this.#phases.at(-1);
    if (last?.phase.completeWhen !== "created" || phase.completeWhen !== "created" || apart) {
      this.#phases.push({ phase, namespaces: new Set([phase.name]) });
      return;
    }
    last.namespaces.add(phase.name);
    last.phase = { ...last.phase, endPod: phase.endPod, name: `${last.phase.name}+${phase.name}` };
  }

  /**
   * Lets the last phase wait for its pods as a barrier does.
   * @throws Unsupported when the barrier waits for others, too, or for some of them.
   */
  wait({ namespaces = [], labelSelector, stageRequirement = "Scheduled" }: Barrier): void {
    if (labelSelector !== undefined) throw new Unsupported("barrier with labelSelector");
    const awaited = this.#phases.filter(
      ({ phase, namespaces: own }) =>
        phase.completeWhen === "created" &&
        (namespaces.length === 0 || namespaces.some((name) => own.has(name))),
    );
    const [first, ...others] = awaited;
    if (first === undefined) return;
    if (others.length > 0 || first !== this.#phases.at(-1)) {
      throw new Unsupported("barrier over pods of earlier operations");
    }
    if (namespaces.length > 0 && [...first.namespaces].some((name) => !namespaces.includes(name))) {
      throw new Unsupported("barrier over some of the pods not waited for");
    }
    const completeWhen = stageRequirement === "Scheduled" ? "scheduled" : "attempted";
    first.phase = { ...first.phase, completeWhen };
  }
}
