import { UserError } from "../base/errors.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { readKubernetesObjects } from "../kubernetes/read-kubernetes-objects.ts";
import { createdNode, createdPodSpec } from "./created-pod.ts";
import { digestFiles } from "./input-text.ts";
import type { ReadList } from "./list-workload.ts";
import type { ListedPod } from "./listed-pod.ts";
import { mergeObjects } from "./merge-objects.ts";
import { ownerPods } from "./owner-pods.ts";
import { PodPriorities } from "./pod-priorities.ts";
import { PodTemplates, readOwnLabels } from "./pod-templates.ts";
import { snapshotClaimNotes } from "./snapshot-claim-notes.ts";
import { snapshotNotes } from "./snapshot-notes.ts";
import { snapshotPods } from "./snapshot-pods.ts";

/**
 * Reads Kubernetes manifests, directories of them, or the output of `kubectl get … -o json|yaml`. Bound pods keep their
 * node; pending ones stand in the order of their creation; owners whose pods are not listed are expanded to pods.
 * @throws UserError with every problem of all files.
 */
export async function readSnapshot(paths: readonly string[]): Promise<ReadList> {
  const source = paths.join("+");
  const objects = mergeObjects(await Promise.all(paths.map((path) => readKubernetesObjects(path))), source);
  const nodes = objects.nodes.map((node) => ({ object: createdNode(node) }));
  const nodeRow = new Map(nodes.map(({ object }, row) => [object.metadata?.name ?? "", row]));
  const listed = snapshotPods(objects, nodeRow);
  const owned = ownerPods(objects);
  const pods = [...listed.pods, ...owned.pods];
  const missing = [
    ...(nodes.length === 0 ? ["missing nodes: no Node object; add them, as in pods.json+nodes.json"] : []),
    ...(pods.length === 0
      ? ["missing pods: no unfinished Pod and no owner of pods; add them, as in pods.json+nodes.json"]
      : []),
  ];
  if (missing.length > 0) throw new UserError(missing.map((what) => ({ where: source, what })));

  const priorities = new PodPriorities(objects.priorityClasses);
  const templates = new PodTemplates(readOwnLabels(pods.map(({ spec }) => spec)));
  const template = Int32Array.from(pods, ({ name, uid, shownAs, ...parts }) => {
    const { namespace, labels, controller, status, terminating } = parts;
    const spec = priorities.resolve(createdPodSpec(parts.spec));
    const whole = { namespace, labels, spec, controller, status, terminating };
    return hasOwnClaims(spec)
      ? templates.add(whole, shownAs, { name, uid })
      : templates.intern(whole, shownAs);
  });
  const boundTo = Int32Array.from(pods, ({ spec }) => nodeRow.get(spec.nodeName ?? "") ?? -1);
  const bound = boundTo.reduce((sum, node) => sum + (node >= 0 ? 1 : 0), 0);
  const count = (n: number) => n.toLocaleString("en-US");
  const { pods: _pods, nodes: _nodes, others: _others, finishedPods: _finished, ...surroundings } = objects;
  return {
    name: "snapshot",
    what: `${count(bound)} bound and ${count(pods.length - bound)} pending pods on ${count(nodes.length)} nodes of a cluster`,
    source,
    inputDigest: await digestFiles(paths),
    nodes,
    templates: templates.list,
    pods: {
      count: pods.length,
      template,
      boundTo,
      startedUs: startTimes(pods),
      createdUs: undefined,
      runUs: undefined,
      names: pods.map(({ namespace, name }) => `${namespace}/${name}`).join("\n"),
    },
    surroundings,
    notes: [
      ...listed.notes,
      ...owned.notes,
      ...priorities.notes(),
      ...snapshotNotes(objects, templates.list, template),
      ...snapshotClaimNotes(objects, pods),
    ],
    notModelled: [],
  };
}

/** Relative to the last start, which is the start of the run: only the order of starts is read. */
function startTimes(pods: readonly ListedPod[]): Float64Array | undefined {
  const last = pods.reduce(
    (latest, { startedAt = latest }) => Math.max(latest, startedAt),
    Number.NEGATIVE_INFINITY,
  );
  if (last === Number.NEGATIVE_INFINITY) return undefined;
  return Float64Array.from(pods, ({ startedAt }) =>
    startedAt === undefined ? Number.POSITIVE_INFINITY : (startedAt - last) * 1e6,
  );
}

/** Claims that are made for the pod are its own, by its name. */
function hasOwnClaims({ volumes, resourceClaims }: PodSpec): boolean {
  return (
    (volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined) ||
    (resourceClaims ?? []).some(({ resourceClaimTemplateName }) => resourceClaimTemplateName !== undefined)
  );
}
