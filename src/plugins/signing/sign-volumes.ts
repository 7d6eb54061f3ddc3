import type { PodKind } from "../../cluster/pod-kind.ts";
import type { SignFragments } from "../../scheduler/batching/sign.ts";

/** Where the pod's volumes come from; configuration and secrets, which pods have of their own, are not among them. */
export function signVolumes({ spec: { volumes = [] } }: PodKind): SignFragments {
  // Upstream's JSON leaves `false` out.
  const present = (_key: string, value: unknown) => (value === false ? undefined : value);
  const sources = volumes.map(({ name: _name, ...source }) => JSON.stringify(source, present));
  return { "v1.Pod.Spec.Volumes.NonSyntheticSources()": sources.sort() };
}
