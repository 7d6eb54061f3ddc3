import { decodeMeta, decodeStringRecord } from "./decode-meta.ts";
import { decodePodSpec } from "./decode-pod.ts";
import { decodeLabelSelector } from "./decode-selectors.ts";
import {
  boolean,
  type Decoder,
  integer,
  integerOrPercentage,
  objectOf,
  oneOf,
  sharedString,
} from "./decoder.ts";
import type { LabelSelector } from "./label-selector.ts";
import {
  type JobSpec,
  type OwnerObject,
  type OwnerSpec,
  ownerKinds,
  type PodTemplate,
  type UpdateStrategy,
} from "./owner.ts";

const decodeStrategy = objectOf<UpdateStrategy>({
  type: sharedString,
  rollingUpdate: objectOf<NonNullable<UpdateStrategy["rollingUpdate"]>>({
    maxSurge: integerOrPercentage,
    maxUnavailable: integerOrPercentage,
    partition: integer,
  }),
});

const jobFields = {
  template: objectOf<PodTemplate>({ metadata: decodeMeta, spec: decodePodSpec }),
  parallelism: integer,
  completions: integer,
  backoffLimit: integer,
  suspend: boolean,
  completionMode: sharedString,
};

const decodeJobSpec = objectOf<JobSpec>({ selector: decodeLabelSelector, ...jobFields });

function ownerWith(selector: Decoder<LabelSelector>): Decoder<OwnerObject> {
  return objectOf<OwnerObject>({
    kind: oneOf("kind", ownerKinds),
    apiVersion: sharedString,
    metadata: decodeMeta,
    spec: objectOf<OwnerSpec>({
      selector,
      ...jobFields,
      replicas: integer,
      minReadySeconds: integer,
      strategy: decodeStrategy,
      updateStrategy: decodeStrategy,
      podManagementPolicy: sharedString,
      serviceName: sharedString,
      schedule: sharedString,
      jobTemplate: objectOf<NonNullable<OwnerSpec["jobTemplate"]>>({
        metadata: decodeMeta,
        spec: decodeJobSpec,
      }),
    }),
  });
}

export const decodeOwner = ownerWith(decodeLabelSelector);

export const decodeReplicationController = ownerWith((value, decoding) => {
  const matchLabels = decodeStringRecord(value, decoding);
  return matchLabels === undefined ? undefined : { matchLabels };
});
