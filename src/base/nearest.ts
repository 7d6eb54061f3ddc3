/** The candidate closest to `word` by edit distance, if it is close enough to be a typo of it. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `unknown noun: value, did you mean nearest?`, or with the list of what there is. */
export function unknown(noun: string, value: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const close = nearest(value, all);
  return close === undefined
    ? `unknown ${noun}: ${JSON.stringify(value)}; one of ${all.join(", ")}`
    : `unknown ${noun}: ${JSON.stringify(value)}, did you mean ${close}?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length];
}
