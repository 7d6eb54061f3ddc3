import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { createdNode } from "./created-pod.ts";
import { ObjectLists } from "./object-lists.ts";
import type { PerfObjects } from "./perf-objects.ts";
import type { PerfPods } from "./perf-pods.ts";
import type { PerfOperations } from "./perf-schema.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import type { Churn, ChurnObject } from "./scenario.ts";

/**
 * A churn operation; upstream reads its templates as they are, without values.
 * @throws Unsupported naming what cannot be made.
 */
export function perfChurn(
  operation: PerfOperations["churn"],
  namespace: string,
  fromPhase: number,
  templates: PerfTemplates,
  pods: PerfPods,
  objects: PerfObjects,
): Churn {
  const { mode, number = 0, intervalMilliseconds = 500 } = operation;
  const makes = operation.templatePaths.flatMap((path): ChurnObject[] => {
    if (!templates.isConstant(path)) throw new Unsupported(`churn template ${path} with Go template actions`);
    const rendered = templates.render(path, {});
    const made = [
      ...rendered.pods.map(
        (pod): ChurnObject => ({ kind: "pod", template: pods.internForChurn(pod, namespace) }),
      ),
      ...rendered.nodes.map((node): ChurnObject => ({ kind: "node", node: { object: createdNode(node) } })),
    ];
    if (made.length > 0) return made;
    const others = new ObjectLists();
    objects.take(rendered, templates.text(path, {}), namespace, others);
    return [
      {
        kind: "other",
        what: kindIn(rendered) ?? path,
        ...(others.isEmpty ? {} : { objects: others.surroundings() }),
      },
    ];
  });
  return { fromPhase, mode, number, intervalUs: intervalMilliseconds * 1000, makes };
}

/** The kind of the first object of a template. */
function kindIn(objects: KubernetesObjects): string | undefined {
  const lists = Object.values(objects).filter((list): list is readonly { kind: string }[] =>
    Array.isArray(list),
  );
  return lists.flat()[0]?.kind;
}
