import type { Interner } from "../base/interner.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { Taint } from "../kubernetes/taint.ts";
import type { Column } from "./column.ts";
import type { DeviceColumns } from "./device-columns.ts";
import type { PlacementLog } from "./placement-log.ts";

/** Resources that have the same place in every cluster. */
export const CPU = 0;
export const MEMORY = 1;
export const EPHEMERAL_STORAGE = 2;

export interface ImageState {
  /** In bytes, as the first node that reported the name has it, until no node has it any more. */
  readonly size: number;
  /** Rows of the nodes that have it. */
  readonly nodes: ReadonlySet<number>;
}

/** All nodes as their readers see them: one row per node that ever joined, one column per fact. */
export interface NodeColumns {
  /** Rows, those of nodes that left included; `order` has only the ones that are there. */
  readonly count: number;
  /** Rows in the order in which the scheduler visits them: zones take turns. */
  readonly order: Uint32Array;
  /** `positions[row]`: the row's place in `order`; -1 when the node left. */
  readonly positions: Column;
  /** Names of resources: cpu, memory, ephemeral-storage, then the others in order of first sight. */
  readonly resources: Interner;
  /** `allocatable[resource][node]`: cpu in millicores, memory and storage in bytes, `gpu` in thousandths, others in pieces. */
  readonly allocatable: readonly Column[];
  /** The sum of requests over pods assumed or bound there, in the same units. */
  readonly requested: readonly Column[];
  /** Like `requested`, with 100m and 200 MiB for containers that ask for nothing (upstream: NodeInfo.NonZeroRequested). */
  readonly nonZeroCpu: Column;
  readonly nonZeroMemory: Column;
  readonly podCount: Column;
  /** How many of the pods assumed or bound, on all nodes, have affinity or anti-affinity to pods. */
  readonly podsWithAffinity: number;
  /** Pods that came to nodes and left them, by kind. */
  readonly placements: Pick<PlacementLog, "start" | "end" | "replay">;
  /** How many pods the node takes. */
  readonly allowedPods: Column;
  /** 1 when cordoned. */
  readonly unschedulable: Column;
  /** Which distinct list of taints, an index into `taintSets`; 0 is the empty list. */
  readonly taintSet: Column;
  readonly taintSets: readonly (readonly Taint[])[];
  /** Which distinct set of images, an index into `imageSets`; 0 is the empty set. */
  readonly imageSet: Column;
  readonly imageSets: readonly (readonly string[])[];
  /** Images that some node has, by name. */
  readonly images: ReadonlyMap<string, ImageState>;
  readonly devices: DeviceColumns;
  /**
   * 1 once a node offered a huge amount, or a pod with one came there: from then on doubles may have rounded what its columns
   * say of resources.
   */
  readonly huge: Column;
  /** How many nodes are or were such; 0 in an ordinary cluster. */
  readonly hugeNodes: number;
  /** Which value of a label each node has; 0 when it lacks the key, otherwise `labelValue(key, value)`. */
  label(key: string): Column;
  /** The number by which `label(key)` knows a value; -1 when no node ever had it. */
  labelValue(key: string, value: string): number;
  /** The object as last seen, for what no column holds. */
  object(node: number): NodeObject;
  name(node: number): string;
  rowOf(name: string): number | undefined;
  /** Moves when a node joins, leaves, or changes in what does not depend on pods. What is derived from such facts is cached under it. */
  readonly epoch: number;
}
