import { BATCHING_CASE, KINDS_CASE, LADDER_CASE } from "./cases.ts";
import type { ComparedCase } from "./compare-case.ts";

export interface Rung {
  readonly what: string;
  readonly side: "ours" | "kube-scheduler";
  /** Pods a second, from least to most; undefined where it was not measured in this run. */
  readonly perSecond: readonly [low: number, high: number] | undefined;
}

/** scheduler_perf with its API server and etcd, kube-scheduler v1.37.2, measured on a two-core machine and quoted here. */
const END_TO_END = [130, 240] as const;

/** SchedulingBasic at 5,000 nodes, from everything that a cluster does to the fastest way to decide. */
export function ladder(cases: readonly ComparedCase[]): Rung[] {
  const named = (name: string): ComparedCase | undefined => cases.find((one) => one.name === name);
  const one = (rate: number | undefined): Rung["perSecond"] =>
    rate === undefined ? undefined : [rate, rate];
  const basic = named(LADDER_CASE);
  const theirs = (what: string, perSecond: Rung["perSecond"]): Rung => ({
    what,
    side: "kube-scheduler",
    perSecond,
  });
  const ours = (what: string, rate: number | undefined): Rung => ({
    what,
    side: "ours",
    perSecond: one(rate),
  });
  return [
    theirs("end to end with API server and etcd (quoted: scheduler_perf, v1.37.2)", END_TO_END),
    theirs("decision code", one(basic?.theirsPerSecond)),
    theirs("decision code, opportunistic batching in effect", one(named(BATCHING_CASE)?.theirsPerSecond)),
    ours("ours, every node looked at again for every pod (scan)", basic?.variants["scan"]),
    ours("ours, 10,000 kinds in turn", named(KINDS_CASE)?.oursPerSecond),
    ours("ours, pods from templates, tie rule upstream", basic?.oursPerSecond),
    ours("ours, the same with tie rule first", basic?.variants["first"]),
  ];
}
