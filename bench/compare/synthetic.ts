import type { NodeObject } from "../../src/kubernetes/node.ts";
import type { PodObject } from "../../src/kubernetes/pod.ts";
import type { ScriptOperation } from "./script.ts";

const NAMESPACE = "namespace-1";

/** Default spreading is off, so that equal pods are known to be equal and opportunistic batching has an effect. */
const WITHOUT_DEFAULT_SPREAD = {
  profiles: [
    {
      schedulerName: "default-scheduler",
      pluginConfig: [{ name: "PodTopologySpread", args: { defaultConstraints: [], defaultingType: "List" } }],
    },
  ],
};

export interface SyntheticSize {
  readonly nodes: number;
  readonly pods: number;
}

/** Every pod has requests and labels of its own. */
export function everyPodDifferent(size: SyntheticSize): Generator<ScriptOperation> {
  return script(size, {}, size.pods, (i) => ({
    cpu: `${100 + (i % 97)}m`,
    memory: `${512_000 + i}Ki`,
    app: `app-${i}`,
  }));
}

/** Kinds that differ in labels, with 50 requests among them; their pods come in turn. */
export function manyKinds(size: SyntheticSize, kinds: number): Generator<ScriptOperation> {
  return script(size, {}, kinds, (i) => ({ cpu: `${80 + (i % 50)}m`, memory: "500Mi", app: `app-${i}` }));
}

/** Equal pods under a profile without default spreading. */
export function equalPodsInBatches(size: SyntheticSize): Generator<ScriptOperation> {
  return script(size, WITHOUT_DEFAULT_SPREAD, 1, () => ({ cpu: "100m", memory: "500Mi", app: "app" }));
}

interface Shape {
  readonly cpu: string;
  readonly memory: string;
  readonly app: string;
}

const LINE_ITEMS = 1000;

/** Nodes as in SchedulingBasic, and one measured phase whose pods go through the templates in turn. */
function* script(
  { nodes, pods }: SyntheticSize,
  config: Readonly<Record<string, unknown>>,
  templates: number,
  shapeOf: (template: number) => Shape,
): Generator<ScriptOperation> {
  yield { op: "config", config, gates: {} };
  yield { op: "objects", objects: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } }] };
  for (const places of lines(nodes)) yield { op: "nodes", nodes: places.map(node) };
  for (const places of lines(templates)) yield { op: "templates", pods: places.map((i) => pod(shapeOf(i))) };
  for (const places of lines(pods)) {
    const of =
      templates === 1 ? ([[0, places.length]] as const) : places.map((i) => [i % templates, 1] as const);
    yield { op: "pods", of, names: places.map((i) => `${NAMESPACE}/pod-${String(i).padStart(6, "0")}`) };
  }
  yield { op: "schedule", name: NAMESPACE, measured: true };
}

function* lines(count: number): Generator<number[]> {
  for (let first = 0; first < count; first += LINE_ITEMS) {
    yield Array.from({ length: Math.min(LINE_ITEMS, count - first) }, (_, i) => first + i);
  }
}

function node(place: number): NodeObject {
  const name = `node-0-${String(place).padStart(5, "0")}`;
  const amounts = { cpu: "4", memory: "32Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    status: { capacity: amounts, allocatable: amounts },
  };
}

function pod({ cpu, memory, app }: Shape): PodObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: NAMESPACE, labels: { app } },
    spec: {
      containers: [
        { name: "pause", image: "registry.k8s.io/pause:3.10.2", resources: { requests: { cpu, memory } } },
      ],
    },
  };
}
