import type { Profile } from "../scheduler/profile.ts";
import { CaseCluster } from "./case-cluster.ts";
import { compareRecords, type Difference } from "./compare-records.ts";
import { disagreements, FastDecisions } from "./fast-decision.ts";
import { recordDecision } from "./record-decision.ts";
import type { DecisionRecord, RecordedCase } from "./recorded-case.ts";
import { RECORDED_PLUGINS } from "./recorded-plugins.ts";

/** One attempt, replayed. */
export interface ReplayedAttempt {
  readonly pod: string;
  readonly attempt: number;
  /** Our own record; null when the attempt rests on something that is not built, so that it was not made at all. */
  readonly record: DecisionRecord | null;
  readonly differences: readonly Difference[];
  /** What of the recording was not compared, and why. */
  readonly notCompared: readonly string[];
}

export interface ReplayOptions {
  readonly profile: Profile;
  /** Names of upstream's plugins that are not built: what the recording says of them alone is not compared. */
  readonly notBuilt: ReadonlySet<string>;
}

/**
 * Replays a case with the fast scheduling cycle and compares every attempt with the recording. The cluster moves on as
 * recorded, whatever was decided here, so that one difference is not the cause of the next.
 */
export function* replayCase(
  recorded: RecordedCase,
  { profile: whole, notBuilt }: ReplayOptions,
): Generator<ReplayedAttempt> {
  const profile = {
    ...whole,
    plugins: whole.plugins.filter(({ plugin }) => RECORDED_PLUGINS.has(plugin.name)),
  };
  const state = new CaseCluster(recorded);
  const { cluster } = state;
  const fast = new FastDecisions(cluster, profile);
  const nominations = new Nominations(state);
  for (const expected of recorded.expected) {
    const row = state.row(expected.pod);
    const left = wholeAttemptLeftOut(expected, nominations, row);
    if (left === undefined) {
      const kind = state.kind(row);
      const nominated = nominations.of(row);
      const { pod: name, attempt } = expected;
      const { perPlugin } = recorded;
      const record = recordDecision({
        cluster,
        profile,
        row,
        kind,
        name,
        attempt,
        perPlugin,
        nominated,
        start: fast.nextStart,
      });
      const differences = compareRecords(expected, record, {
        without: notBuilt,
        perPlugin,
        batching: recorded.batching,
      });
      if (asksTheScheduler(record, nominated))
        differences.push(...disagreements(record, fast.decide(row, kind, attempt)));
      yield { pod: name, attempt, record, differences, notCompared: partsLeftOut(expected, notBuilt) };
    } else {
      // The search is made all the same, so that the next one starts where it should; a nominated node that passes moves nothing.
      if (expected.nodeHint === undefined && nominations.of(row) === undefined)
        fast.decide(row, state.kind(row), expected.attempt);
      yield {
        pod: expected.pod,
        attempt: expected.attempt,
        record: null,
        differences: [],
        notCompared: [left],
      };
    }
    reserve(state, profile, expected);
    state.follow(expected);
    nominations.follow(expected, row);
  }
}

/** What Reserve promised to a pod that was bound: later attempts see it. */
function reserve(
  state: CaseCluster,
  { plugins }: Profile,
  { pod, outcome, node: name }: DecisionRecord,
): void {
  const { cluster } = state;
  const node = name === undefined ? undefined : cluster.nodes.rowOf(name);
  if (outcome !== "bound" || node === undefined) return;
  const row = state.row(pod);
  for (const { plugin } of plugins) {
    // A plugin that rejected the recorded node has nothing to promise there; the difference is reported already.
    const cycle = { pod: state.kind(row), row, nodes: cluster.nodes, cluster };
    if (plugin.reserve === undefined || plugin.judge?.(cycle)?.(node) !== undefined) continue;
    cluster.objects = plugin.reserve(cycle, node);
  }
}

/** A gated pod never gets to the scheduling cycle, which also knows nothing of a nominated node that passes. */
function asksTheScheduler(record: DecisionRecord, nominated: number | undefined): boolean {
  if (record.outcome === "gated") return false;
  return nominated === undefined || record.filter !== undefined;
}

function wholeAttemptLeftOut(
  { nodeHint }: DecisionRecord,
  nominations: Nominations,
  row: number,
): string | undefined {
  if (nodeHint !== undefined) return "whole attempts on a node that batching proposed: batching is not built";
  if (nominations.weighOn(row)) {
    return "whole attempts beside pods nominated to nodes: filtering with nominated pods is not built";
  }
  return undefined;
}

function partsLeftOut(expected: DecisionRecord, notBuilt: ReadonlySet<string>): string[] {
  const parts: string[] = [];
  const postFilter = [expected.postFilterMessage, expected.preemption ?? undefined, expected.preemptionNodes];
  if (postFilter.some((part) => part !== undefined)) {
    parts.push(
      "preemption, preemptionNodes, postFilterMessage and its part of message: PostFilter is not replayed",
    );
  }
  const named = new Set([
    ...(expected.skippedFilter ?? []),
    ...(expected.skippedScore ?? []),
    ...Object.keys(expected.scores ?? {}),
    ...Object.keys(expected.filterPerPlugin ?? {}),
  ]);
  for (const plugin of notBuilt) {
    if (named.has(plugin)) parts.push(`${plugin}'s own verdicts, scores and Skip: the plugin is not built`);
  }
  return parts;
}

/** Who is nominated to which node, as the recordings keep it. */
class Nominations {
  readonly #state: CaseCluster;
  /** By row: what the pod's own status says. */
  readonly #own = new Map<number, string>();
  /** Rows of pods that came with a nomination: these weigh on their node until they are bound. */
  readonly #weighing = new Set<number>();

  constructor(state: CaseCluster) {
    this.#state = state;
    state.pods.forEach(({ status }, row) => {
      if (!status?.nominatedNodeName || state.cluster.nodeOf(row) !== -1) return;
      this.#own.set(row, status.nominatedNodeName);
      this.#weighing.add(row);
    });
  }

  /** The row of the node that the pod is nominated to, when that node is there. */
  of(row: number): number | undefined {
    const node = this.#own.get(row);
    return node === undefined ? undefined : this.#state.cluster.nodes.rowOf(node);
  }

  /** Whether other pods, no less important, are nominated and must be thought of. */
  weighOn(row: number): boolean {
    const { priority } = this.#state.kind(row);
    for (const other of this.#weighing) {
      if (other !== row && this.#state.kind(other).priority >= priority) return true;
    }
    return false;
  }

  follow({ outcome, preemption }: DecisionRecord, row: number): void {
    if (outcome === "bound") {
      this.#own.delete(row);
      this.#weighing.delete(row);
    }
    for (const pod of preemption?.clearedNominations ?? []) this.#own.delete(this.#state.row(pod));
    if (preemption) this.#own.set(row, preemption.nominatedNode);
  }
}
