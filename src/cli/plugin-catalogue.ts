import { shippedProfiles } from "../plugins/profiles.ts";
import { type ExtensionPoint, registry } from "../plugins/registry.ts";
import type { Plugin } from "../scheduler/plugin.ts";

/** A plugin as `stowage list plugins` tells of it. */
export interface CataloguedPlugin {
  readonly name: string;
  /** Kubernetes' extension points, as a configuration names them; of plugins of our own, those that they have. */
  readonly points: readonly string[];
  /** Arguments with their defaults, as a KubeSchedulerConfiguration has them; null: absent by default. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Its weight in Kubernetes' default profile; null when it does not score. */
  readonly weight: number | null;
  /** In what it differs from kube-scheduler's; empty: in nothing known. */
  readonly differences: readonly string[];
  /** The shipped policies that it is part of. */
  readonly policies: readonly string[];
}

const CPU_AND_MEMORY = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

/** Defaults of args, in the words of a KubeSchedulerConfiguration. */
const ARGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DefaultPreemption: { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 },
  DynamicResources: { filterTimeout: "10s", bindingTimeout: "10m0s" },
  InterPodAffinity: { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false },
  NodeAffinity: { addedAffinity: null },
  NodeResourcesBalancedAllocation: { resources: CPU_AND_MEMORY },
  NodeResourcesFit: {
    ignoredResources: [],
    ignoredResourceGroups: [],
    scoringStrategy: { type: "LeastAllocated", resources: CPU_AND_MEMORY },
  },
  PodTopologySpread: { defaultingType: "System", defaultConstraints: [] },
  VolumeBinding: {
    bindTimeoutSeconds: 600,
    shape: [
      { utilization: 0, score: 10 },
      { utilization: 100, score: 0 },
    ],
  },
};

/** What the real plugin does and the one here does not, or does otherwise. */
const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  DynamicResources: [
    "filterTimeout and bindingTimeout decide nothing",
    "selectors know no optional list or map entries (`[?x]`) and no unread `cel.bind` that fails",
    "of a selector that does not compile only the first mistake is told, and mistakes of grammar in other words",
  ],
  VolumeBinding: ["bindTimeoutSeconds decides nothing"],
};

/** Plugins of upstream whose work is not done by a plugin here, as long as the registry cannot make them. */
const NOT_MADE: Readonly<Record<string, string>> = {
  DefaultBinder: "not a plugin here: the simulation binds, after a stated cost",
};

/** Plugins that kube-scheduler does not have. */
const OWN: Readonly<Record<string, string>> = {
  DeviceShare: "checks room on devices and shares of them; skips pods that ask for none; every policy has it",
  BestFit: "BestFit of the published GPU experiments (Weng et al., USENIX ATC '23)",
  DotProduct: "DotProd of the same experiments",
  GpuPacking: "GpuPacking of the same experiments",
  NoPreference: "gives every node the same score, so that the tie rule alone decides",
};

/** Kubernetes' plugins in the order of its default profile, then stowage's own. */
export function cataloguedPlugins(): CataloguedPlugin[] {
  const policiesOf = (name: string): string[] =>
    shippedProfiles()
      .filter(({ plugins }) => plugins.some(({ plugin }) => plugin.name === name))
      .map((profile) => profile.name);
  const kubernetes = [...registry].map(([name, { points, weight, gate, make }]): CataloguedPlugin => {
    const policies = policiesOf(name);
    return {
      name,
      points,
      args: ARGS[name] ?? {},
      weight: points.includes("score") ? (weight ?? 1) : null,
      differences: [
        ...(make === undefined ? [absence(name, gate)] : []),
        ...(make !== undefined && gate !== undefined ? [`only with the feature gate ${gate}`] : []),
        ...(DIFFERENCES[name] ?? []),
        ...unusedPoints(points),
      ],
      policies,
    };
  });
  const own = new Map<string, Plugin>();
  for (const { plugin } of shippedProfiles().flatMap(({ plugins }) => plugins)) {
    if (!registry.has(plugin.name)) own.set(plugin.name, plugin);
  }
  return [
    ...kubernetes,
    ...[...own].map(
      ([name, plugin]): CataloguedPlugin => ({
        name,
        points: (["filter", "score"] as const).filter((point) => plugin[point] !== undefined),
        args: {},
        weight: plugin.score === undefined ? null : 1,
        differences: [`stowage's own: ${OWN[name] ?? "kube-scheduler has none of the name"}`],
        policies: policiesOf(name),
      }),
    ),
  ];
}

function absence(name: string, gate: string | undefined): string {
  const behind = gate === undefined ? "" : "; kube-scheduler has it behind a gate, off by default";
  return NOT_MADE[name] ?? `not here${behind}`;
}

/** Points at which groups of pods are placed by topology, which nothing here does. */
function unusedPoints(points: readonly ExtensionPoint[]): string[] {
  const ofGroups = points.filter((point) => point.startsWith("placement"));
  return ofGroups.length === 0 || ofGroups.length === points.length ? [] : [`no ${ofGroups.join(", ")}`];
}

/** Arguments on one line, as YAML's flow style has them. */
export function argsText(args: CataloguedPlugin["args"]): string {
  return Object.entries(args)
    .map(([name, value]) => `${name}: ${value === null ? "none" : flow(value)}`)
    .join(", ");
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).map(([name, inner]) => `${name}: ${flow(inner)}`);
  return `{${fields.join(", ")}}`;
}

/** The catalogue as a Markdown table. */
export function pluginTable(): string {
  const rows = cataloguedPlugins().map(({ name, points, args, weight, differences }) => [
    name,
    points.map((point) => (point === "score" && weight !== null ? `score (${weight})` : point)).join(", "),
    argsText(args) === "" ? "" : `\`${argsText(args)}\``,
    differences.join("; "),
  ]);
  const header = [
    "plugin",
    "points (weight)",
    "args and their defaults",
    "differences from kube-scheduler v1.37.2",
  ];
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
