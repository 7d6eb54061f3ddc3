/**
 * The t that a Student variate with a whole number of degrees of freedom stays within on both sides, with a probability. From the
 * closed forms of the distribution (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4), by bisection.
 */
export function studentT(probability: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (within(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (within(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(-t <= T <= t). */
function within(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const sine = Math.sin(angle);
  const square = Math.cos(angle) ** 2;
  const odd = degrees % 2 === 1;
  // Each term is the one before times cos^2 and a fraction of neighbouring whole numbers.
  let term = odd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let k = odd ? 3 : 2; k <= degrees; k += 2) {
    sum += term;
    term *= (square * (k - 1)) / k;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
