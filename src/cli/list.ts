import { Argument, Command } from "commander";
import { measures } from "../metrics/measures.ts";
import { shippedProfiles } from "../plugins/profiles.ts";
import { type CommonOptions, printJson, withCommonOptions } from "./output.ts";
import { shippedWorkloads } from "./shipped-workloads.ts";

interface Listed {
  readonly name: string;
  readonly description: string;
}

const LISTS: Readonly<Record<string, () => Promise<readonly Listed[]> | readonly Listed[]>> = {
  policies: () => shippedProfiles().map(({ name, description }) => ({ name, description })),
  plugins: listPlugins,
  workloads: shippedWorkloads,
  measures: () =>
    measures.map(({ name, unit, better, definition }) => ({
      name,
      description: `${unit}${better === "none" ? "" : `, ${better} is better`}: ${definition}`,
    })),
  formats: () => [
    {
      name: "stowage",
      description: "a workload in stowage's own YAML (apiVersion: stowage/v1, kind: Workload)",
    },
    {
      name: "kubernetes",
      description: "Kubernetes manifests or kubectl get -o json|yaml output; large JSON is streamed",
    },
    { name: "openb", description: "node and pod CSV of the openb GPU cluster trace, as nodes.csv+pods.csv" },
    {
      name: "scheduler_perf",
      description: "performance-config.yaml of Kubernetes v1.37, with --select CASE/WORKLOAD",
    },
  ],
};

export function listCommand(): Command {
  const command = new Command("list")
    .summary("what there is, a line each")
    .description("Lists policies, plugins, workloads, measures or input formats.")
    .addArgument(new Argument("<what>", "what to list").choices(Object.keys(LISTS)))
    .addHelpText("after", "\nExamples:\n  stowage list policies\n  stowage list measures --json");
  return withCommonOptions(command).action(async (what: string, options: CommonOptions) => {
    const listed = await LISTS[what]();
    if (options.json) return printJson(listed);
    const width = Math.max(...listed.map(({ name }) => name.length));
    for (const { name, description } of listed)
      process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
  });
}

function listPlugins(): Listed[] {
  const used = new Map<string, { points: string; profiles: string[] }>();
  for (const profile of shippedProfiles()) {
    for (const { plugin } of profile.plugins) {
      const points = [
        plugin.preEnqueue && "PreEnqueue",
        plugin.queueSort && "QueueSort",
        plugin.preFilter && "PreFilter",
        plugin.filter && "Filter",
        plugin.score && "Score",
        plugin.takeDevices && "devices",
      ].filter((point) => typeof point === "string");
      const entry = used.get(plugin.name) ?? { points: points.join(", "), profiles: [] };
      if (points.length > entry.points.split(", ").length) entry.points = points.join(", ");
      entry.profiles.push(profile.name);
      used.set(plugin.name, entry);
    }
  }
  return [...used].map(([name, { points, profiles }]) => ({
    name,
    description: `${points}; in ${profiles.length === shippedProfiles().length ? "every policy" : profiles.join(", ")}`,
  }));
}
