import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { UserError } from "../base/errors.ts";

/** One line of a file of recorded queue scripts; the format is that of the recordings' README. Times in milliseconds. */
export interface QueueScript {
  readonly id: string;
  readonly family: string;
  readonly config: { readonly podInitialBackoffSeconds?: number; readonly podMaxBackoffSeconds?: number };
  readonly objects: readonly ScriptObject[] | null;
  readonly steps: readonly QueueStep[];
  readonly expected: readonly QueueObservation[];
}

/** An object as the API writes it. */
export interface ScriptObject {
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

export interface QueueStep {
  readonly t: number;
  readonly op: string;
  readonly object?: ScriptObject;
  readonly sameVersion?: boolean;
  readonly kind?: string;
  readonly key?: string;
  readonly pod?: string;
  readonly pods?: readonly string[];
  readonly node?: string;
  readonly unschedulable?: readonly string[];
  readonly pending?: readonly string[];
  readonly nominate?: string;
  readonly keepInFlight?: boolean;
  readonly running?: boolean;
}

/** Pod to its new place. */
export type Moves = Readonly<Record<string, string>>;

export interface ObservedEvent {
  readonly event: string;
  readonly target?: string;
  readonly replay?: string;
  readonly ignored?: boolean;
  readonly excluded?: readonly string[];
  readonly gated?: readonly string[];
  /** Pod, then plugin, then its answer. */
  readonly hints?: Readonly<Record<string, Readonly<Record<string, "Queue" | "Skip">>>>;
  readonly moved?: Moves;
}

/** A pod's history; empty sets and false are left out. */
export interface PodRecord {
  readonly where: string;
  readonly attempts: number;
  readonly unschedulableCount: number;
  readonly consecutiveErrors: number;
  readonly timestamp: number;
  readonly initialAttempt?: number;
  readonly unschedulablePlugins?: readonly string[];
  readonly pendingPlugins?: readonly string[];
  readonly gatedBy?: string;
  readonly flushed?: boolean;
  readonly flushTime?: number;
}

/** What a step has done, and where each pod is after it; empty members are left out but for the five places. */
export interface QueueObservation {
  readonly flushes?: readonly { readonly t: number; readonly kind: string; readonly moved: Moves }[];
  readonly popped?: string;
  readonly events?: readonly ObservedEvent[];
  readonly active: readonly string[];
  readonly backoff: readonly { readonly pod: string; readonly expiry: number; readonly errored?: boolean }[];
  readonly unschedulable: readonly string[];
  readonly inFlight: readonly string[];
  readonly nominated?: Readonly<Record<string, readonly string[]>>;
  readonly cycle: number;
  readonly changed?: Readonly<Record<string, PodRecord>>;
}

/**
 * Scripts from JSON lines, gzipped or not.
 * @throws UserError with the line that is no script
 @internal */
export async function readQueueScripts(path: string): Promise<QueueScript[]> {
  const bytes = await readFile(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const scripts: QueueScript[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      scripts.push(JSON.parse(line) as QueueScript);
    } catch (error) {
      const what = `invalid queue script: ${(error as Error).message}; each line is one JSON object`;
      throw new UserError([{ where: `${path}:${index + 1}`, what }]);
    }
  }
  return scripts;
}
