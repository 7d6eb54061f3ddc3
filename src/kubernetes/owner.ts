import type { LabelSelector } from "./label-selector.ts";
import type { ObjectMeta } from "./object-meta.ts";
import type { PodSpec } from "./pod.ts";

export const ownerKinds = [
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "ReplicationController",
] as const;
export type OwnerKind = (typeof ownerKinds)[number];

/** An object that makes pods from a template. Fields that a kind does not have are absent. */
export interface OwnerObject {
  readonly kind: OwnerKind;
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: OwnerSpec;
}

export interface OwnerSpec extends JobSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  /** How a Deployment replaces pods. */
  readonly strategy?: UpdateStrategy;
  /** How a StatefulSet or DaemonSet replaces pods. */
  readonly updateStrategy?: UpdateStrategy;
  readonly podManagementPolicy?: string;
  readonly serviceName?: string;
  /** When a CronJob runs, in cron syntax. */
  readonly schedule?: string;
  readonly jobTemplate?: { readonly metadata?: ObjectMeta; readonly spec?: JobSpec };
}

export interface JobSpec {
  /** A ReplicationController's is a plain map and is read as `matchLabels`. */
  readonly selector?: LabelSelector;
  readonly template?: PodTemplate;
  readonly parallelism?: number;
  readonly completions?: number;
  readonly backoffLimit?: number;
  readonly suspend?: boolean;
  readonly completionMode?: string;
}

export interface PodTemplate {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}

export interface UpdateStrategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    /** A number, or a percentage such as `25%`. */
    readonly maxSurge?: string | number;
    readonly maxUnavailable?: string | number;
    readonly partition?: number;
  };
}
