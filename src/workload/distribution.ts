/** A distribution of a positive amount, in whatever unit its user keeps (microseconds, thousandths of a quantity, pods). */
export type Distribution = Bounds & Law;

interface Bounds {
  /** Draws outside are moved to the nearest end. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Draws are rounded up to a multiple of it; finer draws are kept when there is none. */
  readonly grid?: number | undefined;
}

type Law =
  | { readonly distribution: "constant"; readonly value: number }
  | { readonly distribution: "uniform"; readonly min: number; readonly max: number }
  | { readonly distribution: "exponential"; readonly mean: number }
  | { readonly distribution: "lognormal"; readonly median: number; readonly sigma: number }
  | { readonly distribution: "pareto"; readonly scale: number; readonly shape: number }
  | { readonly distribution: "weibull"; readonly scale: number; readonly shape: number }
  | {
      readonly distribution: "empirical";
      readonly values: readonly number[];
      readonly weights?: readonly number[] | undefined;
    };

/**
 * The value below which a share `u` (0 <= u < 1) of the distribution lies. One uniform number makes one draw, whatever the
 * distribution, so that changing the law of one amount moves no other draw.
 */
export function quantile(law: Distribution, u: number): number {
  const value = unclamped(law, u);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, grid } = law;
  const clamped = Math.min(max, Math.max(min, value));
  // A hair is taken off, so that a draw on the grid stays there in spite of rounding.
  return grid === undefined ? clamped : Math.max(1, Math.ceil(clamped / grid - 1e-9)) * grid;
}

function unclamped(law: Law, u: number): number {
  switch (law.distribution) {
    case "constant":
      return law.value;
    case "uniform":
      return law.min + u * (law.max - law.min);
    case "exponential":
      return -law.mean * Math.log1p(-u);
    case "lognormal":
      return law.median * Math.exp(law.sigma * normalQuantile(u));
    case "pareto":
      return law.scale * (1 - u) ** (-1 / law.shape);
    case "weibull":
      return law.scale * (-Math.log1p(-u)) ** (1 / law.shape);
    case "empirical":
      return law.values[weightedChoice(law.weights ?? law.values.map(() => 1), u)];
  }
}

/** The first place at which the running share of the weights exceeds `u`. */
export function weightedChoice(weights: readonly number[], u: number): number {
  let rest = u * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [place, weight] of weights.entries()) {
    if (rest < weight) return place;
    rest -= weight;
  }
  // Rounding ate the last crumb: the last place that can be chosen at all.
  return weights.findLastIndex((weight) => weight > 0);
}

/** Relative error below 1.2e-9. Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function". */
function normalQuantile(u: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const tail = 0.02425;
  // A share of exactly 0 would be minus infinity; half the step of a 53-bit draw stands for it.
  const p = Math.max(u, 2 ** -54);
  if (p < tail) return ratio(c, d, Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - tail) return -ratio(c, d, Math.sqrt(-2 * Math.log1p(-p)));
  const q = p - 0.5;
  return q * ratio(a, b, q * q);
}

/** A quotient of polynomials, highest power first. */
function ratio(numerator: readonly number[], denominator: readonly number[], x: number): number {
  const at = (coefficients: readonly number[]) =>
    coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
  return at(numerator) / at(denominator);
}
