/** The forced number of feasible nodes, never more than there are candidates. */
export function forcedSample(sample: number): (percentage: number, candidates: number) => number {
  return (_, candidates) => Math.max(1, Math.min(sample, candidates));
}
