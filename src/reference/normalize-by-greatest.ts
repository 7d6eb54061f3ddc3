/** The greatest becomes 100; reversed, it becomes 0 (kube-scheduler's DefaultNormalizeScore), in int64. */
export function normalizeByGreatest(scores: readonly bigint[], reverse: boolean): bigint[] {
  let greatest = 0n;
  for (const score of scores) if (score > greatest) greatest = score;
  if (greatest === 0n) return scores.map((score) => (reverse ? 100n : score));
  return scores.map((score) => {
    const scaled = (100n * score) / greatest;
    return reverse ? 100n - scaled : scaled;
  });
}
