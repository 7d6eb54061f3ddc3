import { isDeviceBackedResource, isScalarResource } from "../kubernetes/resource-name.ts";
import { classBehind } from "./device-claims-extended.ts";
import { fitScore } from "./fit-score.ts";
import { allocatableOf, usedOf } from "./node-amounts.ts";
import { amountsOf } from "./pod-amounts.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";
import type { ReferenceStrategy } from "./reference-policy.ts";

export function referenceNodeResourcesFit(strategy: ReferenceStrategy): ReferencePlugin {
  return {
    filter(pod, node, cluster) {
      const reasons: string[] = [];
      let unresolvable = false;
      const request = amountsOf(pod, "requested");
      if (BigInt(node.pods.length) + 1n > allocatableOf(node, "pods")) reasons.push("Too many pods");
      const check = (resource: string, isRequested: (amount: bigint) => boolean): void => {
        const amount = request.get(resource) ?? 0n;
        if (!isRequested(amount)) return;
        const allocatable = allocatableOf(node, resource);
        const left = BigInt.asIntN(64, allocatable - usedOf(node, resource, "held"));
        if (amount <= left) return;
        reasons.push(`Insufficient ${resource}`);
        if (amount > allocatable) unresolvable = true;
      };
      for (const resource of ["cpu", "memory", "ephemeral-storage"]) check(resource, (amount) => amount > 0n);
      // DynamicResources answers for what devices provide.
      const isDelegated = (resource: string): boolean =>
        isDeviceBackedResource(resource) &&
        allocatableOf(node, resource) <= 0n &&
        classBehind(resource, cluster) !== undefined;
      const scalars = [...request.keys()]
        .filter((name) => isScalarResource(name) && !isDelegated(name))
        .sort();
      for (const resource of scalars) check(resource, (amount) => amount !== 0n);
      if (reasons.length === 0) return undefined;
      return { code: unresolvable ? "UnschedulableAndUnresolvable" : "Unschedulable", reasons };
    },
    score: (pod, node, cluster) => fitScore(strategy, pod, node, cluster),
  };
}
