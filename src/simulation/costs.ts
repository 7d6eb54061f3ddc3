import type { Costs } from "../workload/workload.ts";

/**
 * Simulated costs where a workload names none. An attempt costs what kube-scheduler's algorithm alone was measured to
 * take at 5,000 nodes (1.1 ms, of which sampling looks at 500 nodes); binding and start are round figures for a quiet
 * cluster with images present. They decide how long pods wait, not where they go.
 */
export const DEFAULT_COSTS: Costs = {
  attemptUs: 250,
  nodeUs: 1.7,
  bindUs: 10_000,
  startUs: 1_000_000,
  nodeLossUs: 340_000_000,
};

export const COST_NAMES: Readonly<Record<keyof Costs, string>> = {
  attemptUs: "one scheduling attempt, microseconds",
  nodeUs: "and for each node it evaluates, microseconds",
  bindUs: "from the decision to the binding, microseconds",
  startUs: "from the binding to running containers, microseconds",
  nodeLossUs:
    "from the loss of a node to the deletion of its pods (40 s grace, 300 s toleration), microseconds",
};
