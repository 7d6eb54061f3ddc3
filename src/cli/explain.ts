import { Command } from "commander";
import { explain, findPod } from "../decisions/explanation.ts";
import { loadScheduler, policyReference } from "../experiment/policy.ts";
import type { Profile } from "../scheduler/profile.ts";
import { type ExplainInput, readExplainInput } from "./explain-input.ts";
import { wholeNumber } from "./options.ts";
import { type CommonOptions, printJson, say, useColor, withCommonOptions } from "./output.ts";
import { onePolicy, type PolicyOptions, SCHEDULER, withPolicyOptions } from "./policy-options.ts";
import { renderExplanation } from "./render-explanation.ts";

interface ExplainCommandOptions extends CommonOptions, PolicyOptions {
  readonly pod?: string;
  readonly policy?: string;
  readonly node?: string;
  readonly diff?: string;
  readonly case?: string;
  readonly attempt?: number;
}

export function explainCommand(): Command {
  const command = new Command("explain")
    .summary("why this node, why not that one, and what would change it")
    .description(
      "Explains one scheduling decision: scores part by part, each rejected node, and for a pod that no node takes the smallest change that would help.",
    )
    .argument(
      "<input>",
      "Kubernetes objects (manifests, kubectl get … -o json or yaml), recorded cases (.jsonl, .jsonl.gz), or - for stdin",
    )
    .option(
      "--pod <ns/name>",
      "the pod; a bound one is explained as if it were scheduled anew (default: the only pending one, or a case's first)",
    )
    .option(
      "--policy <name>",
      "a policy (stowage list policies), a KubeSchedulerConfiguration or a module (default: default, or that of the case)",
    )
    .option("--node <name>", "why the pod is not on this node, and what would change it")
    .option("--diff <policy>", "decide under this policy as well, and say where the two part")
    .option("--case <id>", "which recorded case (default: the first)")
    .option("--attempt <N>", "which attempt of the pod in the case", wholeNumber(1, 1000))
    .addHelpText(
      "after",
      `
Examples:
  kubectl get nodes,pods -A -o json | stowage explain - --pod shop/web-0
  stowage explain cases.jsonl.gz --case fit-1-00007 --pod default/p2 --node n3`,
    );
  withPolicyOptions(command, SCHEDULER);
  return withCommonOptions(command).action(async (input: string, options: ExplainCommandOptions) => {
    const read = await readExplainInput(input, options);
    const { situation, standsOn, notes, recorded } = read;
    // A recorded case has its own policy and rule for ties; whoever names another one asks what that would decide.
    const own = options.policy === undefined && options.config === undefined ? recorded : undefined;
    const profile = own?.profile ?? (await profileFor(read, await onePolicy(options), options));
    const explanation = explain({
      situation,
      profile,
      standsOn,
      record: own?.record,
      tieBreak: options.tieBreak ?? own?.tieBreak,
      node: options.node,
      diff: options.diff === undefined ? undefined : await profileFor(read, options.diff, options),
    });
    const id = recorded?.id;
    if (options.json) printJson({ input, ...(id !== undefined && { case: id }), ...explanation, notes });
    else process.stdout.write(renderExplanation(explanation, { color: useColor(options), case: id, notes }));
    if (!options.quiet && options.node === undefined && explanation.node !== null)
      say(
        options,
        `\nNext: why not another one, stowage explain ${input} --pod ${situation.pod} --node NAME`,
      );
  });
}

/** The policy's profile for the pod: of several in one configuration the one that the pod's schedulerName says. */
async function profileFor(
  { situation }: ExplainInput,
  policy: string,
  { featureGates, tieBreak }: PolicyOptions,
): Promise<Profile> {
  const { profile, profiles = [] } = await loadScheduler(
    await policyReference(policy, featureGates),
    tieBreak,
  );
  const pod = findPod(situation.objects.pods, situation.pod);
  const { schedulerName } = pod.spec ?? {};
  return profiles.find(({ name }) => name === (schedulerName || "default-scheduler")) ?? profile;
}
