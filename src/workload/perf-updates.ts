import type { Container } from "../kubernetes/container.ts";
import type { PodObject, PodSpec } from "../kubernetes/pod.ts";
import { createdNode, createdPodSpec } from "./created-pod.ts";
import type { PerfPods } from "./perf-pods.ts";
import type { PerfOperations } from "./perf-schema.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import type { PhaseOperation } from "./scenario.ts";

type Updates =
  | Omit<PhaseOperation & { kind: "updateNodes" }, "everyUs">
  | Omit<PhaseOperation & { kind: "updatePods" }, "everyUs">;

/**
 * What an updateAny does to nodes and pods, which its template names. As the API server does it: an update replaces labels
 * and spec, one of the subresource `resize` only what containers ask for. Source: scheduler_perf, update.go.
 * @throws Unsupported for objects of other kinds and names that no operation made.
 */
export function perfUpdates(
  { templatePath: path, namespace = "default", subresources = [] }: PerfOperations["updateAny"],
  count: number,
  templates: PerfTemplates,
  pods: PerfPods,
  nodeRows: ReadonlyMap<string, number>,
): Updates[] {
  const ofNodes: Extract<PhaseOperation, { kind: "updateNodes" }>["updates"][number][] = [];
  const ofPods: Extract<PhaseOperation, { kind: "updatePods" }>["updates"][number][] = [];
  for (let i = 0; i < count; i++) {
    const rendered = templates.render(path, { Index: i, Count: count });
    if (rendered.nodes.length + rendered.pods.length !== 1)
      throw new Unsupported(`updateAny of ${path}, which is not one Node or Pod`);
    for (const object of rendered.nodes) {
      const { name = "" } = object.metadata ?? {};
      const node = nodeRows.get(name);
      if (node === undefined) throw new Unsupported(`update of node ${name}, which no operation makes`);
      ofNodes.push({ node, spec: { object: createdNode(object) } });
    }
    for (const object of rendered.pods) {
      const { name = "" } = object.metadata ?? {};
      const pod = pods.rowOf(namespace, name);
      if (pod === undefined)
        throw new Unsupported(`update of pod ${namespace}/${name}, which no operation makes`);
      ofPods.push({ pod, template: updatedPod(pods, pod, object, subresources.includes("resize")) });
    }
  }
  return [
    ...(ofNodes.length === 0 ? [] : [{ kind: "updateNodes" as const, updates: ofNodes }]),
    ...(ofPods.length === 0 ? [] : [{ kind: "updatePods" as const, updates: ofPods }]),
  ];
}

function updatedPod(
  pods: PerfPods,
  row: number,
  { metadata, spec = {} }: PodObject,
  resizes: boolean,
): number {
  const created = createdPodSpec(spec);
  if (!resizes) return pods.update(row, metadata?.labels, () => created);
  return pods.update(row, pods.labelsAt(row), (before) => resized(before, created));
}

function resized(before: PodSpec, asked: PodSpec): PodSpec {
  const resourcesOf = new Map(asked.containers?.map(({ name, resources }) => [name, resources]));
  return {
    ...before,
    ...(before.containers === undefined
      ? {}
      : {
          containers: before.containers.map((container): Container => {
            const resources = resourcesOf.get(container.name);
            return resources === undefined ? container : { ...container, resources };
          }),
        }),
  };
}
