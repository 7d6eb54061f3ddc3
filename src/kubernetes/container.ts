import type { ResourceAmounts } from "./object-meta.ts";

export interface Container {
  readonly name?: string;
  readonly image?: string;
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string;
  readonly restartPolicyRules?: readonly { readonly action?: string }[];
  readonly resources?: ContainerResources;
  readonly ports?: readonly ContainerPort[];
  /** Only the mounts with `bindMountOptions`, which ask for a declared feature of the node. */
  readonly volumeMounts?: readonly VolumeMount[];
}

export interface EphemeralContainer {
  readonly name?: string;
  readonly volumeMounts?: readonly VolumeMount[];
}

export interface ContainerResources {
  readonly requests?: ResourceAmounts;
  /** The API server copies a limit to a missing request when a pod is created; scheduling reads requests only. */
  readonly limits?: ResourceAmounts;
  readonly claims?: readonly { readonly name?: string; readonly request?: string }[];
}

export interface ContainerPort {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  /** TCP when absent. */
  readonly protocol?: string;
}

export interface VolumeMount {
  readonly bindMountOptions?: readonly string[];
}
