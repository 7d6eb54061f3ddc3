import { median } from "../../src/statistics/quantile.ts";
import type { Axis, Curve } from "./curves.ts";
import { type GrowthFit, growthFit, growthPerTenfold } from "./growth-fit.ts";
import { type PointSpec, type Sample, SteadyCycles } from "./steady-cycles.ts";

export interface Repeats {
  /** Samples of each point. */
  readonly samples: number;
  /** A point that has three samples gets no more beyond so many seconds. */
  readonly seconds: number;
  /** Each point runs at least so long before it is sampled, and twice. */
  readonly warmUpMs: number;
}

export interface MeasuredPoint {
  readonly size: number;
  readonly nodes: number;
  readonly domains: number;
  readonly kinds: number;
  /** Pods timed in each round of a sample, and rounds. */
  readonly pods: number;
  readonly rounds: number;
  /** Microseconds per pod. */
  readonly us: { readonly median: number; readonly min: number; readonly max: number };
  readonly samples: readonly number[];
  readonly digest: string;
}

export interface MeasuredCurve {
  readonly name: string;
  readonly axis: Axis;
  readonly family: string;
  readonly algorithm: PointSpec["algorithm"];
  readonly policy: string;
  readonly requests: string;
  readonly points: readonly MeasuredPoint[];
  /** Undefined with a single point. */
  readonly fit: GrowthFit | undefined;
  /** From each point to the next. */
  readonly perTenfold: readonly number[];
}

const ENOUGH = 3;
/** A warm-up that takes so long is the only one. */
const LONG_MS = 2000;

interface Running {
  readonly size: number;
  readonly spec: PointSpec;
  readonly cycles: SteadyCycles;
  readonly samples: Sample[];
  /** Milliseconds with all that is not timed. */
  spent: number;
}

/**
 * Samples all sizes of a curve in turn, up and down again, so that what the machine does meanwhile hits all of them.
 * @throws Error when two samples of a point differ in their placements
 */
export function measureCurve(curve: Curve, { samples, seconds, warmUpMs }: Repeats): MeasuredCurve {
  const running = curve.sizes.map((size): Running => {
    const spec = curve.specAt(size);
    return { size, spec, cycles: new SteadyCycles(spec), samples: [], spent: 0 };
  });
  for (const { cycles } of running) warmUp(cycles, warmUpMs);
  for (let round = 0; round < samples; round++) {
    for (const point of round % 2 === 0 ? running : running.toReversed()) {
      if (point.samples.length >= ENOUGH && point.spent > 1000 * seconds) continue;
      const before = performance.now();
      point.samples.push(point.cycles.sample());
      point.spent += performance.now() - before;
    }
  }
  return measuredCurve(curve, running.map(measuredPoint));
}

function warmUp(cycles: SteadyCycles, atLeastMs: number): void {
  const before = performance.now();
  cycles.sample();
  if (performance.now() - before > LONG_MS) return;
  do cycles.sample();
  while (performance.now() - before < atLeastMs);
}

function measuredPoint({ size, spec, cycles, samples }: Running): MeasuredPoint {
  const us = samples.map(({ usPerPod }) => usPerPod);
  const [{ digest }] = samples;
  if (samples.some((sample) => sample.digest !== digest)) {
    throw new Error(`${spec.family.name}, ${size}: samples differ in their placements`);
  }
  const { nodes, domains, kinds } = spec;
  return {
    size,
    nodes,
    domains,
    kinds,
    pods: cycles.pods,
    rounds: cycles.rounds,
    us: { median: median(us), min: Math.min(...us), max: Math.max(...us) },
    samples: us,
    digest,
  };
}

function measuredCurve(
  { name, axis, family, specAt }: Curve,
  points: readonly MeasuredPoint[],
): MeasuredCurve {
  const { algorithm, policy = "default", requests = "shared" } = specAt(points[0].size);
  const sizes = points.map(({ size }) => size);
  const costs = points.map(({ us }) => us.median);
  return {
    name,
    axis,
    family: family.name,
    algorithm,
    policy,
    requests,
    points,
    fit: points.length < 2 ? undefined : growthFit(sizes, costs),
    perTenfold: points
      .slice(1)
      .map((_, i) => growthPerTenfold([sizes[i], sizes[i + 1]], [costs[i], costs[i + 1]])),
  };
}
