import type { PodObject } from "../../src/kubernetes/pod.ts";
import type { ScriptOperation } from "./script.ts";

/** The measured loops of a script end after so many attempts. */
export function* capped(operations: Iterable<ScriptOperation>, attempts: number): Generator<ScriptOperation> {
  for (const operation of operations) {
    yield operation.op === "schedule" && operation.measured ? { ...operation, attempts } : operation;
  }
}

/**
 * Pods of phases that are not measured run where `placements` has them from the start, so that nobody has to schedule them again.
 * Only pods that are created before the first measured loop, and are still there, may be among them.
 */
export function* settled(
  operations: readonly ScriptOperation[],
  placements: ReadonlyMap<string, string>,
): Generator<ScriptOperation> {
  const templates: PodObject[] = operations.flatMap((operation) =>
    operation.op === "templates" ? operation.pods : [],
  );
  /** The template of a template's pods on one node. */
  const onNode = new Map<string, number>();
  const measuredFrom = operations.findIndex((operation) => operation.op === "schedule" && operation.measured);
  const settledUpTo = operations.findLastIndex(
    (operation, place) => operation.op === "schedule" && place < measuredFrom,
  );
  // Templates come first, so that places of those that are added do not shift theirs.
  for (const operation of operations) if (operation.op === "config") yield operation;
  for (const operation of operations) if (operation.op === "templates") yield operation;
  for (const [place, operation] of operations.entries()) {
    if (operation.op === "config" || operation.op === "templates") continue;
    if (place > settledUpTo) yield operation;
    else if (operation.op === "pods") yield* bound(operation, placements, templates, onNode);
    else if (operation.op !== "schedule") yield operation;
  }
}

function* bound(
  { of, names }: ScriptOperation & { readonly op: "pods" },
  placements: ReadonlyMap<string, string>,
  templates: PodObject[],
  onNode: Map<string, number>,
): Generator<ScriptOperation> {
  const made: PodObject[] = [];
  const settledOf: [template: number, count: number][] = [];
  let place = 0;
  for (const [template, count] of of) {
    for (let i = 0; i < count; i++) {
      const node = placements.get(names[place++]);
      const key = `${template} ${node ?? ""}`;
      let own = node === undefined ? template : onNode.get(key);
      if (own === undefined) {
        const pod = templates[template];
        own = templates.length;
        const onItsNode: PodObject = { ...pod, spec: { ...pod.spec, nodeName: node! } };
        templates.push(onItsNode);
        made.push(onItsNode);
        onNode.set(key, own);
      }
      settledOf.push([own, 1]);
    }
  }
  if (made.length > 0) yield { op: "templates", pods: made };
  yield { op: "pods", of: settledOf, names };
}
