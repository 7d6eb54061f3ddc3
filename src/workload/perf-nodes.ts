import type { NodeSpec } from "../cluster/specs.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import { createdNode } from "./created-pod.ts";
import type { PerfParams } from "./perf-params.ts";
import type { CreateNodes } from "./perf-schema.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";

/** Nodes of a `createNodes` without template. Source: create_op_nodes.go and testutils' node preparer. */
const builtInNode: NodeObject = {
  apiVersion: "v1",
  kind: "Node",
  status: { capacity: { pods: "110", cpu: "4", memory: "32Gi" } },
};

/** The nodes of one operation; names are padded, so that their order is that of creation. */
export function perfNodes(
  operation: CreateNodes,
  index: number,
  wanted: number,
  params: PerfParams,
  templates: PerfTemplates,
): NodeSpec[] {
  if (operation.nodeAllocatableStrategy !== undefined)
    throw new Unsupported("createNodes with nodeAllocatableStrategy");
  const { nodeTemplatePath: path } = operation;
  const data = params.template(operation.templateParams);
  const width = Math.max(5, String(wanted - 1).length);
  return Array.from({ length: wanted }, (_, i) => {
    const template =
      path === undefined ? builtInNode : nodeOf(templates, path, { ...data, Index: i, Count: wanted });
    const name = template.metadata?.name ?? `node-${index}-${String(i).padStart(width, "0")}`;
    const labels = { ...template.metadata?.labels, ...dealtLabel(operation, i, width) };
    const metadata = Object.keys(labels).length === 0 ? { name } : { name, labels };
    return { object: createdNode({ ...template, metadata }) };
  });
}

function nodeOf(
  templates: PerfTemplates,
  path: string,
  data: Parameters<PerfTemplates["render"]>[1],
): NodeObject {
  const [node, ...others] = templates.render(path, data).nodes;
  if (node === undefined || others.length > 0)
    throw new Unsupported(`node template ${path}, which is not one Node`);
  return node;
}

/** Values are dealt in turn; a unique one is a UUID upstream, of which only its being unique matters. */
function dealtLabel(
  { labelNodePrepareStrategy, uniqueNodeLabelStrategy }: CreateNodes,
  i: number,
  width: number,
) {
  if (labelNodePrepareStrategy !== undefined) {
    const { labelKey, labelValues } = labelNodePrepareStrategy;
    return { [labelKey]: labelValues[i % labelValues.length] };
  }
  if (uniqueNodeLabelStrategy === undefined) return {};
  return { [uniqueNodeLabelStrategy.labelKey]: `unique-${String(i).padStart(width, "0")}` };
}
