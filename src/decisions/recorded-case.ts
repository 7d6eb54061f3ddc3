import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { UserError } from "../base/errors.ts";
import type { QueueScript } from "./queue-script.ts";

/** One line of a file of recorded decisions; the format is that of the recordings' README (shared as JSON lines). */
export interface RecordedCase {
  readonly id: string;
  readonly family: string;
  /** A KubeSchedulerConfiguration v1 without apiVersion and kind; empty is the default profile. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** In the order in which the scheduler learns of them; null when there is nothing. */
  readonly objects: readonly unknown[] | null;
  readonly pods: readonly unknown[];
  readonly batching?: boolean;
  readonly perPlugin?: boolean;
  readonly nodeOrder?: readonly string[];
  readonly expected: readonly DecisionRecord[];
}

export interface RecordedStatus {
  readonly code: string;
  readonly plugin?: string;
  readonly reasons?: readonly string[];
}

export interface RecordedScore {
  readonly raw: number;
  readonly normalized: number;
  readonly weighted: number;
}

/** One scheduling attempt: what was decided, and why, in numbers. */
export interface DecisionRecord {
  /** `namespace/name`. */
  readonly pod: string;
  readonly attempt: number;
  readonly outcome: "bound" | "unschedulable" | "error" | "gated";
  readonly node?: string;
  readonly preEnqueue?: RecordedStatus;
  readonly preFilter?: RecordedStatus;
  readonly preFilterNodes?: readonly string[];
  readonly filter?: Readonly<Record<string, RecordedStatus>>;
  readonly absentNodes?: RecordedStatus;
  /** Plugin, then node (`*`: rejected by its PreFilter), then the plugin's own verdict. */
  readonly filterPerPlugin?: Readonly<Record<string, Readonly<Record<string, RecordedStatus>>>>;
  readonly skippedFilter?: readonly string[];
  readonly skippedScore?: readonly string[];
  readonly visitStart?: string;
  readonly nodeHint?: string;
  readonly feasible?: readonly string[];
  readonly scoringSkipped?: boolean;
  /** Plugin, then node. */
  readonly scores?: Readonly<Record<string, Readonly<Record<string, RecordedScore>>>>;
  readonly totals?: Readonly<Record<string, number>>;
  readonly best?: readonly string[];
  readonly upstreamPick?: string;
  readonly evaluated?: number;
  readonly message?: string;
  readonly error?: string;
  readonly preemption?: RecordedPreemption | null;
  readonly preemptionNodes?: Readonly<Record<string, RecordedStatus>>;
  readonly postFilterMessage?: string;
}

export interface RecordedCandidate {
  readonly victims: readonly string[];
  readonly pdbViolations?: number;
}

export interface RecordedPreemption {
  readonly nominatedNode: string;
  readonly victims: readonly string[];
  /** By node. */
  readonly candidates: Readonly<Record<string, RecordedCandidate>>;
  readonly tied?: readonly string[];
  readonly clearedNominations?: readonly string[];
}

export function isQueueScript(line: RecordedCase | QueueScript): line is QueueScript {
  return "steps" in line;
}

/**
 * Cases, and scripts of the queue, from JSON lines, gzipped or not.
 * @throws UserError when the file cannot be read, or with the line that is no case
 */
export async function readCases(path: string): Promise<(RecordedCase | QueueScript)[]> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new UserError([{ where: path, what: `invalid file of cases: ${error.message}` }]);
  });
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const cases: (RecordedCase | QueueScript)[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = `${path}:${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      const what = `invalid case: ${(error as Error).message}; each line is one JSON object`;
      throw new UserError([{ where, what }]);
    }
    if (!isCase(value)) {
      const what =
        "invalid case: not a recorded case; it needs family, objects, pods (or steps) and expected";
      throw new UserError([{ where, what }]);
    }
    cases.push(value);
  }
  return cases;
}

function isCase(value: unknown): value is RecordedCase | QueueScript {
  if (typeof value !== "object" || value === null) return false;
  const { family, objects, pods, steps, expected } = value as Readonly<Record<string, unknown>>;
  const listed =
    Array.isArray(steps) || (Array.isArray(pods) && (objects === null || Array.isArray(objects)));
  return typeof family === "string" && listed && Array.isArray(expected);
}
