import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../base/errors.ts";
import type { DeviceConstraint, DeviceRequest } from "../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { allocationsOn, dynamicResources } from "../plugins/dynamic-resources.ts";
import { nodeVolumeLimits } from "../plugins/node-volume-limits.ts";
import { volumeBinding } from "../plugins/volume-binding.ts";
import { volumeRestrictions } from "../plugins/volume-restrictions.ts";
import { volumeZone } from "../plugins/volume-zone.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";
import { arbitraryClaimCluster } from "../testing/arbitrary-claims.ts";
import { arbitraryVolumeCluster, type ClusterWithObjects } from "../testing/arbitrary-volumes.ts";
import { type Mistake, withGlass } from "../testing/glass-claims.ts";
import { without } from "../testing/planted-mistake.ts";
import { TwinComparison } from "../testing/twins-with-claims.ts";
import { referenceDynamicResources } from "./dynamic-resources.ts";
import { referenceNodeVolumeLimits } from "./node-volume-limits.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";
import { referenceVolumeBinding } from "./volume-binding.ts";
import { referenceVolumeRestrictions } from "./volume-restrictions.ts";
import { referenceVolumeZone } from "./volume-zone.ts";

interface Suspect {
  readonly fast: Plugin;
  readonly slow: ReferencePlugin;
  readonly cases: readonly ClusterWithObjects[];
  readonly mistakes: Readonly<Record<string, Mistake>>;
}

const volumeCases = fc.sample(arbitraryVolumeCluster, { numRuns: 1000, seed: 3 });
const claimCases = fc.sample(arbitraryClaimCluster, { numRuns: 1000, seed: 3 });

const modes = (from: string, to: string) => ({
  objects: ({ persistentVolumeClaims }: KubernetesObjects) => ({
    persistentVolumeClaims: persistentVolumeClaims.map((claim) => ({
      ...claim,
      spec: {
        ...claim.spec,
        accessModes: (claim.spec?.accessModes ?? []).map((mode) => (mode === from ? to : mode)),
      },
    })),
  }),
});

/** Persistent volumes with other labels. */
const labels = (change: (key: string, value: string) => string | undefined) => ({
  objects: ({ persistentVolumes }: KubernetesObjects) => ({
    persistentVolumes: persistentVolumes.map((volume) => {
      const kept = Object.entries(volume.metadata?.labels ?? {}).flatMap(([key, value]) => {
        const now = change(key, value);
        return now === undefined ? [] : [[key, now] as const];
      });
      return { ...volume, metadata: { ...volume.metadata, labels: Object.fromEntries(kept) } };
    }),
  }),
});

/** Objects of one kind without a member, however deep. */
const lacking = (kind: keyof KubernetesObjects, member: string): Mistake => ({
  objects: (objects) => ({
    [kind]: JSON.parse(
      JSON.stringify(objects[kind], (key, value: unknown) => (key === member ? undefined : value)),
    ) as unknown,
  }),
});

const claims = (
  change: (request: DeviceRequest) => DeviceRequest,
  constraint: (constraint: DeviceConstraint) => DeviceConstraint = (same) => same,
): Mistake => ({
  objects: ({ resourceClaims }) => ({
    resourceClaims: resourceClaims.map((claim) => {
      const { requests = [], constraints = [] } = claim.spec?.devices ?? {};
      return {
        ...claim,
        spec: { devices: { requests: requests.map(change), constraints: constraints.map(constraint) } },
      };
    }),
  }),
});

const isRead = (key: string): boolean => /\/(zone|region)$/.test(key);
const wrongZone = unresolvable("node(s) had no available volume zone");
const lacksZones = ({ nodes }: Cycle, node: number): boolean =>
  !Object.keys(nodes.object(node).metadata?.labels ?? {}).some(isRead);

