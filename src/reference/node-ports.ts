import type { PodTemplate } from "../cluster/specs.ts";
import { unschedulable } from "../scheduler/status.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";

export const referenceNodePorts: ReferencePlugin = {
  preFilter: (pod) => (portsOf(pod).length === 0 ? "skip" : undefined),
  filter(pod, node) {
    for (const wanted of portsOf(pod)) {
      for (const placed of node.pods) {
        for (const taken of portsOf(placed.pod)) {
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

function portsOf(pod: PodTemplate): { port: number; protocol: string; ip: string }[] {
  const spec = specOf(pod);
  const ports: { port: number; protocol: string; ip: string }[] = [];
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
