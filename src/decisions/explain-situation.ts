import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { qualifiedName } from "../kubernetes/lists-by-key.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { Profile } from "../scheduler/profile.ts";
import { CaseCluster } from "./case-cluster.ts";
import type { RecordedCase } from "./recorded-case.ts";
import { reserveRecorded } from "./reserve-recorded.ts";

/** One scheduling attempt that is to be explained: a cluster as it stands, and the pod. */
export interface Situation {
  /** Pods with `spec.nodeName` are on their node; the pod in question is among the pods, without a place. */
  readonly objects: KubernetesObjects;
  /** `namespace/name`. */
  readonly pod: string;
  /** Which attempt of this pod it is, from 1. */
  readonly attempt: number;
  /** Where the search begins, a place in node order. */
  readonly start: number;
  /** The node that the pod's own status names, empty for none; absent: as its object has it. */
  readonly nominatedTo?: string | undefined;
}

/**
 * The cluster right before one attempt of a recorded case, everything before it having gone as recorded.
 * @param place of the attempt in `expected`
 */
export function situationOfCase(recorded: RecordedCase, profile: Profile, place: number): Situation {
  const state = new CaseCluster(recorded);
  const { cluster } = state;
  const gone = new Set<string>();
  let nominatedTo: string | undefined;
  const expected = recorded.expected[place];
  for (const record of recorded.expected.slice(0, place)) {
    reserveRecorded(state, profile, record);
    state.follow(record);
    const { preemption } = record;
    for (const victim of preemption?.victims ?? []) gone.add(victim);
    if (preemption?.clearedNominations?.includes(expected.pod)) nominatedTo = "";
    if (preemption && record.pod === expected.pod) nominatedTo = preemption.nominatedNode;
  }
  // Nominations of others stay as they came: the recordings' nominator hears of no new one.
  const pods = state.pods.flatMap((pod, row) => {
    if (gone.has(qualifiedName(pod))) return [];
    const node = cluster.nodeOf(row);
    return [node === -1 ? pod : placedOn(pod, cluster.nodes.name(node), cluster.startTimeOf(row))];
  });
  const { visitStart } = expected;
  const first = visitStart === undefined ? undefined : cluster.nodes.rowOf(visitStart);
  return {
    objects: { ...cluster.objects, pods },
    pod: expected.pod,
    attempt: expected.attempt,
    start: first === undefined ? 0 : cluster.nodes.positions[first],
    nominatedTo,
  };
}

/** The place of an attempt of a pod in a case, its first one unless said; undefined when there is no such attempt. */
export function attemptPlace(
  { expected }: Pick<RecordedCase, "expected">,
  pod: string,
  attempt: number | undefined,
): number | undefined {
  const place = expected.findIndex(
    (record) => record.pod === pod && (attempt === undefined || record.attempt === attempt),
  );
  return place === -1 ? undefined : place;
}

function placedOn(pod: PodObject, nodeName: string, start: number): PodObject {
  if (pod.spec?.nodeName === nodeName) return pod;
  const { status, spec } = pod;
  const startTime = Number.isFinite(start) ? { startTime: new Date(start * 1000).toISOString() } : {};
  return { ...pod, spec: { ...spec, nodeName }, status: { ...status, ...startTime } };
}
