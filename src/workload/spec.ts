import type { DeviceRequest, NodeDevices } from "../cluster/device.ts";
import type { ResourceAmounts, StringRecord } from "../kubernetes/object-meta.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { Taint } from "../kubernetes/taint.ts";
import type { ArrivalProcess, ArrivalWindow } from "./arrival-times.ts";
import type { Distribution } from "./distribution.ts";

/**
 * stowage's own workload as the rest of the program sees it: checked, in base units, references resolved to places in the
 * lists. `workload-schema.ts` says how it is written.
 */
export interface GeneratedWorkload {
  readonly nodePools: readonly NodePoolSpec[];
  readonly podTemplates: readonly PodTemplateSpec[];
  readonly arrivals: readonly StreamSpec[];
  readonly events: readonly NodeEventSpec[];
  readonly horizonUs: number;
}

/** Nodes of one shape. */
export interface NodePoolSpec {
  readonly name: string;
  /** At the start. */
  readonly count: number;
  readonly allocatable: ResourceAmounts;
  readonly labels: StringRecord;
  readonly taints: readonly Taint[];
  /** Dealt to the pool's nodes in turn, as the label `topology.kubernetes.io/zone`. */
  readonly zones: readonly string[];
  readonly devices?: NodeDevices;
}

/** Pods of one kind, or of a few when sizes are drawn. */
export interface PodTemplateSpec {
  readonly name: string;
  /** With every fixed request. */
  readonly object: PodObject;
  readonly sizes: readonly DrawnSize[];
  readonly devices?: DeviceRequest;
  /** In microseconds; undefined: until the horizon. */
  readonly runTime?: Distribution;
}

/** A request drawn for each pod, in thousandths of the resource's unit; always with a grid, so that kinds stay few. */
export interface DrawnSize {
  readonly resource: string;
  readonly size: Distribution;
}

/** A stream of arriving pods. */
export interface StreamSpec {
  readonly name: string;
  /** Which of `podTemplates`, and how often in relation to the others. */
  readonly templates: readonly { readonly template: number; readonly weight: number }[];
  readonly process: ArrivalProcess;
  readonly window: ArrivalWindow;
  /** In microseconds; undefined: the template's. */
  readonly runTime?: Distribution;
}

/** Something that happens to nodes of a pool. Which nodes is drawn from the seed. */
export interface NodeEventSpec {
  /** Its place in the file; the key of its draws. */
  readonly index: number;
  readonly atUs: number;
  readonly action: "join" | "cordon" | "uncordon" | "lose";
  /** Which of `nodePools`. */
  readonly pool: number;
  /** One of the two: how many nodes, or which share of the pool's size at the start. */
  readonly count?: number;
  readonly share?: number;
}
