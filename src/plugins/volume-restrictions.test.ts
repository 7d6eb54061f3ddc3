import { expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, passesAlone } from "../testing/plugin-observations.ts";
import { volumeRestrictions } from "./volume-restrictions.ts";

function pod(...volumes: Volume[]): PodTemplate {
  return { name: "p", object: { kind: "Pod", spec: { volumes } } };
}

const claimed = pod({ name: "v", persistentVolumeClaim: { claimName: "c" } });

function withExclusiveClaim(table: string) {
  const drawn = drawCluster(table);
  drawn.cluster.objects = {
    ...NO_OBJECTS,
    persistentVolumeClaims: [
      {
        kind: "PersistentVolumeClaim",
        metadata: { name: "c", namespace: "default" },
        spec: { accessModes: ["ReadWriteOncePod"] },
      },
    ],
  };
  return drawn;
}

const rbd = { monitors: ["a", "b"], pool: "p", image: "i" };

it.each<[Volume, Volume, boolean]>([
  [{ gcePersistentDisk: { pdName: "d" } }, { gcePersistentDisk: { pdName: "d", readOnly: true } }, false],
  [
    { gcePersistentDisk: { pdName: "d", readOnly: true } },
    { gcePersistentDisk: { pdName: "d", readOnly: true } },
    true,
  ],
  [
    { awsElasticBlockStore: { volumeID: "v", readOnly: true } },
    { awsElasticBlockStore: { volumeID: "v", readOnly: true } },
    false,
  ],
  [{ iscsi: { iqn: "q", lun: 0 } }, { iscsi: { iqn: "q", lun: 1 } }, false],
  [{ rbd }, { rbd: { ...rbd, monitors: ["b", "c"] } }, false],
  [{ rbd }, { rbd: { ...rbd, monitors: ["c"] } }, true],
  [{ rbd }, { rbd: { ...rbd, pool: "other" } }, true],
  [{ awsElasticBlockStore: { volumeID: "d" } }, { gcePersistentDisk: { pdName: "d" } }, true],
])("with %j on the node, %j fits: %s", (taken, wanted, fits) => {
  const { cluster, row } = drawCluster("node\nn\nother");
  cluster.assume(0, cluster.kind(pod(taken)), row("n"), 0);
  const cycle = cycleFor(cluster, pod(wanted));
  expect(passesAlone(volumeRestrictions, cycle, row("n"))).toBe(fits);
  expect(passesAlone(volumeRestrictions, cycle, row("other"))).toBe(true);
});

it("keeps a claim for one pod from a second pod on every node, until the first is thought away", () => {
  const { cluster, row } = withExclusiveClaim("node\nn\nother");
  cluster.assume(0, cluster.kind(claimed), row("n"), 0);
  const whatIf = volumeRestrictions.whatIf!(cycleFor(cluster, claimed))!;
  expect(whatIf.judge(row("other"))).toMatchObject({ code: "Unschedulable" });
  whatIf.removePod(0, cluster.kindOf(0), row("n"));
  expect(whatIf.judge(row("other"))).toBeUndefined();
  expect(whatIf.judge(row("n"))).toBeUndefined();
  whatIf.addPod(0, cluster.kindOf(0), row("n"));
  expect(whatIf.judge(row("n"))).toMatchObject({ code: "Unschedulable" });
});

it("names the disk first when a disk and a claim stand in the way", () => {
  const { cluster, row } = withExclusiveClaim("node\nn");
  const both = pod({ awsElasticBlockStore: { volumeID: "v" } }, ...claimed.object.spec!.volumes!);
  cluster.assume(0, cluster.kind(both), row("n"), 0);
  const status = volumeRestrictions.judge?.(cycleFor(cluster, both))?.(row("n"));
  expect(status).toEqual({ code: "Unschedulable", reasons: ["node(s) had no available disk"] });
});

it("skips a pod whose claim nobody uses, and turns one down whose claim is missing", () => {
  const { cluster } = withExclusiveClaim("node\nn");
  expect(volumeRestrictions.filter?.(cycleFor(cluster, claimed))).toBeUndefined();
  const lost = cycleFor(cluster, pod({ persistentVolumeClaim: { claimName: "lost" } }));
  const reasons = ['persistentvolumeclaim "lost" not found'];
  expect(volumeRestrictions.preFilter?.(lost)).toEqual({
    rejected: { code: "UnschedulableAndUnresolvable", reasons },
  });
});
