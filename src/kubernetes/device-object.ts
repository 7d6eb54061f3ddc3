import type { NodeSelector } from "./node-selector.ts";
import type { ObjectMeta } from "./object-meta.ts";
import type { Taint } from "./taint.ts";
import type { Toleration } from "./toleration.ts";

/** Objects of `resource.k8s.io` (v1 and v1beta2) that the plugin DynamicResources reads. */

export interface DeviceClassObject {
  readonly kind: "DeviceClass";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly selectors?: readonly DeviceSelector[]; readonly extendedResourceName?: string };
}

export interface DeviceSelector {
  readonly cel?: { readonly expression?: string };
}

export interface ResourceClaimObject {
  readonly kind: "ResourceClaim";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: ResourceClaimSpec;
  readonly status?: ResourceClaimStatus;
}

export interface ResourceClaimTemplateObject {
  readonly kind: "ResourceClaimTemplate";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly metadata?: ObjectMeta; readonly spec?: ResourceClaimSpec };
}

export interface ResourceClaimSpec {
  readonly devices?: {
    readonly requests?: readonly DeviceRequest[];
    readonly constraints?: readonly DeviceConstraint[];
  };
}

/** Either `exactly` or `firstAvailable`. */
export interface DeviceRequest {
  readonly name?: string;
  readonly exactly?: ExactDeviceRequest;
  readonly firstAvailable?: readonly DeviceSubRequest[];
}

export interface ExactDeviceRequest {
  readonly deviceClassName?: string;
  readonly selectors?: readonly DeviceSelector[];
  /** `ExactCount` when absent, or `All`. */
  readonly allocationMode?: string;
  readonly count?: number;
  readonly adminAccess?: boolean;
  readonly tolerations?: readonly Toleration[];
  readonly capacity?: { readonly requests?: Readonly<Record<string, string | number>> };
}

export interface DeviceSubRequest extends ExactDeviceRequest {
  readonly name?: string;
}

export interface DeviceConstraint {
  readonly requests?: readonly string[];
  readonly matchAttribute?: string;
  readonly distinctAttribute?: string;
}

export interface ResourceClaimStatus {
  readonly allocation?: {
    readonly devices?: { readonly results?: readonly DeviceAllocationResult[] };
    readonly nodeSelector?: NodeSelector;
  };
  readonly reservedFor?: readonly {
    readonly resource?: string;
    readonly name?: string;
    readonly uid?: string;
  }[];
}

export interface DeviceAllocationResult {
  readonly request?: string;
  readonly driver?: string;
  readonly pool?: string;
  readonly device?: string;
  readonly adminAccess?: boolean;
  readonly shareID?: string;
  readonly consumedCapacity?: Readonly<Record<string, string | number>>;
}

export interface ResourceSliceObject {
  readonly kind: "ResourceSlice";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: ResourceSliceSpec;
}

export interface ResourceSliceSpec {
  readonly driver?: string;
  readonly pool?: {
    readonly name?: string;
    readonly generation?: number;
    readonly resourceSliceCount?: number;
  };
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
  readonly perDeviceNodeSelection?: boolean;
  readonly devices?: readonly Device[];
  readonly sharedCounters?: readonly CounterSet[];
}

export interface CounterSet {
  readonly name?: string;
  readonly counters?: Readonly<Record<string, { readonly value?: string | number }>>;
}

export interface Device {
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, DeviceAttribute>>;
  readonly capacity?: Readonly<Record<string, DeviceCapacity>>;
  readonly consumesCounters?: readonly DeviceCounterConsumption[];
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
  readonly taints?: readonly Taint[];
  readonly bindsToNode?: boolean;
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
  readonly allowMultipleAllocations?: boolean;
}

/** Exactly one is present. */
export interface DeviceAttribute {
  readonly int?: number;
  readonly bool?: boolean;
  readonly string?: string;
  readonly version?: string;
}

export interface DeviceCapacity {
  readonly value?: string | number;
  readonly requestPolicy?: {
    readonly default?: string | number;
    readonly validValues?: readonly (string | number)[];
    readonly validRange?: {
      readonly min?: string | number;
      readonly max?: string | number;
      readonly step?: string | number;
    };
  };
}

export interface DeviceCounterConsumption {
  readonly counterSet?: string;
  readonly counters?: Readonly<Record<string, { readonly value?: string | number }>>;
}
