import type { Measure } from "../metrics/measure.ts";
import { differenceUnit, figure, range } from "./numbers.ts";

/** A difference in words, between two ends of one sign: how much, and which way. */
export interface Difference {
  readonly low: number;
  readonly high: number;
}

/**
 * A difference as the rest of a sentence that begins with the policy's name: "allocates 2.1 to 3.4 points more GPU at 130 % asked than
 * default". Measures whose name allows it get a verb of their own; the others are named by their title.
 */
export function claim(measure: Measure, difference: Difference, baseline: string): string {
  const { low, high } = difference;
  const title = inSentence(measure.title);
  if (low === 0 && high === 0) return `equals ${baseline} in ${title}`;
  if (low < 0 && high > 0)
    return `lies between ${bothWays(measure, difference)} than ${baseline} in ${title}`;
  const up = high > 0;
  const size = up ? range(low, high) : range(-high, -low);
  const verb = verbs.find(([pattern]) => pattern.test(measure.name))?.[1];
  if (verb !== undefined) return `${verb(size, up, measure.title)} than ${baseline}`;
  return `has ${title} ${amount(size, measure)} ${up ? "higher" : "lower"} than ${baseline}`;
}

/** "0.3 points lower and 0.4 points higher", of a difference whose sign is open. */
export function bothWays(measure: Measure, { low, high }: Difference): string {
  return `${amount(figure(-low), measure)} lower and ${amount(figure(high), measure)} higher`;
}

/** A title within a sentence: "GPU allocation" stays, "Pods pending" becomes "pods pending". */
export function inSentence(title: string): string {
  return /^.[A-Z]/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

type Verb = (size: string, up: boolean, title: string) => string;

const verbs: readonly (readonly [RegExp, Verb])[] = [
  [
    /Allocation(At\d+|AtEnd)?$/,
    (size, up, title) => {
      const [resource, when] = inSentence(title).split(" allocation");
      return `allocates ${size} points ${up ? "more" : "less"} ${resource}${when ?? ""}`;
    },
  ],
  [/^podsPending$/, (size, up) => `leaves ${size} ${fewer(up)} pods pending at the end`],
  [/^podsBound$/, (size, up) => `binds ${size} ${fewer(up)} pods`],
  [/^podsFinished$/, (size, up) => `finishes ${size} ${fewer(up)} pods`],
  [/^nodesUsed$/, (size, up) => `uses ${size} ${fewer(up)} nodes at the end`],
  [/^nodesUsedPeak$/, (size, up) => `uses ${size} ${fewer(up)} nodes at its peak`],
  [/^nodesEmpty$/, (size, up) => `leaves ${size} ${fewer(up)} nodes empty at the end`],
];

function fewer(up: boolean): string {
  return up ? "more" : "fewer";
}

function amount(size: string, measure: Measure): string {
  const unit = differenceUnit(measure.unit);
  return unit === "" ? size : `${size} ${unit}`;
}
