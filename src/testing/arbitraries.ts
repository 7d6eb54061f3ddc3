import { arbitraryNodeAffinity } from "./arbitrary-affinity.ts";
import {
  arbitraryHistory,
  arbitraryLargeHistory,
  arbitraryNodes,
  arbitraryRelatedHistory,
} from "./arbitrary-history.ts";
import { arbitraryNodeSpec } from "./arbitrary-node.ts";
import { arbitraryPodTemplate } from "./arbitrary-pod.ts";

/**
 * fast-check arbitraries of what schedulers meet: small clusters that fill up, few distinct values, so that selectors,
 * taints, ports and images match now and then, equal nodes for ties, zones of unequal sizes, zero amounts, shared devices.
 *
 * ```ts
 * fc.assert(fc.property(arbitraries.history, (history) => { … }));
 * ```
 */
export const arbitraries = {
  /** A node without a meaning to its name. */
  nodeSpec: arbitraryNodeSpec,
  /** `minLength` to `maxLength` nodes with distinct names, made from a few patterns. */
  nodes: arbitraryNodes,
  podTemplate: arbitraryPodTemplate,
  nodeAffinity: arbitraryNodeAffinity,
  /** A small cluster and what happens to it. */
  history: arbitraryHistory,
  /** The same with pods that mind one another. */
  relatedHistory: arbitraryRelatedHistory,
  /** More than 100 nodes, where upstream looks at a sample. */
  largeHistory: arbitraryLargeHistory,
} as const;
