import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import { NodeHistory } from "../reference/node-history.ts";
import type { PlacedPod } from "../reference/reference-plugin.ts";
import type { ReferencePolicy } from "../reference/reference-policy.ts";
import type { ReferenceRecord } from "../reference/reference-record.ts";
import { referenceScheduler } from "../reference/reference-scheduler.ts";
import type { ClusterHistory } from "./arbitrary-history.ts";
import { withName } from "./arbitrary-node.ts";
import { nodeName } from "./arbitrary-parts.ts";
import type { HistoryStep } from "./arbitrary-step.ts";
import { forcedSample } from "./forced-sample.ts";

/** What happens to the cluster, step by step, with every number resolved to a name or a row. */
export type Happening =
  | {
      readonly kind: "decide";
      readonly row: number;
      readonly template: PodTemplate;
      readonly attempt: number;
      readonly record: ReferenceRecord;
    }
  | { readonly kind: "objects"; readonly objects: KubernetesObjects }
  | { readonly kind: "release"; readonly row: number }
  | { readonly kind: "addNode" | "updateNode"; readonly name: string; readonly spec: NodeSpec }
  | { readonly kind: "removeNode"; readonly name: string };

export interface DecisionRules {
  readonly policy: ReferencePolicy;
  readonly seed: number;
  /** Feasible nodes that every search looks for; the policy's own rule when absent. */
  readonly sample?: number;
}

/**
 * Plays a history with the reference scheduler: each pod is bound where the reference says. The result begins with the
 * nodes of the cluster and holds all that another scheduler needs to go through the same states.
 */
export function expectedDecisions(history: ClusterHistory, rules: DecisionRules): Happening[] {
  const nodes = new NodeHistory();
  const objects: KubernetesObjects = { ...NO_OBJECTS, ...history.objects };
  const happenings: Happening[] = history.objects === undefined ? [] : [{ kind: "objects", objects }];
  const live: (PlacedPod & { readonly row: number })[] = [];
  let nextStart = 0;
  let nextRow = 0;
  let nodesSoFar = 0;

  const addNode = (spec: NodeSpec): void => {
    nodes.add(spec);
    nodesSoFar++;
    happenings.push({ kind: "addNode", name: nameOf(spec), spec });
  };
  const updateNode = (spec: NodeSpec): void => {
    nodes.update(spec);
    happenings.push({ kind: "updateNode", name: nameOf(spec), spec });
  };
  const release = (place: number): void => {
    const [gone] = live.splice(place, 1);
    happenings.push({ kind: "release", row: gone.row });
  };
  const decide = (template: PodTemplate, attempt: number): void => {
    const row = nextRow++;
    // A gated pod starts no cycle, and only a cycle brings the order of the nodes up to date.
    const gated = (template.object.spec?.schedulingGates ?? []).length > 0;
    const record = referenceScheduler({
      nodes: nodes.nodes,
      ...(!gated && { order: nodes.order() }),
      imageSizes: nodes.imageSizes(),
      placed: live,
      objects,
      pod: template,
      policy: rules.policy,
      nextStart,
      seed: rules.seed,
      row,
      attempt,
      ...(rules.sample !== undefined && { numFeasibleNodesToFind: forcedSample(rules.sample) }),
    });
    happenings.push({ kind: "decide", row, template, attempt, record });
    nextStart = record.nextStart;
    if (record.node !== undefined) {
      live.push({ row, pod: template, node: record.node, devices: record.devices });
    }
  };
  const play = (step: HistoryStep): void => {
    if (step.kind === "schedule") {
      decide(history.templates[step.template % history.templates.length], step.attempt);
      return;
    }
    if (step.kind === "addNode") {
      addNode(withName(step.spec, nodeName(nodesSoFar)));
      return;
    }
    if (step.kind === "release") {
      if (live.length > 0) release(step.pod % live.length);
      return;
    }
    if (nodes.nodes.length === 0) return;
    const node = nodes.nodes[step.node % nodes.nodes.length];
    switch (step.kind) {
      case "cordon":
        updateNode(cordoned(node));
        break;
      case "updateNode": {
        const { devices: _, ...spec } = withName(step.spec, nameOf(node));
        updateNode({ ...spec, ...(node.devices && { devices: node.devices }) });
        break;
      }
      case "removeNode":
        for (let place = live.length - 1; place >= 0; place--) {
          if (live[place].node === nameOf(node)) release(place);
        }
        nodes.remove(nameOf(node));
        happenings.push({ kind: "removeNode", name: nameOf(node) });
        break;
    }
  };

  for (const node of history.nodes) addNode(node);
  for (const step of history.steps) play(step);
  return happenings;
}

function nameOf(spec: NodeSpec): string {
  return spec.object.metadata?.name ?? "";
}

function cordoned(spec: NodeSpec): NodeSpec {
  const unschedulable = spec.object.spec?.unschedulable !== true;
  return { ...spec, object: { ...spec.object, spec: { ...spec.object.spec, unschedulable } } };
}
