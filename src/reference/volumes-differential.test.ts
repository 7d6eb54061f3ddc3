import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeVolumeLimits } from "../plugins/node-volume-limits.ts";
import { volumeBinding } from "../plugins/volume-binding.ts";
import { volumeRestrictions } from "../plugins/volume-restrictions.ts";
import { volumeZone } from "../plugins/volume-zone.ts";
import { arbitraryVolumeCluster } from "../testing/arbitrary-volumes.ts";
import { TwinComparison } from "../testing/twins-with-claims.ts";
import { referenceNodeVolumeLimits } from "./node-volume-limits.ts";
import { referenceVolumeBinding } from "./volume-binding.ts";
import { referenceVolumeRestrictions } from "./volume-restrictions.ts";
import { referenceVolumeZone } from "./volume-zone.ts";

/** Cases in one run; a nightly run sets more, and another seed. */
const RUNS = Number(process.env["STOWAGE_DIFFERENTIAL_RUNS"] ?? 1500);
const SEED = Number(process.env["STOWAGE_DIFFERENTIAL_SEED"] ?? 42);

const shape = [
  { utilization: 10, score: 0 },
  { utilization: 60, score: 7 },
  { utilization: 90, score: 10 },
];

const NOT_FOUND = "PreFilter: persistentvolumeclaim … not found";
const ELSEWHERE = "node(s) didn't match PersistentVolume's node affinity";
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const NO_ROOM = "node(s) did not have enough free storage";
const GONE = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";

const binding = {
  Skip: 500,
  pass: 600,
  score: 60,
  "score of 0": 2000,
  "promised persistentVolumes": 20,
  "promised persistentVolumeClaims": 60,
  [NOT_FOUND]: 100,
  "PreFilter: waiting for ephemeral volume controller to create the persistentvolumeclaim …": 50,
  "PreFilter: PVC … was not created for pod … (pod is not owner)": 40,
  "PreFilter: persistentvolumeclaim … bound to non-existent persistentvolume …": 40,
  "PreFilter: persistentvolumeclaim … is being deleted": 30,
  "PreFilter: pod has unbound immediate PersistentVolumeClaims": 200,
  "PreFilter: VolumeBindingMode not set for StorageClass …": 10,
  [ELSEWHERE]: 150,
  [NO_VOLUME]: 250,
  [NO_ROOM]: 40,
  [GONE]: 250,
  [`${ELSEWHERE}; ${NO_VOLUME}`]: 20,
  [`${ELSEWHERE}; ${NO_ROOM}`]: 3,
  [`${NO_VOLUME}; ${GONE}`]: 20,
  [`${NO_ROOM}; ${GONE}`]: 3,
};

/** Each plugin, its reference, and how often each situation occurs at least. */
const pairs = [
  {
    comparison: new TwinComparison(volumeRestrictions, referenceVolumeRestrictions),
    least: {
      Skip: 900,
      pass: 400,
      [NOT_FOUND]: 100,
      "node(s) had no available disk": 200,
      "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod": 500,
      "in thought": 2000,
    },
  },
  {
    comparison: new TwinComparison(nodeVolumeLimits, referenceNodeVolumeLimits),
    least: {
      Skip: 400,
      pass: 2000,
      "looking up PVC … persistentvolumeclaim … not found": 500,
      "PVC … was not created for pod … (pod is not owner)": 150,
      "… CSI driver is not installed on the node": 80,
      "node(s) exceed max volume count": 200,
    },
  },
  { comparison: new TwinComparison(volumeBinding(), referenceVolumeBinding({})), least: binding },
  {
    comparison: new TwinComparison(volumeBinding({ shape }), referenceVolumeBinding({ shape })),
    least: binding,
  },
  {
    comparison: new TwinComparison(volumeZone, referenceVolumeZone),
    least: {
      Skip: 700,
      pass: 300,
      "node(s) had no available volume zone": 400,
      [NOT_FOUND]: 150,
      "PreFilter: persistentvolume … not found": 150,
      "PreFilter: storageclass.storage.k8s.io … not found": 80,
      "PreFilter: PersistentVolume had no name": 30,
      "PreFilter: PersistentVolumeClaim had no pv name and storageClass name": 30,
      "PreFilter: VolumeBindingMode not set for StorageClass …": 10,
    },
  },
];

describe("volume plugins beside their references", () => {
  it("always judge, skip, score and promise alike, and every situation occurs", () => {
    fc.assert(
      fc.property(arbitraryVolumeCluster, (drawn) => {
        for (const { comparison } of pairs) expect(comparison.firstDifference(drawn)).toBeUndefined();
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
    for (const { comparison, least } of pairs) expect(comparison.missing(least)).toEqual([]);
  }, 600_000);
});
