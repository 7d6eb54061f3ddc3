import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { NodeObject } from "../../src/kubernetes/node.ts";
import type { ObjectMeta } from "../../src/kubernetes/object-meta.ts";
import type { PodObject } from "../../src/kubernetes/pod.ts";

/** An API object beside pods and nodes. */
export interface ScriptObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: ObjectMeta | undefined;
}

/** What one tick of churn makes; the tick's number is appended to the names with a hyphen. */
export type ChurnMake =
  | { readonly pod: PodObject }
  | { readonly node: NodeObject }
  | { readonly object: ScriptObject };

export interface ChurnOperation {
  readonly op: "churn";
  /** A tick after so many attempts, counted from this operation on. */
  readonly every: number;
  /** `create`: how many ticks, 0 for no limit; `recreate`: how many slots. */
  readonly number: number;
  readonly mode: "create" | "recreate";
  readonly makes: readonly ChurnMake[];
}

export interface ScheduleOperation {
  readonly op: "schedule";
  readonly name: string;
  readonly measured: boolean;
  /** Ends the loop after so many attempts. */
  readonly attempts?: number | undefined;
}

/**
 * What both schedulers play, one operation a line, without wall-clock time. A pod's row is its place among all pods that
 * `pods` operations create.
 */
export type ScriptOperation =
  /** A KubeSchedulerConfiguration without apiVersion and kind, and feature gates. The first line, once. */
  | {
      readonly op: "config";
      readonly config: Readonly<Record<string, unknown>>;
      readonly gates: Readonly<Record<string, boolean>>;
    }
  | { readonly op: "objects"; readonly objects: readonly ScriptObject[] }
  | { readonly op: "nodes"; readonly nodes: readonly NodeObject[] }
  | { readonly op: "removeNodes"; readonly names: readonly string[] }
  /** Appends to the list of templates, whose places count over the whole script. */
  | { readonly op: "templates"; readonly pods: readonly PodObject[] }
  /** Pods are created, runs of [template, count]: into the queue, or on their node where the template names one. */
  | {
      readonly op: "pods";
      readonly of: readonly (readonly [template: number, count: number])[];
      readonly names: readonly string[];
    }
  | { readonly op: "deletePods"; readonly names: readonly string[] }
  | ChurnOperation
  /** The timed loop: until neither activeQ nor back-off gives a pod. */
  | ScheduleOperation;

/** Writes a script line by line, so that none is in memory as a whole. */
export async function writeScript(path: string, operations: Iterable<ScriptOperation>): Promise<void> {
  await pipeline(Readable.from(lines(operations)), createWriteStream(path));
}

function* lines(operations: Iterable<ScriptOperation>): Generator<string> {
  for (const operation of operations) yield `${JSON.stringify(operation)}\n`;
}

/** The operations of a script that was written here. */
export async function readScript(path: string): Promise<ScriptOperation[]> {
  const operations: ScriptOperation[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line !== "") operations.push(JSON.parse(line) as ScriptOperation);
  }
  return operations;
}
