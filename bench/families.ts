import { Cluster } from "../src/cluster/cluster.ts";
import type { PodKind } from "../src/cluster/pod-kind.ts";
import type { NodeSpec, PodTemplate } from "../src/cluster/specs.ts";
import type { PodSpec } from "../src/kubernetes/pod.ts";

const HOST = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/** Pods of one family differ in their labels and requests; each is constrained by others with its own label. */
export interface Family {
  readonly name: string;
  /** What constrains a pod beside its requests. */
  readonly constraints: (app: string) => PodSpec;
  /** How many pods are sure to find a place, whatever order they come in; absent: `PODS_PER_NODE` on each node. */
  readonly room?: (size: FamilyClusterSize) => number;
  /** Asks for more than any node has. */
  readonly tooLarge?: true;
}

/** For which every node has room, whatever their requests. */
export const PODS_PER_NODE = 20;

const term = (app: string, topologyKey: string) => ({
  labelSelector: { matchLabels: { app } },
  topologyKey,
});

const preferred = (app: string, topologyKey: string) => [
  { weight: 1, podAffinityTerm: term(app, topologyKey) },
];

const spread = (app: string, topologyKey: string, maxSkew: number, whenUnsatisfiable: Unsatisfiable) => ({
  ...term(app, topologyKey),
  maxSkew,
  whenUnsatisfiable,
});

type Unsatisfiable = "DoNotSchedule" | "ScheduleAnyway";

/** The families of scheduler_perf's search-bound cases, with their skews. */
export const families = {
  basic: { name: "basic", constraints: () => ({}) },
  hardZone: {
    name: "hard zone spread",
    constraints: (app) => ({ topologySpreadConstraints: [spread(app, ZONE, 5, "DoNotSchedule")] }),
  },
  softZone: {
    name: "soft zone spread",
    constraints: (app) => ({ topologySpreadConstraints: [spread(app, ZONE, 5, "ScheduleAnyway")] }),
  },
  softHostAndZone: {
    name: "soft host and zone spread",
    constraints: (app) => ({
      topologySpreadConstraints: [
        spread(app, HOST, 3, "ScheduleAnyway"),
        spread(app, ZONE, 5, "ScheduleAnyway"),
      ],
    }),
  },
  zoneAffinity: {
    name: "zone affinity",
    constraints: (app) => ({
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, ZONE)] } },
    }),
    // All of them may want the same zone.
    room: ({ nodes, domains }) => PODS_PER_NODE * Math.floor(nodes / domains),
  },
  hostAntiAffinity: {
    name: "host anti-affinity",
    constraints: (app) => ({
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, HOST)] } },
    }),
    room: ({ nodes, kinds }) => Math.min(PODS_PER_NODE * nodes, kinds * (nodes >> 1)),
  },
  preferredHostAffinity: {
    name: "preferred host affinity",
    constraints: (app) => ({
      affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred(app, HOST) } },
    }),
  },
  preferredZoneAffinity: {
    name: "preferred zone affinity",
    constraints: (app) => ({
      affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred(app, ZONE) } },
    }),
  },
  unschedulable: { name: "unschedulable", constraints: () => ({}), tooLarge: true },
} satisfies Readonly<Record<string, Family>>;

/** `shared`: kinds differ in labels, with 50 different requests among them; `own`: no two ask for the same. */
export type Requests = "shared" | "own";

export interface FamilyClusterSize {
  readonly nodes: number;
  /** Zones; every node is also a host of its own. */
  readonly domains: number;
  readonly kinds: number;
  readonly requests?: Requests;
}

/** Empty equal nodes (4 cpu, 32Gi, 110 pods), dealt to zones in turn, and kinds of pods to be placed on them. */
export function familyCluster(
  family: Family,
  { nodes, domains, kinds, requests = "shared" }: FamilyClusterSize,
): { readonly cluster: Cluster; readonly kinds: readonly PodKind[] } {
  const cluster = new Cluster();
  for (let node = 0; node < nodes; node++) cluster.addNode(nodeSpec(node, domains));
  return {
    cluster,
    kinds: Array.from({ length: kinds }, (_, kind) => cluster.kind(template(family, kind, requests))),
  };
}

function nodeSpec(node: number, domains: number): NodeSpec {
  const name = `node-${node}`;
  return {
    object: {
      kind: "Node",
      metadata: { name, labels: { [HOST]: name, [ZONE]: `zone-${node % domains}` } },
      status: { allocatable: { cpu: "4", memory: "32Gi", pods: "110" } },
    },
  };
}

function template(family: Family, kind: number, requests: Requests): PodTemplate {
  const app = `app-${kind}`;
  const asked =
    requests === "shared"
      ? { cpu: `${100 + (kind % 50)}m`, memory: "500Mi" }
      : { cpu: `${100 + (kind % 97)}m`, memory: `${512_000 + kind}Ki` };
  return {
    name: app,
    object: {
      kind: "Pod",
      metadata: { namespace: "default", labels: { app } },
      spec: {
        containers: [
          {
            name: "main",
            image: "main",
            resources: { requests: family.tooLarge ? { ...asked, cpu: "100" } : asked },
          },
        ],
        ...family.constraints(app),
      },
    },
  };
}
