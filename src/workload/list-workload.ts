import { UserError } from "../base/errors.ts";
import { DEVICE_RESOURCE } from "../cluster/device.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { formatAs } from "./as.ts";
import { type Scarcest, scarcestResource } from "./asked.ts";
import { FILL_PODS_PER_SECOND } from "./draw-list.ts";
import type { Surroundings } from "./scenario.ts";
import type { As, ListPods, Workload } from "./workload.ts";

/** What a reader of lists found; `listWorkload` adds what the mode of arrival means. */
export interface ReadList {
  readonly name: string;
  /** What was read, without a full stop: "8,152 pods on 1,213 nodes of an openb trace". */
  readonly what: string;
  readonly source: string;
  readonly inputDigest: string;
  readonly nodes: readonly NodeSpec[];
  readonly templates: readonly PodTemplate[];
  readonly pods: ListPods;
  readonly surroundings?: Surroundings;
  readonly notes: readonly string[];
  /** Said only when the list is replayed. */
  readonly replayNotes?: readonly string[];
  readonly notModelled: readonly string[];
}

/**
 * A workload of a list of pods. Without a mode, a list with times is replayed, one with bound pods keeps them and adds the
 * pending ones, and any other fills the cluster.
 * @throws UserError when the mode needs times that the list does not have.
 */
export function listWorkload(list: ReadList, requested: As | undefined): Workload {
  const as = requested ?? defaultAs(list.pods);
  if (as.mode === "replay" && (list.pods.createdUs === undefined || list.pods.runUs === undefined)) {
    throw new UserError([
      {
        where: list.source,
        what: "missing times: the list does not say when pods were created and how long they ran; use --as fill, repack or pending",
      },
    ]);
  }
  const scarcest = scarcestResource(list.nodes, list.templates, list.pods.template);
  return {
    name: list.name,
    description: `${list.what}, made to arrive as ${formatAs(as)}.`,
    source: list.source,
    inputDigest: list.inputDigest,
    primaryMeasures: primaryMeasures(list, as, scarcest),
    seedMeans: seedMeans(as),
    notModelled: [...list.notModelled, ...modeLimits(as)],
    notes: [
      ...list.notes,
      ...(as.mode === "replay" ? (list.replayNotes ?? []) : []),
      ...modeNotes(as, scarcest),
    ],
    content: {
      kind: "list",
      as,
      nodes: list.nodes,
      templates: list.templates,
      pods: list.pods,
      surroundings: list.surroundings,
    },
  };
}

function defaultAs(pods: ListPods): As {
  if (pods.createdUs !== undefined && pods.runUs !== undefined) return { mode: "replay" };
  if (pods.boundTo.some((node) => node >= 0)) return { mode: "pending" };
  return { mode: "fill", percent: undefined };
}

function seedMeans(as: As): string {
  switch (as.mode) {
    case "fill":
      return as.percent === undefined
        ? "another order in which the same pods arrive on the same nodes"
        : "another order in which the same pods arrive on the same nodes, and another draw of the pods that are repeated or left out";
    case "repack":
      return "another order in which the same pods arrive anew on the same nodes";
    case "pending":
    case "replay":
      return "other luck inside the policy; the pods, nodes and times are the same for every seed";
  }
}

function modeLimits(as: As): readonly string[] {
  switch (as.mode) {
    case "fill":
    case "repack":
      return [
        `Pods arrive at ${FILL_PODS_PER_SECOND} a second and none leaves: waiting times, queues and churn of the real cluster are not shown.`,
      ];
    case "pending":
      return [
        "Running pods never finish and no further pod arrives: only where the pending pods go is shown.",
      ];
    case "replay":
      return ["Run times are those recorded: a pod that starts later or elsewhere runs as long as it did."];
  }
}

function modeNotes(as: As, scarcest: Scarcest | undefined): readonly string[] {
  if (as.mode !== "fill") return [];
  if (scarcest === undefined)
    return ["No node offers a resource that the pods ask for: nothing was repeated or left out."];
  const share = ((100 * scarcest.asked) / scarcest.capacity).toFixed(1);
  const found = `The scarcest resource is ${scarcest.resource}: the list asks for ${share}% of what the nodes offer`;
  if (as.percent === undefined) return [`${found}.`];
  const change = 100 * scarcest.asked > as.percent * scarcest.capacity ? "left out" : "repeated";
  return [`${found}; pods drawn from the seed are ${change} until ${as.percent}% of it is asked for.`];
}

/** At most three; `At100` and `At130` exist only when that share of the resource is asked for. */
function primaryMeasures(list: ReadList, as: As, scarcest: Scarcest | undefined): readonly string[] {
  const hasDevices =
    list.nodes.some((node) => node.devices !== undefined) &&
    list.templates.some((template) => template.devices !== undefined);
  const resource = hasDevices ? DEVICE_RESOURCE : scarcest?.resource === "memory" ? "memory" : "cpu";
  switch (as.mode) {
    case "fill": {
      const own = scarcest === undefined ? 0 : (100 * scarcest.asked) / scarcest.capacity;
      const share = as.percent ?? own;
      const at = [130, 100].filter((mark) => share >= mark).map((mark) => `${resource}AllocationAt${mark}`);
      return [...(at.length === 0 ? [`${resource}Allocation`] : at), "podsPending"];
    }
    case "repack":
      return ["podsPending", "nodesUsed", hasDevices ? "gpuFragmentation" : "cpuFragmentation"];
    case "pending":
      return ["podsPending", "nodesUsed", resource === "memory" ? "memoryImbalance" : "cpuImbalance"];
    case "replay":
      return ["waitingTimeP99", "podsPending", `${resource}Allocation`];
  }
}
