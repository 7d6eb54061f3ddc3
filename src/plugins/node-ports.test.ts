import { expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { ContainerPort } from "../kubernetes/container.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, passesAlone } from "../testing/plugin-observations.ts";
import { nodePorts } from "./node-ports.ts";

function pod(...ports: ContainerPort[]): PodTemplate {
  return { name: "p", object: { kind: "Pod", spec: { containers: [{ ports }] } } };
}

it.each<[ContainerPort, ContainerPort, boolean]>([
  [{ hostPort: 80 }, { hostPort: 81 }, true],
  [{ hostPort: 80 }, { hostPort: 80 }, false],
  [{ hostPort: 80 }, { hostPort: 80, protocol: "UDP" }, true],
  [{ hostPort: 80, hostIP: "10.0.0.1" }, { hostPort: 80, hostIP: "10.0.0.2" }, true],
  [{ hostPort: 80, hostIP: "10.0.0.1" }, { hostPort: 80, hostIP: "0.0.0.0" }, false],
  [{ hostPort: 80 }, { hostPort: 80, hostIP: "10.0.0.2" }, false],
  // Only 0.0.0.0 stands for all addresses.
  [{ hostPort: 80, hostIP: "::" }, { hostPort: 80, hostIP: "10.0.0.2" }, true],
  [{ hostPort: 80 }, { containerPort: 80 }, true],
])("with %j taken, %j fits: %s", (taken, wanted, fits) => {
  const { cluster, row } = drawCluster("node\nn");
  cluster.assume(0, cluster.kind(pod(taken)), row("n"), 0);
  const cycle = cycleFor(cluster, pod(wanted));
  expect(passesAlone(nodePorts, cycle, row("n"))).toBe(fits);
  const status = nodePorts.judge?.(cycle)?.(row("n"));
  const reasons = ["node(s) didn't have free ports for the requested pod ports"];
  expect(status).toEqual(fits ? undefined : { code: "Unschedulable", reasons });
  cluster.release(0);
  expect(passesAlone(nodePorts, cycle, row("n"))).toBe(true);
});
