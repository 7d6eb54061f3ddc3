import { decodeMeta } from "./decode-meta.ts";
import {
  decodeAmounts,
  decodeNodeSelector,
  decodeStrings,
  decodeTaint,
  decodeToleration,
} from "./decode-selectors.ts";
import {
  boolean,
  integer,
  listOf,
  objectOf,
  oneOf,
  ownString,
  quantity,
  recordOf,
  sharedString,
} from "./decoder.ts";
import type {
  CounterSet,
  Device,
  DeviceAllocationResult,
  DeviceAttribute,
  DeviceCapacity,
  DeviceClassObject,
  DeviceConstraint,
  DeviceCounterConsumption,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaimObject,
  ResourceClaimSpec,
  ResourceClaimStatus,
  ResourceClaimTemplateObject,
  ResourceSliceObject,
  ResourceSliceSpec,
} from "./device-object.ts";

const decodeDeviceSelectors = listOf(
  objectOf<DeviceSelector>({ cel: objectOf<{ expression?: string }>({ expression: sharedString }) }),
);

const exactRequestFields = {
  deviceClassName: sharedString,
  selectors: decodeDeviceSelectors,
  allocationMode: sharedString,
  count: integer,
  adminAccess: boolean,
  tolerations: listOf(decodeToleration),
  capacity: objectOf<NonNullable<ExactDeviceRequest["capacity"]>>({ requests: decodeAmounts }),
};

const decodeClaimSpec = objectOf<ResourceClaimSpec>({
  devices: objectOf<NonNullable<ResourceClaimSpec["devices"]>>({
    requests: listOf(
      objectOf<DeviceRequest>({
        name: sharedString,
        exactly: objectOf<ExactDeviceRequest>(exactRequestFields),
        firstAvailable: listOf(objectOf<DeviceSubRequest>({ name: sharedString, ...exactRequestFields })),
      }),
    ),
    constraints: listOf(
      objectOf<DeviceConstraint>({
        requests: decodeStrings,
        matchAttribute: sharedString,
        distinctAttribute: sharedString,
      }),
    ),
  }),
});

type Allocation = NonNullable<ResourceClaimStatus["allocation"]>;

const decodeClaimStatus = objectOf<ResourceClaimStatus>({
  allocation: objectOf<Allocation>({
    devices: objectOf<NonNullable<Allocation["devices"]>>({
      results: listOf(
        objectOf<DeviceAllocationResult>({
          request: sharedString,
          driver: sharedString,
          pool: sharedString,
          device: sharedString,
          adminAccess: boolean,
          shareID: ownString,
          consumedCapacity: decodeAmounts,
        }),
      ),
    }),
    nodeSelector: decodeNodeSelector,
  }),
  reservedFor: listOf(
    objectOf<{ resource?: string; name?: string; uid?: string }>({
      resource: sharedString,
      name: ownString,
      uid: ownString,
    }),
  ),
});

export const decodeDeviceClass = objectOf<DeviceClassObject>({
  kind: oneOf("kind", ["DeviceClass"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NonNullable<DeviceClassObject["spec"]>>({
    selectors: decodeDeviceSelectors,
    extendedResourceName: sharedString,
  }),
});

export const decodeResourceClaim = objectOf<ResourceClaimObject>({
  kind: oneOf("kind", ["ResourceClaim"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: decodeClaimSpec,
  status: decodeClaimStatus,
});

export const decodeResourceClaimTemplate = objectOf<ResourceClaimTemplateObject>({
  kind: oneOf("kind", ["ResourceClaimTemplate"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NonNullable<ResourceClaimTemplateObject["spec"]>>({
    metadata: decodeMeta,
    spec: decodeClaimSpec,
  }),
});

const decodeCounters = recordOf(objectOf<{ value?: string | number }>({ value: quantity }));

type RequestPolicy = NonNullable<DeviceCapacity["requestPolicy"]>;

const decodeDevice = objectOf<Device>({
  name: sharedString,
  attributes: recordOf(
    objectOf<DeviceAttribute>({ int: integer, bool: boolean, string: sharedString, version: sharedString }),
  ),
  capacity: recordOf(
    objectOf<DeviceCapacity>({
      value: quantity,
      requestPolicy: objectOf<RequestPolicy>({
        default: quantity,
        validValues: listOf(quantity),
        validRange: objectOf<NonNullable<RequestPolicy["validRange"]>>({
          min: quantity,
          max: quantity,
          step: quantity,
        }),
      }),
    }),
  ),
  consumesCounters: listOf(
    objectOf<DeviceCounterConsumption>({ counterSet: sharedString, counters: decodeCounters }),
  ),
  nodeName: sharedString,
  nodeSelector: decodeNodeSelector,
  allNodes: boolean,
  taints: listOf(decodeTaint),
  bindsToNode: boolean,
  bindingConditions: decodeStrings,
  bindingFailureConditions: decodeStrings,
  allowMultipleAllocations: boolean,
});

export const decodeResourceSlice = objectOf<ResourceSliceObject>({
  kind: oneOf("kind", ["ResourceSlice"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<ResourceSliceSpec>({
    driver: sharedString,
    pool: objectOf<NonNullable<ResourceSliceSpec["pool"]>>({
      name: sharedString,
      generation: integer,
      resourceSliceCount: integer,
    }),
    nodeName: sharedString,
    nodeSelector: decodeNodeSelector,
    allNodes: boolean,
    perDeviceNodeSelection: boolean,
    devices: listOf(decodeDevice),
    sharedCounters: listOf(objectOf<CounterSet>({ name: sharedString, counters: decodeCounters })),
  }),
});
