import type { DecisionRecord, RecordedScore, RecordedStatus } from "./recorded-case.ts";

/** One difference between a recorded decision and ours, in words. */
export interface Difference {
  /** The field of the record. */
  readonly field: string;
  readonly text: string;
}

export interface CompareOptions {
  /** Names of plugins that take no part: what the record says of them is left out. */
  readonly without?: ReadonlySet<string>;
  /** Whether the recording has each plugin's own verdicts. */
  readonly perPlugin?: boolean | undefined;
  /** The recording bound upstream's pick, not the first of the best. */
  readonly batching?: boolean | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Everything that a record says of a cycle, field by field: expected is the recording, got is ours. What PostFilter adds
 * (preemption, postFilterMessage, preemptionNodes, and its part of message) and the hints of batching are not looked at.
 */
export function compareRecords(
  expected: DecisionRecord,
  got: DecisionRecord,
  { without = NONE, perPlugin = false, batching = false }: CompareOptions = {},
): Difference[] {
  const found: Difference[] = [];
  const plain = (field: string, wanted: unknown, had: unknown): void => {
    if (text(wanted) !== text(had))
      found.push({ field, text: `${field}: expected ${text(wanted)}, got ${text(had)}` });
  };
  const built = (names: readonly string[] = []) => names.filter((name) => !without.has(name));
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
  plain("visitStart", expected.visitStart, got.visitStart);
  statuses("filter", expected.filter, got.filter, found);
  set("skippedFilter", built(expected.skippedFilter), built(got.skippedFilter));
  if (perPlugin) comparePerPlugin(expected, got, without, found);
  plain("feasible", expected.feasible, got.feasible);
  plain("scoringSkipped", expected.scoringSkipped ?? false, got.scoringSkipped ?? false);
  set("skippedScore", built(expected.skippedScore), built(got.skippedScore));
  compareScores(expected, got, without, found);
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
  plain("message", withoutPostFilter(expected), withoutPostFilter(got));
  plain("error", expected.error, got.error);
  return found;
}

function comparePerPlugin(
  expected: DecisionRecord,
  got: DecisionRecord,
  without: ReadonlySet<string>,
  found: Difference[],
): void {
  eachKey(expected.filterPerPlugin, got.filterPerPlugin, (plugin, wanted, had) => {
    if (!without.has(plugin)) statuses("filterPerPlugin", wanted, had, found, plugin);
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

function compareScores(
  expected: DecisionRecord,
  got: DecisionRecord,
  without: ReadonlySet<string>,
  found: Difference[],
): void {
  eachKey(expected.scores, got.scores, (plugin, wanted, had) => {
    if (without.has(plugin)) return;
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

/** The message of the cycle itself: PostFilter's part stands at its end. */
function withoutPostFilter({ message, postFilterMessage }: DecisionRecord): string | undefined {
  if (message === undefined || postFilterMessage === undefined) return message;
  const tail = ` ${postFilterMessage}`;
  return message.endsWith(tail) ? message.slice(0, -tail.length) : message;
}
