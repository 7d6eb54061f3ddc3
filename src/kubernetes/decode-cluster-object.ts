import type {
  NamespaceObject,
  PodDisruptionBudgetObject,
  PriorityClassObject,
  ServiceObject,
  UntypedObject,
} from "./cluster-object.ts";
import { decodeMeta, decodeStringRecord } from "./decode-meta.ts";
import { decodeLabelSelector } from "./decode-selectors.ts";
import { boolean, integer, integerOrPercentage, objectOf, oneOf, sharedString } from "./decoder.ts";

export const decodeNamespace = objectOf<NamespaceObject>({
  kind: oneOf("kind", ["Namespace"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
});

export const decodeService = objectOf<ServiceObject>({
  kind: oneOf("kind", ["Service"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NonNullable<ServiceObject["spec"]>>({ selector: decodeStringRecord }),
});

export const decodePriorityClass = objectOf<PriorityClassObject>({
  kind: oneOf("kind", ["PriorityClass"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  value: integer,
  globalDefault: boolean,
  preemptionPolicy: sharedString,
});

export const decodePodDisruptionBudget = objectOf<PodDisruptionBudgetObject>({
  kind: oneOf("kind", ["PodDisruptionBudget"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NonNullable<PodDisruptionBudgetObject["spec"]>>({
    selector: decodeLabelSelector,
    minAvailable: integerOrPercentage,
    maxUnavailable: integerOrPercentage,
  }),
  status: objectOf<NonNullable<PodDisruptionBudgetObject["status"]>>({
    disruptionsAllowed: integer,
    currentHealthy: integer,
    desiredHealthy: integer,
    expectedPods: integer,
    disruptedPods: decodeStringRecord,
  }),
});

export const decodeUntyped = objectOf<UntypedObject>({
  kind: sharedString,
  apiVersion: sharedString,
  metadata: decodeMeta,
});
