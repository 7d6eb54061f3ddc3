import { type Family, families } from "../families.ts";
import type { Size } from "../size.ts";
import type { PointSpec } from "./steady-cycles.ts";

export type Axis = "nodes" | "kinds" | "domains";

/** What is varied, over which sizes, and what stays the same. */
export interface Curve {
  readonly name: string;
  readonly family: Family;
  readonly axis: Axis;
  readonly sizes: readonly number[];
  readonly specAt: (size: number) => PointSpec;
}

interface Sizes {
  readonly nodes: readonly number[];
  /** Beyond these, for pods without constraints. */
  readonly moreNodes: readonly number[];
  readonly kinds: readonly number[];
  /** Beyond these, for pods without constraints: with them so many indexes exceed the memory that they may have. */
  readonly moreKinds: readonly number[];
  readonly domains: readonly number[];
  /** Where nodes are not what is varied. */
  readonly fixedNodes: number;
  readonly pods: number;
}

const SIZES: Readonly<Record<Size, Sizes>> = {
  small: {
    nodes: [100, 300, 1000],
    moreNodes: [],
    kinds: [1, 10],
    moreKinds: [100],
    domains: [3, 30],
    fixedNodes: 300,
    pods: 200,
  },
  full: {
    nodes: [100, 1000, 10_000, 100_000],
    moreNodes: [1_000_000],
    kinds: [1, 10, 100, 1000],
    moreKinds: [10_000],
    domains: [3, 10, 30, 100, 300, 1000],
    fixedNodes: 5000,
    pods: 5000,
  },
};

/** Upstream's workloads have three zones. */
const ZONES = 3;

/** The policy under which every node is scored. */
const ALL_NODES = "default-all-nodes";

export const SCAN = ", scan";
export const ALL_SCORED = ", all nodes scored";
const UNIQUE = ", every pod unique";
export const UNIQUE_SCORED = `${UNIQUE}${ALL_SCORED}`;

const SPREADING = [families.hardZone, families.softZone, families.preferredZoneAffinity];

export function scalingCurves(size: Size): Curve[] {
  const { nodes, moreNodes, kinds, moreKinds, domains, fixedNodes, pods } = SIZES[size];
  const fixed = { nodes: fixedNodes, domains: ZONES, kinds: 1, algorithm: "index", pods } as const;
  const curve = (
    family: Family,
    axis: Axis,
    sizes: readonly number[],
    more: Partial<PointSpec> = {},
    note = "",
  ): Curve => ({
    name: `${family.name}${note}`,
    family,
    axis,
    sizes,
    specAt: (at) => ({ ...fixed, family, ...more, [axis]: at }),
  });
  const { basic, hardZone } = families;
  const all: readonly Family[] = Object.values(families);
  const scan = { algorithm: "scan" } as const;
  const unique = { unique: true, requests: "own" } as const;
  const manyKinds = [...kinds, ...moreKinds];
  const most = manyKinds.slice(-1);
  const everyOne = { ...unique, pods: most[0] };
  const scored = { policy: ALL_NODES } as const;
  return [
    ...all.map((family) => curve(family, "nodes", family === basic ? [...nodes, ...moreNodes] : nodes)),
    curve(basic, "nodes", nodes, unique, UNIQUE),
    curve(basic, "nodes", nodes, scan, SCAN),
    curve(hardZone, "nodes", nodes, scan, SCAN),
    ...all.map((family) => curve(family, "kinds", family === basic ? manyKinds : kinds)),
    curve(basic, "kinds", manyKinds, { requests: "own" }, ", own requests"),
    curve(basic, "kinds", manyKinds, scored, ALL_SCORED),
    curve(basic, "kinds", most, { ...scored, ...scan }, `${ALL_SCORED}${SCAN}`),
    curve(basic, "kinds", most, { ...scored, ...everyOne }, UNIQUE_SCORED),
    curve(basic, "kinds", most, { ...scored, ...everyOne, ...scan }, `${UNIQUE_SCORED}${SCAN}`),
    ...SPREADING.map((family) => curve(family, "domains", domains)),
  ];
}
