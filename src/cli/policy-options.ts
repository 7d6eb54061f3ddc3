import { type Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../base/errors.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import { parseFeatureGates } from "../configuration/parse-feature-gates.ts";
import type { Algorithm } from "../experiment/algorithm.ts";
import { policiesOfConfiguration } from "../experiment/configuration-policy.ts";
import type { TieBreak } from "../scheduler/profile.ts";
import { parseAlgorithm, parseTieBreak } from "./options.ts";

/** Options of every command that takes a policy. */
export interface PolicyOptions {
  readonly config?: string;
  readonly featureGates?: FeatureGates;
  readonly tieBreak?: TieBreak;
}

export interface AlgorithmOption {
  readonly algorithm?: Algorithm;
}

/** For commands in which something decides. */
export function withAlgorithmOption(command: Command): Command {
  return command.option(
    "--algorithm <name>",
    "who decides, always alike: index, scan (every node anew) or reference (the slow scheduler) (default: index)",
    parseAlgorithm,
  );
}

/** What a configuration stands for where one policy is run. */
export const SCHEDULER = "the policy: its profile, or all of them, chosen by each pod's schedulerName";

/** `configMeans` says what the configuration stands for in the command. */
export function withPolicyOptions(command: Command, configMeans: string): Command {
  return command
    .addOption(
      new Option("--config <file>", `a KubeSchedulerConfiguration; ${configMeans}`).argParser(parseConfig),
    )
    .option(
      "--feature-gates <A=true,B=false>",
      "kube-scheduler's gates, for configurations and Kubernetes' own profiles",
      parseFeatureGates,
    )
    .option("--tie-break <rule>", "upstream, first or random, for every policy", parseTieBreak);
}

function parseConfig(text: string): string {
  if (text === "") throw new InvalidArgumentError("write the path of a file");
  return text;
}

/**
 * The policy of a command that takes one: `--policy`, or the profile of `--config`.
 * @throws UserError when both are given
 */
export async function onePolicy({
  policy,
  config,
}: PolicyOptions & { readonly policy?: string }): Promise<string> {
  if (config === undefined) return policy ?? "default";
  if (policy !== undefined) {
    const what = "invalid options: both name the policy; leave one out, or write --policy FILE#PROFILE";
    throw new UserError([{ where: "--policy and --config", what }]);
  }
  // What is wrong with the file is said under its own name, also when it is no configuration at all.
  await policiesOfConfiguration(config);
  return config;
}
