import type { ObjectMeta, ResourceAmounts } from "./object-meta.ts";
import type { Taint } from "./taint.ts";

/** A Node as the API holds it, reduced to what scheduling and the control plane read. */
export interface NodeObject {
  readonly kind: "Node";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: NodeSpec;
  readonly status?: NodeStatus;
}

export interface NodeSpec {
  readonly unschedulable?: boolean;
  readonly taints?: readonly Taint[];
}

export interface NodeStatus {
  readonly allocatable?: ResourceAmounts;
  readonly capacity?: ResourceAmounts;
  readonly images?: readonly ContainerImage[];
  /** In the order given: upstream trusts it to be sorted. */
  readonly declaredFeatures?: readonly string[];
  readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
}

export interface ContainerImage {
  readonly names?: readonly string[];
  readonly sizeBytes?: number;
}
