import type { PodTemplate } from "../cluster/specs.ts";
import { unschedulable } from "../scheduler/status.ts";
import { type PlacedPod, type ReferencePlugin, specOf } from "./reference-plugin.ts";

export const referenceNodePorts: ReferencePlugin = {
  preFilter: (pod) => (portsOf(pod).length === 0 ? "skip" : undefined),
  filter(pod, node, cluster) {
    for (const wanted of portsOf(pod)) {
      for (const placed of node.pods) {
        const forgotten = cluster.forgottenPorts.get(placed) ?? [];
        for (const taken of portsOf(placed.pod)) {
          if (forgotten.includes(keyOf(taken))) continue;
          if (wanted.port !== taken.port || wanted.protocol !== taken.protocol) continue;
          if (wanted.ip === taken.ip || wanted.ip === "0.0.0.0" || taken.ip === "0.0.0.0") {
            return unschedulable("node(s) didn't have free ports for the requested pod ports");
          }
        }
      }
    }
    return undefined;
  },
};

/**
 * A node's ports are kept as a set: a pod that leaves takes its ports out of it, also those that pods that stay hold as well
 * (upstream: framework/types.go, HostPortInfo).
 */
export function forgetPorts(
  forgotten: ReadonlyMap<PlacedPod, readonly string[]>,
  gone: PlacedPod,
  left: readonly PlacedPod[],
): ReadonlyMap<PlacedPod, readonly string[]> {
  const freed = portsOf(gone.pod).map(keyOf);
  if (freed.length === 0) return forgotten;
  const more = new Map(forgotten);
  more.delete(gone);
  for (const placed of left) {
    const held = portsOf(placed.pod).map(keyOf);
    more.set(placed, [...(more.get(placed) ?? []), ...freed.filter((key) => held.includes(key))]);
  }
  return more;
}

interface Port {
  readonly port: number;
  readonly protocol: string;
  readonly ip: string;
}

function keyOf({ ip, protocol, port }: Port): string {
  return `${ip}/${protocol}/${port}`;
}

function portsOf(pod: PodTemplate): Port[] {
  const spec = specOf(pod);
  const ports: Port[] = [];
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const container of [...(spec.containers ?? []), ...sidecars]) {
    for (const { hostPort = 0, protocol = "", hostIP = "" } of container.ports ?? []) {
      if (hostPort <= 0) continue;
      ports.push({
        port: hostPort,
        protocol: protocol === "" ? "TCP" : protocol,
        ip: hostIP === "" ? "0.0.0.0" : hostIP,
      });
    }
  }
  return ports;
}
