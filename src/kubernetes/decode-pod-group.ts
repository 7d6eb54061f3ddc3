import { decodeMeta } from "./decode-meta.ts";
import { integer, listOf, objectOf, oneOf, sharedString } from "./decoder.ts";
import type { PodGroupDisruptionMode, PodGroupObject, PodGroupPolicy, PodGroupSpec } from "./pod-group.ts";

/** An object that says all by being there. */
const present = objectOf<object>({});

export const decodePodGroup = objectOf<PodGroupObject>({
  kind: oneOf("kind", ["PodGroup"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<PodGroupSpec>({
    priority: integer,
    priorityClassName: sharedString,
    schedulingPolicy: objectOf<PodGroupPolicy>({
      basic: present,
      gang: objectOf<{ minCount?: number }>({ minCount: integer }),
    }),
    schedulingConstraints: objectOf<NonNullable<PodGroupSpec["schedulingConstraints"]>>({
      topology: listOf(objectOf<{ key?: string }>({ key: sharedString })),
    }),
    disruptionMode: objectOf<PodGroupDisruptionMode>({ single: present, all: present }),
    parentCompositePodGroupName: sharedString,
  }),
});
