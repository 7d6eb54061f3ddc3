import { Interner } from "../base/interner.ts";
import { DEVICE_RESOURCE } from "../cluster/device.ts";
import { diagnose, mainReason } from "../scheduler/diagnosis.ts";
import type { Trace, TraceFacts, TraceNodes, TraceResource, TraceTemplate } from "../trace/trace.ts";
import type { SchedulerTotals } from "./decider.ts";
import type { NodeRecord } from "./node-events.ts";
import type { World } from "./world.ts";

const ZONE_LABEL = "topology.kubernetes.io/zone";

interface Names {
  readonly workload: string;
  readonly as: string;
  readonly version: string;
  readonly policy: string;
  readonly seed: number;
}

/** What is known only at the end: why pods are pending, what nodes there were, and the facts of the run. */
export function finishTrace(
  world: World,
  joined: readonly NodeRecord[],
  totals: SchedulerTotals,
  names: Names,
): Trace {
  const reasons = pendingReasons(world);
  const resources = traceResources(world);
  const facts: TraceFacts = {
    ...names,
    ...totals,
    tieBreak: world.profiles[0].tieBreak,
    horizonUs: world.scenario.horizonUs,
    endUs: world.now,
    events: world.events,
    plugins: world.profiles.flatMap(({ plugins }) => plugins.map(({ plugin }) => plugin.name)),
    reasons: [...reasons.values()],
    limits: { ...world.limits, ...world.costs },
  };
  return world.trace.finish(
    facts,
    traceNodes(world, joined, resources),
    traceTemplates(world, resources),
    resources,
  );
}

/** The reason of each pod that is pending at the end, asked once per kind. */
function pendingReasons({ cluster, profiles, trace, pods: table, groups }: World): Interner {
  const reasons = new Interner();
  const known = new Map<number, number>();
  const { pods } = trace;
  for (let pod = 0; pod < pods.count; pod++) {
    const pending =
      pods.createdUs[pod] >= 0 && Number.isNaN(pods.scheduledUs[pod]) && Number.isNaN(pods.deletedUs[pod]);
    if (!pending) continue;
    const kind = table.kindOf(pod);
    let reason = known.get(kind.id);
    if (reason === undefined) {
      reason = reasons.intern(reasonOf(pod));
      known.set(kind.id, reason);
    }
    pods.reason[pod] = reason;
  }
  return reasons;

  function reasonOf(pod: number): string {
    const kind = table.kindOf(pod);
    const profile = profiles[table.profileOf(kind)];
    if (profile === undefined) return `no profile for scheduler name ${kind.spec.schedulerName ?? ""}`;
    for (const { plugin } of profile.plugins) {
      const status = plugin.preEnqueue?.(kind, cluster.objects, groups.counts);
      if (status !== undefined) return status.reasons.join(", ");
    }
    const ofGroup = groups.groupOf(pod)?.reason;
    if (ofGroup !== undefined) return ofGroup;
    if (cluster.nodes.order.length === 0) return "no nodes available to schedule pods";
    return mainReason(diagnose(cluster, profile, pod, kind)) ?? "waits its turn: some node would do";
  }
}

/** Before the name of a class, it makes a resource of every class of devices (upstream: ResourceDeviceClassPrefix). */
const DEVICE_CLASS_PREFIX = "deviceclass.resource.kubernetes.io/";

function traceResources({ cluster }: World): TraceResource[] {
  const named = new Set(cluster.objects.deviceClasses.map(({ spec }) => spec?.extendedResourceName));
  return cluster.nodes.resources.values().map((name) => ({
    name,
    unit:
      name === "cpu" || name === DEVICE_RESOURCE
        ? "milli"
        : name === "memory" || name === "ephemeral-storage" || name.startsWith("hugepages-")
          ? "bytes"
          : "count",
    ...((named.has(name) || name.startsWith(DEVICE_CLASS_PREFIX)) && { byDevices: true as const }),
  }));
}

function traceTemplates({ scenario, pods }: World, resources: readonly TraceResource[]): TraceTemplate[] {
  return scenario.templates.map((template, index) => ({
    name: template.name,
    requests: resources.map((_, resource) => pods.kindOfTemplate(index).requests.of(resource)),
    priority: pods.kindOfTemplate(index).priority,
    ...(template.devices && { devices: template.devices }),
  }));
}

function traceNodes(
  { cluster }: World,
  joined: readonly NodeRecord[],
  resources: readonly TraceResource[],
): TraceNodes {
  const { nodes } = cluster;
  const deviceModels = new Interner();
  const count = joined.length;
  return {
    count,
    names: joined.map(({ spec }) => spec.object.metadata?.name ?? ""),
    zones: joined.map(({ spec }) => spec.object.metadata?.labels?.[ZONE_LABEL] ?? ""),
    allocatable: resources.map((_, resource) =>
      Float64Array.from({ length: count }, (_row, node) => nodes.allocatable[resource][node]),
    ),
    deviceCount: Int32Array.from(joined, ({ spec }) => spec.devices?.count ?? 0),
    deviceModel: Int32Array.from(joined, ({ spec }) =>
      spec.devices ? deviceModels.intern(spec.devices.model) : -1,
    ),
    deviceModels: [...deviceModels.values()],
    joinedUs: Float64Array.from(joined, ({ joinedUs }) => joinedUs),
    lostUs: Float64Array.from(joined, ({ lostUs }) => lostUs),
  };
}
