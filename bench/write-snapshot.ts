/**
 * Writes a made-up `kubectl get nodes,pods -A -o json` of any size, as verbose as a real one (about 7 kB a pod), to try
 * reading of large clusters: `npx tsx bench/write-snapshot.ts --nodes 3000 --pods 200000 --out snapshot.json`.
 * Equal arguments give equal bytes. One pod in twenty is pending; the others run where they fit.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { parseArgs } from "node:util";
import { randomKey, uniformInt } from "../src/base/random.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "3000" },
    pods: { type: "string", default: "200000" },
    out: { type: "string", default: "snapshot.json" },
  },
});

const NODE_CPU_MILLI = 64_000;
const NODE_MEMORY_MIB = 256 * 1024;
const ZONES = 3;
const APPLICATIONS = 400;
const key = randomKey(42, "snapshot");

const nodes = count("nodes", values.nodes);
const pods = count("pods", values.pods);
const stream = createWriteStream(values.out);
const freeCpu = new Float64Array(nodes).fill(NODE_CPU_MILLI);
const freeMemory = new Float64Array(nodes).fill(NODE_MEMORY_MIB);

await write('{\n    "apiVersion": "v1",\n    "items": [\n');
for (let i = 0; i < nodes; i++) await write(`${item(nodeObject(i))}${i + 1 < nodes + pods ? "," : ""}\n`);
for (let i = 0; i < pods; i++) await write(`${item(podObject(i))}${i + 1 < pods ? "," : ""}\n`);
await write('    ],\n    "kind": "List",\n    "metadata": {"resourceVersion": ""}\n}\n');
stream.end();
await once(stream, "finish");
process.stdout.write(
  `${values.out}: ${nodes} nodes, ${pods} pods, ${(stream.bytesWritten / 1e9).toFixed(2)} GB\n`,
);

async function write(text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, "drain");
}

function item(object: unknown): string {
  return JSON.stringify(object, undefined, 4);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1)
    throw new Error(`invalid --${name}: ${text}; write a whole number from 1`);
  return value;
}

function nodeObject(i: number): object {
  const allocatable = {
    cpu: `${NODE_CPU_MILLI}m`,
    memory: `${NODE_MEMORY_MIB}Mi`,
    pods: "110",
    "ephemeral-storage": "900Gi",
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName(i),
      labels: {
        "kubernetes.io/hostname": nodeName(i),
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "region-1",
        "topology.kubernetes.io/zone": `zone-${i % ZONES}`,
      },
      annotations: { "node.alpha.kubernetes.io/ttl": "300" },
    },
    spec: i % 100 === 99 ? { taints: [{ key: "dedicated", value: "batch", effect: "NoSchedule" }] } : {},
    status: {
      allocatable,
      capacity: allocatable,
      conditions: ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
        type,
        status: type === "Ready" ? "True" : "False",
        lastHeartbeatTime: "2026-11-01T00:00:00Z",
        message: "kubelet is posting ready status",
      })),
      nodeInfo: { kubeletVersion: "v1.37.2", osImage: "Made-up Linux", kernelVersion: "6.1.0" },
    },
  };
}

function podObject(i: number): object {
  const application = uniformInt(key, i, 0, APPLICATIONS);
  const cpu = 100 + 50 * uniformInt(key, application, 1, 20);
  const memory = 128 * (1 + uniformInt(key, application, 2, 16));
  const node = i % 20 === 19 ? -1 : place(i, cpu, memory);
  const name = `app-${application}-${String(i).padStart(7, "0")}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: `team-${application % 40}`,
      uid: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
      creationTimestamp: "2026-11-01T00:00:00Z",
      labels: { app: `app-${application}`, "pod-template-hash": `hash${application}` },
      annotations: { "made-up/checksum": "c".repeat(64), "made-up/configuration": "x".repeat(300) },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `app-${application}`,
          uid: `rs-${application}`,
          controller: true,
        },
      ],
      managedFields: Array.from({ length: 3 }, (_, f) => ({
        manager: `manager-${f}`,
        fieldsV1: { "f:metadata": { "f:labels": { ".": {}, "f:app": {} } } },
      })),
    },
    spec: {
      containers: [container("main", cpu, memory), container("proxy", 10, 32)],
      ...(node >= 0 && { nodeName: nodeName(node) }),
      schedulerName: "default-scheduler",
      priority: 0,
      tolerations: ["not-ready", "unreachable"].map((condition) => ({
        key: `node.kubernetes.io/${condition}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 300,
      })),
      volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
    },
    status:
      node >= 0
        ? {
            phase: "Running",
            podIP: "10.0.0.1",
            startTime: "2026-11-01T00:00:05Z",
            containerStatuses: [status("main"), status("proxy")],
          }
        : {
            phase: "Pending",
            conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }],
          },
  };
}

function container(name: string, cpu: number, memory: number): object {
  return {
    name,
    image: `registry.example/${name}:1.0`,
    resources: { requests: { cpu: `${cpu}m`, memory: `${memory}Mi` }, limits: { memory: `${memory * 2}Mi` } },
    env: Array.from({ length: 7 }, (_, e) => ({
      name: `VARIABLE_${e}`,
      value: `value-${e}-${"v".repeat(20)}`,
    })),
    volumeMounts: [{ name: "token", mountPath: "/var/run/secrets", readOnly: true }],
  };
}

function status(name: string): object {
  return {
    name,
    ready: true,
    restartCount: 0,
    image: `registry.example/${name}:1.0`,
    imageID: "d".repeat(71),
    containerID: "e".repeat(77),
    state: { running: { startedAt: "2026-11-01T00:00:06Z" } },
  };
}

/** The first node with room, from one that moves on with the pod; -1 when none has. */
function place(pod: number, cpu: number, memory: number): number {
  for (let step = 0; step < nodes; step++) {
    const node = (pod + step) % nodes;
    if (node % 100 === 99 || freeCpu[node] < cpu + 10 || freeMemory[node] < memory + 32) continue;
    freeCpu[node] -= cpu + 10;
    freeMemory[node] -= memory + 32;
    return node;
  }
  return -1;
}

function nodeName(i: number): string {
  return `node-${String(i).padStart(5, "0")}`;
}
