import type { HostPort } from "../cluster/pod-kind.ts";
import type { Container } from "../kubernetes/container.ts";
import { type Cycle, definePlugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unschedulable } from "../scheduler/status.ts";

const TAKEN = unschedulable("node(s) didn't have free ports for the requested pod ports");
const ANY_IP = "0.0.0.0";

/** Rejects nodes on which a host port that the pod wants is taken (upstream: plugins/nodeports). */
export const nodePorts = definePlugin({
  name: "NodePorts",
  reads: ({ hostPorts }) => (hostPorts.length === 0 ? "nothing" : "row"),
  filter(cycle) {
    if (cycle.pod.hostPorts.length === 0) return undefined;
    return keepWhere((node) => !clashes(cycle, node));
  },
  judge(cycle) {
    if (cycle.pod.hostPorts.length === 0) return undefined;
    return (node) => (clashes(cycle, node) ? TAKEN : undefined);
  },
  sign: ({ spec: { containers = [], initContainers = [] } }) => ({
    "v1.Pod.Spec.HostPorts()": hostPortNumbers([...containers, ...initContainers]),
  }),
  eventsToRegister: ["AssignedPodDelete", "NodeAdd"],
});

function clashes({ pod, cluster }: Cycle, node: number): boolean {
  for (const taken of cluster.portsOn(node)) {
    if (pod.hostPorts.some((wanted) => clash(wanted, taken))) return true;
  }
  return false;
}

/** The same port and protocol on one address, or on all of them for either side. `::` is an address like any other. */
function clash(a: HostPort, b: HostPort): boolean {
  return (
    a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY_IP || b.ip === ANY_IP)
  );
}

function hostPortNumbers(containers: readonly Container[]): readonly number[] {
  const numbers = containers.flatMap(({ ports = [] }) => ports.map(({ hostPort }) => hostPort ?? 0));
  return [...new Set(numbers.filter((port) => port !== 0))].sort((a, b) => a - b);
}
