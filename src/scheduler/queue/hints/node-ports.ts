import type { PodObject } from "../../../kubernetes/pod.ts";
import { registrar } from "../event-registration.ts";

const on = registrar("NodePorts");

export const nodePortsEvents = [
  on("AssignedPod", ["Delete"], (pod, before) => {
    if (before === undefined || (!before.spec?.nodeName && !before.status?.nominatedNodeName)) return false;
    const freed = hostPorts(before);
    return hostPorts(pod).some((wanted) => freed.some((port) => conflict(wanted, port)));
  }),
  on("Node", ["Add"]),
];

interface Port {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

function hostPorts({ spec = {} }: PodObject): Port[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...(spec.containers ?? []), ...sidecars]
    .flatMap((container) => container.ports ?? [])
    .map(({ protocol, hostIP, hostPort = 0 }) => ({
      protocol: protocol || "TCP",
      ip: hostIP || "0.0.0.0",
      port: hostPort,
    }))
    .filter(({ port }) => port > 0);
}

function conflict(a: Port, b: Port): boolean {
  if (a.protocol !== b.protocol || a.port !== b.port) return false;
  return a.ip === b.ip || a.ip === "0.0.0.0" || b.ip === "0.0.0.0";
}
