import type {
  DecisionRecord,
  RecordedCandidate,
  RecordedPreemption,
  RecordedScore,
  RecordedStatus,
} from "./recorded-case.ts";

/** One difference between a recorded decision and ours, in words. */
export interface Difference {
  /** The field of the record. */
  readonly field: string;
  readonly text: string;
}

export interface CompareOptions {
  /** Whether the recording has each plugin's own verdicts. */
  readonly perPlugin?: boolean | undefined;
  /** The recording bound upstream's pick, not the first of the best. */
  readonly batching?: boolean | undefined;
}

/**
 * Everything that a record says of a cycle, field by field: expected is the recording, got is ours.
 */
export function compareRecords(
  expected: DecisionRecord,
  got: DecisionRecord,
  { perPlugin = false, batching = false }: CompareOptions = {},
): Difference[] {
  const found: Difference[] = [];
  const plain = (field: string, wanted: unknown, had: unknown, where = ""): void => {
    if (text(wanted) !== text(had))
      found.push({ field, text: `${field}: ${where}expected ${text(wanted)}, got ${text(had)}` });
  };
  const set = (field: string, wanted: readonly string[] = [], had: readonly string[] = []): void => {
    if (wanted.every((name) => had.includes(name)) && had.every((name) => wanted.includes(name))) return;
    const missing = wanted.filter((name) => !had.includes(name));
    const surplus = had.filter((name) => !wanted.includes(name));
    const parts = [
      ...(missing.length > 0 ? [`${missing.join(", ")} expected, not there`] : []),
      ...(surplus.length > 0 ? [`${surplus.join(", ")} not expected, but there`] : []),
    ];
    found.push({ field, text: `${field}: ${parts.join("; ")}` });
  };

  plain("pod", expected.pod, got.pod);
  plain("attempt", expected.attempt, got.attempt);
  plain("outcome", expected.outcome, got.outcome);
  plain("node", expected.node, batching ? (got.upstreamPick ?? got.node) : got.node);
  plain("preEnqueue", status(expected.preEnqueue), status(got.preEnqueue));
  plain("preFilter", status(expected.preFilter), status(got.preFilter));
  set("preFilterNodes", expected.preFilterNodes, got.preFilterNodes);
  plain("absentNodes", status(expected.absentNodes), status(got.absentNodes));
  plain("nodeHint", expected.nodeHint, got.nodeHint);
  plain("visitStart", expected.visitStart, got.visitStart);
  statuses("filter", expected.filter, got.filter, found);
  set("skippedFilter", expected.skippedFilter, got.skippedFilter);
  if (perPlugin) comparePerPlugin(expected, got, found);
  plain("feasible", expected.feasible, got.feasible);
  plain("scoringSkipped", expected.scoringSkipped ?? false, got.scoringSkipped ?? false);
  set("skippedScore", expected.skippedScore, got.skippedScore);
  compareScores(expected, got, found);
  eachKey(expected.totals, got.totals, (node, wanted, had) => {
    if (wanted !== had)
      found.push({
        field: "totals",
        text: `totals: node ${node}: expected ${text(wanted)}, got ${text(had)}`,
      });
  });
  plain("best", expected.best, got.best);
  plain("upstreamPick", expected.upstreamPick, got.upstreamPick);
  plain("evaluated", expected.evaluated, got.evaluated);
  plain("message", expected.message, got.message);
  plain("error", expected.error, got.error);
  comparePreemption(expected.preemption, got.preemption, plain);
  statuses("preemptionNodes", expected.preemptionNodes, got.preemptionNodes, found);
  plain("postFilterMessage", expected.postFilterMessage, got.postFilterMessage);
  return found;
}

function comparePreemption(
  expected: RecordedPreemption | null | undefined,
  got: RecordedPreemption | null | undefined,
  plain: (field: string, wanted: unknown, had: unknown, where?: string) => void,
): void {
  if (!expected || !got) {
    plain("preemption", expected ?? null, got ?? null);
    return;
  }
  for (const part of ["nominatedNode", "victims", "tied", "clearedNominations"] as const) {
    plain(`preemption.${part}`, expected[part], got[part]);
  }
  eachKey<RecordedCandidate>(expected.candidates, got.candidates, (node, wanted, had) => {
    for (const part of ["victims", "pdbViolations"] as const) {
      plain("preemption.candidates", wanted?.[part], had?.[part], `node ${node}, ${part}: `);
    }
  });
}

function comparePerPlugin(expected: DecisionRecord, got: DecisionRecord, found: Difference[]): void {
  eachKey(expected.filterPerPlugin, got.filterPerPlugin, (plugin, wanted, had) => {
    statuses("filterPerPlugin", wanted, had, found, plugin);
  });
}

function statuses(
  field: string,
  expected: Readonly<Record<string, RecordedStatus>> | undefined,
  got: Readonly<Record<string, RecordedStatus>> | undefined,
  found: Difference[],
  plugin?: string,
): void {
  const of = plugin === undefined ? "" : `plugin ${plugin}, `;
  eachKey(expected, got, (node, wanted, had) => {
    const [a, b] = [status(wanted) ?? "pass", status(had) ?? "pass"];
    const where = node === "*" ? "PreFilter" : `node ${node}`;
    if (a !== b) found.push({ field, text: `${field}: ${of}${where}: expected ${a}, got ${b}` });
  });
}

function compareScores(expected: DecisionRecord, got: DecisionRecord, found: Difference[]): void {
  eachKey(expected.scores, got.scores, (plugin, wanted, had) => {
    eachKey<RecordedScore>(wanted, had, (node, a, b) => {
      for (const part of ["raw", "normalized", "weighted"] as const) {
        if (a?.[part] === b?.[part]) continue;
        const words = `expected ${text(a?.[part])}, got ${text(b?.[part])}`;
        found.push({ field: "scores", text: `scores: plugin ${plugin}, node ${node}, ${part}: ${words}` });
      }
    });
  });
}

/** Calls for each key that either side has. */
function eachKey<T>(
  expected: Readonly<Record<string, T>> = {},
  got: Readonly<Record<string, T>> = {},
  compare: (key: string, expected: T | undefined, got: T | undefined) => void,
): void {
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)]))
    compare(key, expected[key], got[key]);
}

/** A verdict as words: `Unschedulable by NodePorts (reason; reason)`. */
function status(verdict: RecordedStatus | undefined): string | undefined {
  if (verdict === undefined) return undefined;
  const { code, plugin, reasons = [] } = verdict;
  return `${code}${plugin === undefined ? "" : ` by ${plugin}`} (${reasons.join("; ")})`;
}

function text(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
