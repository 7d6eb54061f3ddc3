import {
  boolean,
  type Decoder,
  isRecord,
  listOf,
  objectOf,
  ownString,
  recordOf,
  shared,
  sharedString,
} from "./decoder.ts";
import type { ObjectMeta, OwnerReference, StringRecord } from "./object-meta.ts";
import { readAnnotations } from "./object-meta.ts";

export const decodeStringRecord: Decoder<StringRecord> = shared(recordOf(sharedString));

const decodeAllAnnotations = recordOf(ownString);

const decodeAnnotations: Decoder<StringRecord> = (value, decoding) => {
  if (decoding.allAnnotations || !isRecord(value)) return decodeAllAnnotations(value, decoding);
  const kept: Record<string, unknown> = {};
  let count = 0;
  for (const key of readAnnotations) {
    const annotation = value[key];
    if (annotation === undefined) continue;
    kept[key] = annotation;
    count++;
  }
  return count === 0 ? undefined : decodeAllAnnotations(kept, decoding);
};

const decodeOwnerReference = objectOf<OwnerReference>({
  apiVersion: sharedString,
  kind: sharedString,
  name: sharedString,
  uid: sharedString,
  controller: boolean,
});

export const decodeMeta = objectOf<ObjectMeta>({
  name: ownString,
  generateName: sharedString,
  namespace: sharedString,
  uid: ownString,
  labels: decodeStringRecord,
  annotations: decodeAnnotations,
  ownerReferences: shared(listOf(decodeOwnerReference)),
  creationTimestamp: sharedString,
  deletionTimestamp: sharedString,
});
