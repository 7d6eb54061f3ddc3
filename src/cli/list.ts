import { Argument, Command } from "commander";
import { UserError } from "../base/errors.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import { parseFeatureGates } from "../configuration/parse-feature-gates.ts";
import { policiesOfConfiguration } from "../experiment/configuration-policy.ts";
import { loadPolicy, policyReference } from "../experiment/policy.ts";
import { measures } from "../metrics/measures.ts";
import { shippedProfiles } from "../plugins/profiles.ts";
import { type CommonOptions, printJson, withCommonOptions } from "./output.ts";
import { argsText, type CataloguedPlugin, cataloguedPlugins, pluginTable } from "./plugin-catalogue.ts";
import { shippedWorkloads } from "./shipped-workloads.ts";

interface Listed {
  readonly name: string;
  readonly description: string;
}

interface ListCommandOptions extends CommonOptions {
  readonly config?: string;
  readonly featureGates?: FeatureGates;
  readonly markdown?: boolean;
}

type List = (options: ListCommandOptions) => Promise<readonly Listed[]> | readonly Listed[];

const LISTS: Readonly<Record<string, List>> = {
  policies: async ({ config, featureGates = {} }) => [
    ...shippedProfiles().map(({ name, description }) => ({ name, description })),
    ...(config === undefined ? [] : await configuredPolicies(config, featureGates)),
  ],
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
    .option("--config <file>", "policies: also the profiles of a KubeSchedulerConfiguration")
    .option("--feature-gates <A=true,B=false>", "kube-scheduler's gates for those", parseFeatureGates)
    .option("--markdown", "a Markdown table")
    .addHelpText(
      "after",
      `
Examples:
  stowage list policies
  stowage list measures --json

A plugin's line: extension points, args with their defaults, and DIFFERS with what kube-scheduler's does otherwise.`,
    );
  return withCommonOptions(command).action(async (what: string, options: ListCommandOptions) => {
    if (options.config !== undefined && what !== "policies") {
      throw new UserError([
        { where: "--config", what: `invalid option: ${what} are no policies; write list policies` },
      ]);
    }
    const listed = await LISTS[what](options);
    if (options.markdown) {
      process.stdout.write(`${what === "plugins" ? pluginTable() : table(listed)}\n`);
      return;
    }
    if (options.json) return printJson(listed);
    const width = Math.max(...listed.map(({ name }) => name.length));
    for (const { name, description } of listed)
      process.stdout.write(`${name.padEnd(width)}  ${description}\n`);
  });
}

function table(listed: readonly Listed[]): string {
  const rows = listed.map(({ name, description }) => `| ${name} | ${description.replaceAll("|", "\\|")} |`);
  return ["| name | what it is |", "| --- | --- |", ...rows].join("\n");
}

function listPlugins(): readonly (Listed & Omit<CataloguedPlugin, "name">)[] {
  return cataloguedPlugins().map((plugin) => {
    const args = argsText(plugin.args);
    const said = [
      plugin.points.join(", "),
      ...(args === "" ? [] : [`args ${args}`]),
      ...(plugin.differences.length === 0 ? [] : [`DIFFERS: ${plugin.differences.join("; ")}`]),
    ];
    return { ...plugin, description: said.join(" | ") };
  });
}

/** The profiles of a configuration, named as a policy is. */
async function configuredPolicies(config: string, gates: FeatureGates): Promise<Listed[]> {
  return Promise.all(
    (await policiesOfConfiguration(config)).map(async (name) => {
      const { description } = await loadPolicy(await policyReference(name, gates));
      return { name, description };
    }),
  );
}
