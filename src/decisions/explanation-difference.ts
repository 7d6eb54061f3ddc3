import type { TieBreak } from "../scheduler/profile.ts";
import { chosenNode } from "./explanation-choice.ts";
import type { Decision } from "./explanation-decision.ts";
import type { DecisionRecord, RecordedStatus } from "./recorded-case.ts";

/** The same pod under two policies: what each decides, and where they part. */
export interface PolicyDifference {
  readonly sides: readonly [DecisionSide, DecisionSide];
  readonly parts: {
    /** The first step at which they are not the same; `nowhere` when they are the same throughout. */
    readonly at: "outcome" | "filter" | "score" | "tie" | "nowhere";
    readonly plugin?: string;
    readonly words: string;
  };
  /** Plugins that score under either policy: the weighted points of both chosen nodes, under each policy. */
  readonly points: readonly {
    readonly plugin: string;
    readonly byNode: Readonly<Record<string, readonly [number | null, number | null]>>;
  }[];
}

export interface DecisionSide {
  readonly policy: string;
  readonly outcome: DecisionRecord["outcome"];
  readonly node: string | null;
  readonly message?: string;
  readonly decision: DecisionRecord;
}

interface Side {
  readonly decision: Decision;
  readonly rule: TieBreak;
}

export function policyDifference(first: Side, second: Side): PolicyDifference {
  const sides = [sideOf(first), sideOf(second)] as const;
  const [a, b] = [first.decision.record, second.decision.record];
  const chosen = [...new Set(sides.flatMap(({ node }) => node ?? []))];
  const plugins = new Set([...Object.keys(a.scores ?? {}), ...Object.keys(b.scores ?? {})]);
  return {
    sides,
    parts: whereTheyPart(first, second, sides),
    points: [...plugins].map((plugin) => ({
      plugin,
      byNode: Object.fromEntries(
        chosen.map((node) => [
          node,
          [
            a.scores?.[plugin]?.[node]?.weighted ?? null,
            b.scores?.[plugin]?.[node]?.weighted ?? null,
          ] as const,
        ]),
      ),
    })),
  };
}

function sideOf({ decision: { record, profile }, rule }: Side): DecisionSide {
  const { outcome, message } = record;
  return {
    policy: profile.name,
    outcome,
    node: chosenNode(record, rule) ?? null,
    ...(message !== undefined && { message }),
    decision: record,
  };
}

function whereTheyPart(
  first: Side,
  second: Side,
  [a, b]: readonly [DecisionSide, DecisionSide],
): PolicyDifference["parts"] {
  const [one, other] = [a.decision, b.decision];
  const rejection = differentRejection(one, other);
  if (rejection !== undefined) {
    const [node, x, y] = rejection;
    const plugin = x?.plugin ?? y?.plugin;
    const said = (status: RecordedStatus | undefined) =>
      status === undefined ? "lets it pass" : `rejects it: ${(status.reasons ?? []).join(", ")}`;
    const words = `They part at the filters: of ${node}, ${a.policy} ${said(x)}; ${b.policy} ${said(y)}.`;
    return { at: "filter", ...(plugin !== undefined && { plugin }), words };
  }
  if (a.outcome !== b.outcome) {
    return { at: "outcome", words: `They part at the outcome: ${a.outcome} and ${b.outcome}.` };
  }
  const scored = differentScore(first.decision, second.decision, [a.node, b.node]);
  if (scored !== undefined) {
    const { plugin, node, points } = scored;
    const text = (value: number | undefined) => (value === undefined ? "does not ask it" : `${value} points`);
    const same = a.node === b.node ? ", though both choose the same node" : "";
    const words = `They part at ${plugin}, on ${node}: ${a.policy} ${text(points[0])}, ${b.policy} ${text(points[1])}${same}.`;
    return { at: "score", plugin, words };
  }
  if (a.node !== b.node) {
    const words = `Equal points: they part at the tie rule (${first.rule} and ${second.rule}).`;
    return { at: "tie", words };
  }
  if (a.message !== b.message) {
    return { at: "outcome", words: "The same verdicts on every node; what preemption would do differs." };
  }
  return { at: "nowhere", words: "They decide alike, by the same verdicts and points." };
}

/** The first node, as the first policy has them, about which both looked and said different things. */
function differentRejection(
  a: DecisionRecord,
  b: DecisionRecord,
): readonly [string, RecordedStatus | undefined, RecordedStatus | undefined] | undefined {
  const looked = (record: DecisionRecord, node: string) =>
    record.filter?.[node] !== undefined || record.feasible?.includes(node) === true;
  for (const node of new Set([...Object.keys(a.filter ?? {}), ...Object.keys(b.filter ?? {})])) {
    const [x, y] = [a.filter?.[node], b.filter?.[node]];
    if (x?.plugin !== y?.plugin && looked(a, node) && looked(b, node)) return [node, x, y];
  }
  return undefined;
}

/** The first plugin, in the order of the first profile, that gives a chosen node different points, or any node. */
function differentScore(
  first: Decision,
  second: Decision,
  chosen: readonly (string | null)[],
):
  | { readonly plugin: string; readonly node: string; readonly points: readonly [number?, number?] }
  | undefined {
  const [a, b] = [first.record.scores ?? {}, second.record.scores ?? {}];
  const names = [...first.profile.plugins, ...second.profile.plugins].map(({ plugin }) => plugin.name);
  const nodes = [...chosen.flatMap((node) => node ?? []), ...(first.record.feasible ?? [])];
  for (const plugin of new Set(names)) {
    if (a[plugin] === undefined && b[plugin] === undefined) continue;
    for (const node of nodes) {
      const points = [a[plugin]?.[node]?.weighted, b[plugin]?.[node]?.weighted] as const;
      if (points[0] !== points[1]) return { plugin, node, points };
    }
  }
  return undefined;
}
