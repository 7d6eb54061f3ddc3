import type { LabelSelector } from "./label-selector.ts";
import type { ObjectMeta, StringRecord } from "./object-meta.ts";

/** Small objects of the core and policy groups that scheduling reads beside pods and nodes. */

export interface NamespaceObject {
  readonly kind: "Namespace";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
}

export interface ServiceObject {
  readonly kind: "Service";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly selector?: StringRecord };
}

export interface PriorityClassObject {
  readonly kind: "PriorityClass";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

export interface PodDisruptionBudgetObject {
  readonly kind: "PodDisruptionBudget";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly selector?: LabelSelector;
    /** A number, or a percentage such as `50%`. */
    readonly minAvailable?: string | number;
    readonly maxUnavailable?: string | number;
  };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly expectedPods?: number;
    /** Pod name to the time of its eviction. */
    readonly disruptedPods?: StringRecord;
  };
}

/** An object of a kind that nothing here reads. */
export interface UntypedObject {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
}
