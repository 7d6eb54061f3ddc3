import type { PodObject } from "./pod.ts";

/**
 * A pod made from another one that is like it in all but its name.
 * @param fullName `namespace/name`
 * @param nodeName the node that it is on, if any
 */
export function namedPod(object: PodObject, fullName: string, nodeName?: string): PodObject {
  const slash = fullName.indexOf("/");
  const metadata = {
    ...object.metadata,
    namespace: fullName.slice(0, slash),
    name: fullName.slice(slash + 1),
  };
  return { ...object, metadata, ...(nodeName !== undefined && { spec: { ...object.spec, nodeName } }) };
}