const suspects: readonly Suspect[] = [
  {
    fast: volumeRestrictions,
    slow: referenceVolumeRestrictions,
    cases: volumeCases,
    mistakes: {
      "ReadWriteOncePod is not looked at": modes("ReadWriteOncePod", "ReadWriteOnce"),
      "ReadWriteOnce is for one pod as well": modes("ReadWriteOnce", "ReadWriteOncePod"),
      "disks that are only read clash": {
        volumes: (volumes) =>
          volumes.map(
            (volume) =>
              JSON.parse(
                JSON.stringify(volume, (key, value: unknown) => (key === "readOnly" ? false : value)),
              ) as Volume,
          ),
      },
      "an EBS volume that is only read does not clash": {
        volumes: (volumes) => volumes.filter((volume) => volume.awsElasticBlockStore?.readOnly !== true),
      },
      "RBD images are told apart by their pools alone": {
        volumes: (volumes) =>
          volumes.map((volume) => (volume.rbd ? { rbd: { ...volume.rbd, image: "same" } } : volume)),
      },
      "a victim keeps its claim": {
        change: (plugin) => ({
          ...plugin,
          whatIf: (cycle) => {
            const supposition = plugin.whatIf?.(cycle);
            return supposition && { ...supposition, removePod() {} };
          },
        }),
      },
    },
  },
  {
    fast: nodeVolumeLimits,
    slow: referenceNodeVolumeLimits,
    cases: volumeCases,
    mistakes: {
      "one volume too many fits": {
        objects: ({ csiNodes }) => ({
          csiNodes: csiNodes.map((node) => ({
            ...node,
            spec: {
              drivers: (node.spec?.drivers ?? []).map(({ allocatable, ...driver }) => ({
                ...driver,
                ...(allocatable && { allocatable: { count: (allocatable.count ?? 0) + 1 } }),
              })),
            },
          })),
        }),
      },
      "attachments are not looked at": { objects: () => ({ volumeAttachments: [] }) },
      "volumes that are to be made do not count": { objects: () => ({ storageClasses: [] }) },
      "drivers may be missing": { objects: () => ({ csiDrivers: [] }) },
      "in-tree disks do not count": {
        volumes: (volumes) =>
          volumes.filter((volume) => !volume.awsElasticBlockStore && !volume.gcePersistentDisk),
      },
      "in-tree disks count on nodes without a CSINode": {
        objects: ({ csiNodes }) => ({
          csiNodes: [
            ...["n000", "n001", "n002", "n003"].map((name) => ({
              kind: "CSINode" as const,
              metadata: { name },
            })),
            ...csiNodes,
          ],
        }),
      },
    },
  },
  {
    fast: volumeBinding(),
    slow: referenceVolumeBinding({}),
    cases: volumeCases,
    mistakes: {
      "the last of equal volumes is taken": {
        objects: ({ persistentVolumes }) => ({ persistentVolumes: [...persistentVolumes].reverse() }),
      },
      "Immediate waits for the pod": {
        objects: ({ storageClasses }) => ({
          storageClasses: storageClasses.map((one) => ({
            ...one,
            volumeBindingMode: "WaitForFirstConsumer",
          })),
        }),
      },
      "a claim's node is not looked at": {
        objects: ({ persistentVolumeClaims }) => ({
          persistentVolumeClaims: persistentVolumeClaims.map((claim) => {
            const { "volume.kubernetes.io/selected-node": _, ...annotations } =
              claim.metadata?.annotations ?? {};
            return { ...claim, metadata: { ...claim.metadata, annotations } };
          }),
        }),
      },
      "storage is not counted": { objects: () => ({ csiDrivers: [] }) },
      "the size of one volume has no limit": lacking("csiStorageCapacities", "maximumVolumeSize"),
      "node affinity of volumes is not looked at": lacking("persistentVolumes", "nodeAffinity"),
      "reserved volumes are free": lacking("persistentVolumes", "claimRef"),
      "topologies of classes are not looked at": lacking("storageClasses", "allowedTopologies"),
      "lost claims may be used": lacking("persistentVolumeClaims", "status"),
      "claims take volumes of every label": lacking("persistentVolumeClaims", "selector"),
      "the fullest node scores best": {
        change: () =>
          volumeBinding({
            shape: [
              { utilization: 0, score: 0 },
              { utilization: 100, score: 10 },
            ],
          }),
      },
      "nothing is promised": {
        change: (plugin) => ({ ...plugin, reserve: ({ cluster }) => cluster.objects }),
      },
    },
  },
  {
    fast: volumeZone,
    slow: referenceVolumeZone,
    cases: volumeCases,
    mistakes: {
      "old labels are not read": labels((key, value) =>
        key.startsWith("failure-domain") ? undefined : value,
      ),
      "a list of zones is one zone": labels((key, value) => (isRead(key) ? value.replace("__", "_") : value)),
      "a list with an empty zone counts": labels((key, value) =>
        isRead(key) ? value.replace(/__$/, "") : value,
      ),
      "regions do not count": labels((key, value) => (key.endsWith("/region") ? undefined : value)),
      "nodes without zones are rejected": {
        change: (plugin) => ({
          ...plugin,
          filter: (cycle) =>
            plugin.filter?.(cycle) &&
            keepWhere((node) => !lacksZones(cycle, node) && plugin.judge?.(cycle)?.(node) === undefined),
          judge: (cycle) => {
            const judge = plugin.judge?.(cycle);
            return judge && ((node) => (lacksZones(cycle, node) ? wrongZone : judge(node)));
          },
        }),
      },
    },
  },
  {
    fast: dynamicResources(),
    slow: referenceDynamicResources,
    cases: claimCases,
    mistakes: {
      "taints are not looked at": lacking("resourceSlices", "taints"),
      "counters are not looked at": lacking("resourceSlices", "consumesCounters"),
      "devices are not shared": lacking("resourceSlices", "allowMultipleAllocations"),
      "amounts are not rounded by policy": lacking("resourceSlices", "requestPolicy"),
      "old slices count": {
        objects: ({ resourceSlices }) => ({
          resourceSlices: resourceSlices.map((slice) => ({
            ...slice,
            spec: { ...slice.spec, pool: { ...slice.spec?.pool, generation: 1 } },
          })),
        }),
      },
      "devices in use are free": {
        objects: ({ resourceClaims }) => ({
          resourceClaims: resourceClaims.map((claim) => {
            const allocation = claim.status?.allocation;
            return allocation ? { ...claim, status: { allocation: { ...allocation, devices: {} } } } : claim;
          }),
        }),
      },
      "allocated claims are everywhere": lacking("resourceClaims", "nodeSelector"),
      "constraints are not looked at": lacking("resourceClaims", "constraints"),
      "what should differ should be the same": claims(
        (request) => request,
        ({ matchAttribute, distinctAttribute, ...rest }) => {
          const attribute = matchAttribute ?? distinctAttribute;
          return attribute === undefined ? rest : { ...rest, matchAttribute: attribute };
        },
      ),
      "the last alternative is preferred": claims((request) =>
        request.firstAvailable
          ? { ...request, firstAvailable: [...request.firstAvailable].reverse() }
          : request,
      ),
      "All is a count": lacking("resourceClaims", "allocationMode"),
      "administrators wait like all others": lacking("resourceClaims", "adminAccess"),
      "selectors of classes are not looked at": lacking("deviceClasses", "selectors"),
      "classes of one resource go by their names": lacking("deviceClasses", "creationTimestamp"),
      "promises are forgotten": {
        change: (plugin) => ({ ...plugin, reserve: ({ cluster }) => cluster.objects }),
      },
      "scores are not normalised": { change: without("normalizeScore") },
    },
  },
];

