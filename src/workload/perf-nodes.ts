import type { NodeSpec } from "../cluster/specs.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { CSINodeObject } from "../kubernetes/storage-object.ts";
import { createdNode } from "./created-pod.ts";
import type { PerfParams } from "./perf-params.ts";
import type { PerfOperations } from "./perf-schema.ts";
import type { PerfTemplates, TemplateData } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";

type CreateNodes = PerfOperations["createNodes"];

/** Nodes of a `createNodes` without template. Source: scheduler_perf, `makeBaseNode`. */
const builtInNode: NodeObject = {
  apiVersion: "v1",
  kind: "Node",
  status: { capacity: { pods: "110", cpu: "4", memory: "32Gi" } },
};

/** What one `createNodes` makes. */
export interface MadeNodes {
  readonly nodes: NodeSpec[];
  /** One for each node of an operation with `nodeAllocatableStrategy`. */
  readonly csiNodes: CSINodeObject[];
}

/**
 * The nodes of one operation; names are padded, so that their order is that of creation. Each has the usual label
 * `kubernetes.io/hostname`. Source: scheduler_perf, `IntegrationTestNodePreparer` and its strategies.
 */
export function perfNodes(
  operation: CreateNodes,
  index: number,
  wanted: number,
  params: PerfParams,
  templates: PerfTemplates,
): MadeNodes {
  const { nodeTemplatePath: path } = operation;
  const data = params.template(operation.templateParams);
  const features = declaredFeatures(params.declaredFeatures());
  const width = Math.max(5, String(wanted - 1).length);
  const nodes = Array.from({ length: wanted }, (_, i): NodeSpec => {
    const template =
      path === undefined ? builtInNode : nodeOf(templates, path, { ...data, Index: i, Count: wanted });
    const name = template.metadata?.name ?? `node-${index}-${String(i).padStart(width, "0")}`;
    const labels = {
      ...template.metadata?.labels,
      "kubernetes.io/hostname": name,
      ...dealtLabel(operation, i, width),
    };
    const { status, ...node } = createdNode({
      ...template,
      metadata: { ...template.metadata, name, labels },
    });
    const amounts = operation.nodeAllocatableStrategy?.nodeAllocatable;
    return {
      object: {
        ...node,
        status: {
          ...status,
          ...(amounts === undefined ? {} : { allocatable: { ...status?.allocatable, ...amounts } }),
          ...(features.length === 0 ? {} : { declaredFeatures: features }),
        },
      },
    };
  });
  return { nodes, csiNodes: csiNodes(operation, nodes) };
}

function nodeOf(templates: PerfTemplates, path: string, data: TemplateData): NodeObject {
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

function csiNodes({ nodeAllocatableStrategy }: CreateNodes, nodes: readonly NodeSpec[]): CSINodeObject[] {
  if (nodeAllocatableStrategy === undefined) return [];
  const { csiNodeAllocatable = {}, migratedPlugins = [] } = nodeAllocatableStrategy;
  const drivers = Object.entries(csiNodeAllocatable).map(([name, { count }]) => ({
    name,
    ...(count === undefined ? {} : { allocatable: { count } }),
  }));
  const annotations = { "storage.alpha.kubernetes.io/migrated-plugins": migratedPlugins.join(",") };
  return nodes.map(({ object }) => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "CSINode",
    metadata: { name: object.metadata!.name!, annotations },
    spec: { drivers },
  }));
}

/** The made-up features that nodes declare, sorted as the scheduler expects them. Source: node_declared_features_test.go. */
function declaredFeatures(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `Feature${i + 1}`).sort();
}
