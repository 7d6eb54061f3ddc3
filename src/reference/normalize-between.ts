/** The least becomes 0 and the greatest 100, in integers; all equal become 0. */
export function normalizeBetween(scores: readonly bigint[]): bigint[] {
  const sorted = [...scores].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const least = sorted[0];
  const greatest = sorted.at(-1)!;
  if (least === greatest) return scores.map(() => 0n);
  return scores.map((score) => ((score - least) * 100n) / (greatest - least));
}
