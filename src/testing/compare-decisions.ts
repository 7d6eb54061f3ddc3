import { InvariantViolation } from "../base/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { ReferenceRecord } from "../reference/reference-record.ts";
import type { Outcome } from "../scheduler/outcome.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import type { Selection } from "../scheduler/selection.ts";
import type { Status } from "../scheduler/status.ts";
import { ClusterFollower } from "./cluster-follower.ts";
import { bitsOf } from "./device-bits.ts";
import type { Happening } from "./expected-decisions.ts";

/** What is compared: a scheduling cycle, or anything that decides like one. */
export type Decider = Pick<SchedulingCycle, "run" | "nextStart" | "feasible">;

type Decision = Extract<Happening, { readonly kind: "decide" }>;

/**
 * Takes a decider through the states of a played history and compares everything that can be seen of each decision:
 * node, devices, feasible nodes in order, evaluated nodes, next start, total, number of tied nodes, every plugin's scores;
 * and of a failure the rejectors and every plugin's verdict on every node.
 *
 * @returns the first difference; undefined when there is none
 */
export function compareDecisions(
  happenings: readonly Happening[],
  profile: Profile,
  makeDecider: (cluster: Cluster) => Decider,
): string | undefined {
  const follower = new ClusterFollower();
  const { cluster } = follower;
  const decider = makeDecider(cluster);
  for (const [step, happening] of happenings.entries()) {
    if (happening.kind === "decide") {
      const kind = cluster.kind(happening.template);
      const difference = compareDecision(happening, kind, cluster, profile, decider);
      if (difference !== undefined) return `step ${step}: ${difference}`;
    }
    follower.follow(happening);
  }
  return undefined;
}

function compareDecision(
  { record, row, attempt }: Decision,
  kind: PodKind,
  cluster: Cluster,
  profile: Profile,
  decider: Decider,
): string | undefined {
  const gate = preEnqueue(profile, kind);
  if (record.preEnqueue !== undefined || gate !== undefined) {
    return differ("preEnqueue", gate, record.preEnqueue && plain(record.preEnqueue));
  }
  const decided = run(decider, row, kind, attempt);
  if (typeof decided === "string" || record.outcome === "error") {
    if (typeof decided !== "string") return `no error; expected ${record.error}`;
    return (
      (record.error?.endsWith(decided) ? undefined : differ("error", decided, record.error)) ??
      differ("nextStart", decider.nextStart, record.nextStart)
    );
  }
  const { nodes } = cluster;
  const feasible = [...decider.feasible.rows.subarray(0, decider.feasible.length)].map((node) =>
    nodes.name(node),
  );
  const tied = record.scoringSkipped ? 1 : record.best.length;
  const total = record.best.length === 0 ? -1 : record.totals[record.best[0]];
  return (
    differ("node", decided.node === -1 ? undefined : nodes.name(decided.node), record.node) ??
    differ("feasible", feasible, record.feasible) ??
    differ("feasible count", decided.feasible, record.feasible.length) ??
    differ("evaluated", decided.evaluated, record.evaluated) ??
    differ("nextStart", decider.nextStart, record.nextStart) ??
    differ("score", decided.score, total) ??
    differ("tied", decided.tied, tied) ??
    differ("devices", decided.devices, bitsOf(record.devices)) ??
    (record.node === undefined
      ? compareFailure(record, decided, { pod: kind, row, nodes, cluster }, profile)
      : compareScores(record, decider.feasible, { pod: kind, row, nodes, cluster }, profile))
  );
}

function preEnqueue(profile: Profile, kind: PodKind): Status | undefined {
  for (const { plugin } of profile.plugins) {
    const status = plugin.preEnqueue?.(kind, NO_OBJECTS);
    if (status !== undefined) return plain(status);
  }
  return undefined;
}

/** The outcome, or the message of a violation. */
function run(decider: Decider, row: number, kind: PodKind, attempt: number): Outcome | string {
  try {
    return decider.run(row, kind, attempt);
  } catch (error) {
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
}

function compareFailure(
  record: ReferenceRecord,
  decided: Outcome,
  cycle: Cycle,
  profile: Profile,
): string | undefined {
  const names = profile.plugins.map(({ plugin }) => plugin.name);
  const rejectors = names.filter((_, p) => (decided.rejectors >> p) & 1);
  return (
    differ(
      "preFilter",
      decided.preFilterStatus && plain(decided.preFilterStatus),
      record.preFilter && plain(record.preFilter),
    ) ??
    differ("rejectors", rejectors, record.rejectors) ??
    differ("main rejector", names[decided.mainRejector], mainRejector(record)) ??
    compareVerdicts(record, cycle, profile)
  );
}

/** What each plugin makes of each feasible node, before and after normalisation. */
function compareScores(
  record: ReferenceRecord,
  feasible: Selection,
  cycle: Cycle,
  profile: Profile,
): string | undefined {
  if (record.scoringSkipped) return undefined;
  for (const { plugin } of profile.plugins) {
    const expected = record.feasible.map((name) => record.scores[plugin.name]?.[name]);
    const scoring = pluginScore(plugin, cycle);
    if (scoring === undefined) {
      // The fast side may also skip a plugin that gives every node the same 0.
      if (expected.every((one) => one === undefined || one.weighted === 0)) continue;
      return `${plugin.name}: no score; expected ${JSON.stringify(expected)}`;
    }
    const scores = new Int32Array(feasible.length);
    scoring.score(feasible, scores);
    const raw = [...scores];
    scoring.normalizeScore?.(scores, feasible);
    const difference =
      differ(
        `raw scores of ${plugin.name}`,
        raw,
        expected.map((one) => one?.raw),
      ) ??
      differ(
        `normalised scores of ${plugin.name}`,
        [...scores],
        expected.map((one) => one?.normalized),
      );
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The plugin that rejected most nodes, the first of several; without nodes the first that rejected the pod. */
function mainRejector({ filter, rejectors }: ReferenceRecord): string | undefined {
  const statuses = Object.values(filter);
  let most = 0;
  let main: string | undefined = rejectors[0];
  for (const name of rejectors) {
    const count = statuses.filter(({ plugin }) => plugin === name).length;
    if (count <= most) continue;
    most = count;
    main = name;
  }
  return main;
}

/** Each plugin's one-node verdicts, on every node; and the first of them where a node was looked at. */
function compareVerdicts(record: ReferenceRecord, cycle: Cycle, profile: Profile): string | undefined {
  const { nodes } = cycle;
  const first = new Map<string, Status & { readonly plugin: string }>();
  for (const { plugin } of profile.plugins) {
    const expected = record.filterPerPlugin[plugin.name];
    const judge = plugin.judge?.(cycle);
    for (const node of nodes.order) {
      const status = judge?.(node);
      const name = nodes.name(node);
      const difference = differ(`${plugin.name} on ${name}`, status && plain(status), expected?.[name]);
      if (difference !== undefined && record.message !== undefined && expected !== undefined)
        return difference;
      if (status !== undefined && !first.has(name))
        first.set(name, { ...plain(status), plugin: plugin.name });
    }
  }
  for (const [name, status] of Object.entries(record.filter)) {
    const difference = differ(`verdict on ${name}`, first.get(name), status);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function plain({ code, reasons }: Status): Status {
  return { code, reasons };
}

function differ(what: string, got: unknown, expected: unknown): string | undefined {
  const texts = [got, expected].map((value) => JSON.stringify(value));
  return texts[0] === texts[1] ? undefined : `${what}: got ${texts[0]}, expected ${texts[1]}`;
}
