import type { NormalizedScore, NormalizeScore, Score } from "../../scheduler/plugin.ts";
import type { Selection } from "../../scheduler/selection.ts";
import type { KeyPods } from "./spread-counts.ts";
import { domainOf, HOSTNAME, type SpreadKey, type SpreadNodes } from "./spread-nodes.ts";

const MAX_NODE_SCORE = 100;

/** How one constraint scores a node that has its key. */
interface KeyScore {
  readonly key: SpreadKey;
  /** ln(domains + 2): constraints with many domains weigh more. */
  readonly weight: number;
  readonly pods: KeyPods;
}

/**
 * Prefers domains with few matching pods. The raw score is upstream's and depends on the feasible nodes, whose domains
 * alone are weighed; so it is the one score that is not the same in any company.
 * Source: pkg/scheduler/framework/plugins/podtopologyspread/scoring.go.
 */
export function spreadScore(
  nodes: SpreadNodes,
  pods: readonly KeyPods[],
  requireAll: boolean,
): NormalizedScore {
  const isIgnored = (node: number): boolean => requireAll && nodes.carriesAll[node] === 0;
  const score: Score = (feasible, scores) => {
    const { rows, length } = feasible;
    const keyScores = nodes.keys.map((key, i) => keyScore(key, pods[i], feasible, isIgnored));
    for (let i = 0; i < length; i++) {
      scores[i] = isIgnored(rows[i]) ? 0 : Math.round(sumOf(keyScores, rows[i]));
    }
  };
  return { score, normalizeScore: normalize(isIgnored) };
}

function keyScore(
  key: SpreadKey,
  pods: KeyPods,
  { rows, length, counts }: Selection,
  isIgnored: (node: number) => boolean,
): KeyScore {
  const { constraint, valueCount } = key;
  const registered = new Uint8Array(valueCount);
  let scored = 0;
  let domains = 0;
  for (let i = 0; i < length; i++) {
    if (isIgnored(rows[i])) continue;
    scored += counts === undefined ? 1 : counts[i];
    const value = domainOf(key, rows[i]);
    if (registered[value] === 1) continue;
    registered[value] = 1;
    domains++;
  }
  if (constraint.topologyKey === HOSTNAME) return { key, pods, weight: Math.log(scored + 2) };
  return { key, pods, weight: Math.log(domains + 2) };
}

/** The order of operations is upstream's: the last bit may decide the rounding. */
function sumOf(keyScores: readonly KeyScore[], node: number): number {
  let sum = 0;
  for (const { key, weight, pods } of keyScores) {
    const value = key.values[node];
    if (value === 0) continue;
    const count = pods.onNode === undefined ? pods.byValue[value] : pods.onNode[node];
    sum += count * weight + (key.constraint.maxSkew - 1);
  }
  return sum;
}

/** The node with the greatest raw score gets the least; ignored nodes get 0. */
function normalize(isIgnored: (node: number) => boolean): NormalizeScore {
  return (scores, { rows, length }) => {
    let least = Number.POSITIVE_INFINITY;
    let greatest = 0;
    for (let i = 0; i < length; i++) {
      if (isIgnored(rows[i])) continue;
      least = Math.min(least, scores[i]);
      greatest = Math.max(greatest, scores[i]);
    }
    for (let i = 0; i < length; i++) {
      if (isIgnored(rows[i])) scores[i] = 0;
      else if (greatest === 0) scores[i] = MAX_NODE_SCORE;
      else scores[i] = Math.trunc((MAX_NODE_SCORE * (greatest + least - scores[i])) / greatest);
    }
  };
}
