import type { NormalizeScore } from "./plugin.ts";

const MAX_NODE_SCORE = 100;

/**
 * Scales raw scores so that the greatest becomes 100; reversed, so that it becomes 0 (upstream: DefaultNormalizeScore in
 * pkg/scheduler/framework/plugins/helper/normalize_score.go).
 */
export function defaultNormalizeScore(reverse: boolean): NormalizeScore {
  return (scores, { length }) => {
    let max = 0;
    for (let i = 0; i < length; i++) if (scores[i] > max) max = scores[i]!;
    if (max === 0) {
      if (reverse) scores.fill(MAX_NODE_SCORE, 0, length);
      return;
    }
    for (let i = 0; i < length; i++) {
      const scaled = Math.trunc((MAX_NODE_SCORE * scores[i]) / max);
      scores[i] = reverse ? MAX_NODE_SCORE - scaled : scaled;
    }
  };
}

/**
 * Spreads raw scores over 0..100 between the smallest and the greatest, in integers; all equal gives `whenEqual`
 * (the min-max normalisation of the policies in the published GPU experiments).
 */
export function minMaxNormalizeScore(whenEqual: number): NormalizeScore {
  return (scores, { length }) => {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      if (scores[i] < min) min = scores[i]!;
      if (scores[i] > max) max = scores[i]!;
    }
    for (let i = 0; i < length; i++) {
      scores[i] = max === min ? whenEqual : Math.trunc(((scores[i] - min) * MAX_NODE_SCORE) / (max - min));
    }
  };
}
