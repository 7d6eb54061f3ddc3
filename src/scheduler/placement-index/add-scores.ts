/** Adds weighted scores to totals; false when one leaves 0..100. */
export function addScores(scores: Int32Array, weight: number, totals: Int32Array, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const score = scores[i];
    if (score < 0 || score > 100) return false;
    totals[i] += score * weight;
  }
  return true;
}
