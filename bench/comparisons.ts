import { digest } from "../src/base/digest.ts";
import { InvariantViolation } from "../src/base/errors.ts";
import { PlainKernel } from "../src/scheduler/fused-scan/plain-kernel.ts";
import { type Family, families } from "./families.ts";
import { fusedScanRuns } from "./fused-scan-subject.ts";
import { type PairedRounds, pairedRounds } from "./paired-rounds.ts";
import { placementRuns } from "./placement-subject.ts";
import { preemptionRuns } from "./preemption-subject.ts";
import type { Size } from "./size.ts";
import type { Prepared } from "./subject.ts";

/** Two ways to the same result. */
export interface Comparison {
  readonly name: string;
  readonly prepare: (size: Size) => readonly [slow: Prepared, fast: Prepared];
}

export interface Compared extends PairedRounds {
  readonly name: string;
  readonly digest: string;
}

const all: readonly Family[] = Object.values(families);

export const comparisons: readonly Comparison[] = [
  ...all.map(
    (family): Comparison => ({
      name: `index against scan, ${family.name}`,
      prepare(size) {
        const extent = size === "full" ? { nodes: 5000, pods: 50 } : { nodes: 100, pods: 20 };
        return [placementRuns(family, extent, "scan"), placementRuns(family, extent, "index")];
      },
    }),
  ),
  {
    name: "fused scan, WebAssembly against JavaScript",
    prepare: (size) => [fusedScanRuns(size, (rows) => new PlainKernel(rows)), fusedScanRuns(size)],
  },
  {
    name: "preemption, dry runs remembered against made anew",
    prepare: (size) => [preemptionRuns(size, "scan"), preemptionRuns(size, "index")],
  },
];

const ROUNDS = { small: { rounds: 6, time: 1 }, full: { rounds: 20, time: 25 } } as const;

/**
 * Compares the two sides in paired rounds.
 * @throws InvariantViolation when their results differ
 */
export function runComparison({ name, prepare }: Comparison, size: Size): Compared {
  const [slow, fast] = prepare(size);
  const [expected, seen] = [digest(slow.run()), digest(fast.run())];
  if (seen !== expected) throw new InvariantViolation(`${name}: results differ: ${seen}, not ${expected}`);
  return { name, digest: seen, ...pairedRounds(slow, fast, ROUNDS[size]) };
}
