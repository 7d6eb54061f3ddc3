export { checkInvariants, invariants } from "../invariants/check-invariants.ts";
export type { Invariant } from "../invariants/invariant.ts";
export type { PlacedPod } from "../reference/reference-plugin.ts";
export {
  type ReferencePluginUse,
  type ReferencePolicy,
  type ReferenceStrategy,
  referencePolicy,
} from "../reference/reference-policy.ts";
export type { PluginStatus, ReferenceRecord, ReferenceScore } from "../reference/reference-record.ts";
export { type ReferenceInput, referenceScheduler } from "../reference/reference-scheduler.ts";
export { arbitraries } from "./arbitraries.ts";
export type { ClusterHistory } from "./arbitrary-history.ts";
export type { HistoryStep } from "./arbitrary-step.ts";
export { type DrawnCluster, drawCluster } from "./draw-cluster.ts";
export { type PluginLawsOptions, pluginLaws } from "./plugin-laws.ts";