describe("mistakes planted in volume plugins and DynamicResources", () => {
  for (const { fast, slow, cases, mistakes } of suspects) {
    it(`are the only difference: ${fast.name} decides as its reference does`, () => {
      const seen = { objects: (objects: KubernetesObjects) => objects };
      expect(firstDifference(fast, slow, seen, cases)).toBeUndefined();
    });

    it.each(Object.entries(mistakes))(`are found: ${fast.name}: %s`, (name, mistake) => {
      const place = firstDifference(fast, slow, mistake, cases);
      if (process.env["STOWAGE_COVERAGE"] !== undefined) console.log(`${fast.name}: ${name}: case ${place}`);
      expect(place).toBeDefined();
    });
  }
});

/** The place of the first case that shows the mistake. */
function firstDifference(
  fast: Plugin,
  slow: ReferencePlugin,
  mistake: Mistake,
  cases: readonly ClusterWithObjects[],
): number | undefined {
  const { plugin, see } = withGlass(fast, mistake);
  const devicesOn = (cycle: Cycle, node: number) =>
    fast.name === "DynamicResources" ? allocationsOn(see(cycle), node) : [];
  const comparison = new TwinComparison(plugin, slow, devicesOn);
  const place = cases.findIndex((drawn) => {
    try {
      return comparison.firstDifference(drawn) !== undefined;
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      // Asked what it promises on a node that it rejects: a difference as well.
      return true;
    }
  });
  return place === -1 ? undefined : place;
}
