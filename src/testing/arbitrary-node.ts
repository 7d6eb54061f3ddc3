import fc from "fast-check";
import type { NodeDevices } from "../cluster/device.ts";
import type { NodeSpec } from "../cluster/specs.ts";
import type { ContainerImage } from "../kubernetes/node.ts";
import type { StringRecord } from "../kubernetes/object-meta.ts";
import { type Taint, taintEffects } from "../kubernetes/taint.ts";
import {
  EXTENDED,
  HUGE_PAGES,
  IMAGES,
  MODELS,
  nodeName,
  rarely,
  sparse,
  TAINT_KEYS,
  TAINT_VALUES,
  weighted,
  ZONE,
} from "./arbitrary-parts.ts";

const MEBIBYTE = 2 ** 20;

const labels: fc.Arbitrary<StringRecord> = sparse<Record<string, string>>({
  // Zones of unequal sizes, and nodes outside of any.
  [ZONE]: weighted<string | undefined>([5, "a"], [2, "b"], [1, "c"], [2, undefined]),
  "failure-domain.beta.kubernetes.io/zone": rarely(4, fc.constantFrom("a", "d", "")),
  "topology.kubernetes.io/region": rarely(10, fc.constantFrom("r1", "r2")),
  disk: weighted<string | undefined>([2, "ssd"], [2, "hdd"], [1, undefined]),
  rank: weighted<string | undefined>([2, "1"], [2, "10"], [1, "x1"], [1, "+5"], [2, undefined]),
});

const taint: fc.Arbitrary<Taint> = sparse<Taint>({
  key: fc.constantFrom(...TAINT_KEYS),
  value: fc.constantFrom(...TAINT_VALUES, undefined),
  effect: fc.constantFrom(...taintEffects),
});

const allocatable: fc.Arbitrary<Record<string, string | number>> = sparse<Record<string, string | number>>({
  cpu: weighted<string | undefined>([8, "4"], [6, "8"], [4, "3300m"], [2, "1"], [1, "0"], [1, undefined]),
  memory: weighted([8, "8Gi"], [6, "16Gi"], [2, "1000000001"], [2, "1Gi"], [1, "0"]),
  "ephemeral-storage": rarely(60, fc.constantFrom("20Gi", "10Gi", "777M", "0")),
  pods: weighted<number | undefined>([14, 110], [2, 5], [2, 3], [1, 1], [1, undefined]),
  [EXTENDED]: rarely(40, fc.constantFrom(0, 1, 4, 7)),
  [HUGE_PAGES]: rarely(20, fc.constantFrom("4Mi", "64Mi")),
});

const images: fc.Arbitrary<ContainerImage[]> = fc.array(
  fc.record({
    names: fc.uniqueArray(fc.constantFrom(...IMAGES), { minLength: 1, maxLength: 2 }),
    sizeBytes: fc.constantFrom(22, 60, 300, 777, 900, 2000).map((mebibytes) => mebibytes * MEBIBYTE),
  }),
  { maxLength: 3 },
);

const devices: fc.Arbitrary<NodeDevices> = fc.record({
  model: fc.constantFrom(...MODELS),
  count: weighted([3, 1], [3, 2], [2, 4], [1, 8]),
});

/** A node of any kind; `withName` gives it its name. */
export const arbitraryNodeSpec: fc.Arbitrary<NodeSpec> = fc
  .record({
    labels,
    taints: weighted<number>([14, 0], [4, 1], [2, 2], [1, 3]).chain((length) =>
      fc.array(taint, { minLength: length, maxLength: length }),
    ),
    unschedulable: weighted<boolean | undefined>([14, undefined], [1, false], [1, true]),
    allocatable,
    images: rarely(40, images),
    devices: rarely(40, devices),
  })
  .map((drawn) =>
    withName(
      {
        object: {
          kind: "Node",
          metadata: { labels: drawn.labels },
          spec: {
            ...(drawn.unschedulable !== undefined && { unschedulable: drawn.unschedulable }),
            ...(drawn.taints.length > 0 && { taints: drawn.taints }),
          },
          status: { allocatable: drawn.allocatable, ...(drawn.images && { images: drawn.images }) },
        },
        ...(drawn.devices && { devices: drawn.devices }),
      },
      nodeName(0),
    ),
  );

/** The same node under another name. */
export function withName(spec: NodeSpec, name: string): NodeSpec {
  const { metadata } = spec.object;
  return {
    ...spec,
    object: {
      ...spec.object,
      metadata: { ...metadata, name, labels: { ...metadata?.labels, "kubernetes.io/hostname": name } },
    },
  };
}
