import type { Cluster } from "../../src/cluster/cluster.ts";
import { qualifiedName } from "../../src/kubernetes/lists-by-key.ts";
import type { Profile } from "../../src/scheduler/profile.ts";
import { registrationsOf } from "../../src/scheduler/queue/registrations-of.ts";
import { type QueueProfile, SchedulingQueue } from "../../src/scheduler/queue/scheduling-queue.ts";
import type { PlayedPod } from "./played-pods.ts";

/**
 * The queue of one scheduler with its profiles. The gate of DefaultPreemption is always open: victims are gone before the pod that
 * they make room for could be tried again.
 */
export function playerQueue(profiles: readonly Profile[], cluster: Cluster): SchedulingQueue<PlayedPod> {
  return new SchedulingQueue<PlayedPod>({
    profiles: profiles.map(({ plugins }): QueueProfile<PlayedPod> => {
      const all = plugins.map(({ plugin }) => plugin);
      return {
        registrations: registrationsOf(all),
        gates: all.flatMap(({ name, preEnqueue }) =>
          preEnqueue === undefined
            ? []
            : [{ plugin: name, admits: ({ kind }) => preEnqueue(kind, cluster.objects) === undefined }],
        ),
      };
    }),
    lookup: {
      resourceClaim: (key) => cluster.objects.resourceClaims.find((claim) => qualifiedName(claim) === key),
      volumeClaim: (key) =>
        cluster.objects.persistentVolumeClaims.find((claim) => qualifiedName(claim) === key),
      deviceClasses: () => cluster.objects.deviceClasses,
    },
    // Who is expected where is known by row, apart from the queue.
    isWaiting: () => false,
  });
}
