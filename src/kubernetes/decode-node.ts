import { decodeMeta } from "./decode-meta.ts";
import { decodeAmounts, decodeStrings, decodeTaint } from "./decode-selectors.ts";
import { boolean, integer, listOf, objectOf, oneOf, shared, sharedString } from "./decoder.ts";
import type { ContainerImage, NodeObject, NodeSpec, NodeStatus } from "./node.ts";

export const decodeNode = objectOf<NodeObject>({
  kind: oneOf("kind", ["Node"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NodeSpec>({ unschedulable: boolean, taints: shared(listOf(decodeTaint)) }),
  status: objectOf<NodeStatus>({
    allocatable: decodeAmounts,
    capacity: decodeAmounts,
    images: listOf(shared(objectOf<ContainerImage>({ names: decodeStrings, sizeBytes: integer }))),
    declaredFeatures: shared(decodeStrings),
    conditions: shared(
      listOf(objectOf<{ type?: string; status?: string }>({ type: sharedString, status: sharedString })),
    ),
  }),
});
