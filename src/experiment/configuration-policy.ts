import { existsSync } from "node:fs";
import { digest } from "../base/digest.ts";
import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import { profilesOf } from "../configuration/profiles-of.ts";
import { readConfiguration } from "../configuration/read-configuration.ts";
import { unreadSettings } from "../configuration/unread-settings.ts";
import type { Profile } from "../scheduler/profile.ts";
import { readHead, readText } from "../workload/input-text.ts";

/** A profile of a KubeSchedulerConfiguration file: plain data, so that it crosses threads. */
export interface ConfigurationReference {
  readonly kind: "configuration";
  readonly path: string;
  /** Of the file's content. */
  readonly digest: string;
  readonly configuration: Configuration;
  /** The scheduler name of the profile meant; undefined: all of them, as one scheduler. */
  readonly schedulerName: string | undefined;
  readonly gates: FeatureGates;
}

export interface TogetherOption {
  /** Several profiles of a file are one scheduler, which chooses by each pod's `spec.schedulerName`. */
  readonly together?: boolean | undefined;
}

/** `file#profile`: the file, and the profile's scheduler name if one is given. A path that is there is taken as it stands. */
interface Named {
  readonly path: string;
  readonly profile: string | undefined;
}

/**
 * The reference that `file` or `file#profile` means; undefined when there is no such file, or none that is a
 * KubeSchedulerConfiguration by its content.
 * @throws UserError with every problem of the file, each at `file:line:column`, or when it leaves open which profile is meant
 */
export async function configurationReference(
  policy: string,
  gates: FeatureGates,
  { together = false }: TogetherOption = {},
): Promise<ConfigurationReference | undefined> {
  const { path, profile } = named(policy);
  if (!(await isConfiguration(path))) return undefined;
  const { text } = await readText(path);
  const configuration = readConfiguration(text, path);
  const names = configuration.profiles.map(({ schedulerName }) => schedulerName);
  const all = profile === undefined && names.length > 1;
  if (all && !together) {
    const each = names.map((name) => `${path}#${name}`).join(", ");
    const what = `invalid policy: ${JSON.stringify(path)} has ${names.length} profiles; name one: ${each}`;
    throw new UserError([{ where: path, what }]);
  }
  const schedulerName = all ? undefined : (profile ?? names[0]);
  if (schedulerName !== undefined && !names.includes(schedulerName))
    throw new UserError([{ where: path, what: unknown("profile", schedulerName, names) }]);
  return { kind: "configuration", path, digest: digest(text), configuration, schedulerName, gates };
}

/**
 * The policies of a configuration file, as one would type them: the file itself when it has one profile, `file#profile` for
 * each when it has several, and the one that is named.
 * @throws UserError when there is no such file, it is no KubeSchedulerConfiguration, or something in it is wrong
 */
export async function policiesOfConfiguration(config: string): Promise<string[]> {
  const { path, profile } = named(config);
  const { text } = await readText(path);
  const { profiles } = readConfiguration(text, path);
  if (profile !== undefined || profiles.length === 1) return [config];
  return profiles.map(({ schedulerName }) => `${path}#${schedulerName}`);
}

/** Whether a policy is given as a file, so that one that is missing is reported as such. */
export function looksLikeFile(policy: string): boolean {
  const { path } = named(policy);
  return existsSync(path) || /[/\\]|\.(ya?ml|json)$/.test(path);
}

/** The path of `file` or `file#profile`. */
export function pathOf(policy: string): string {
  return named(policy).path;
}

/** The profiles that a reference means, in the file's order; named by scheduler name. */
export function configuredProfiles(reference: ConfigurationReference): Profile[] {
  const { path, configuration, schedulerName, gates } = reference;
  const all = profilesOf(configuration, gates).map((profile, place) => {
    const unread = unreadSettings(configuration, configuration.profiles[place]);
    const description = [
      `profile ${profile.name} of ${path}`,
      ...(Object.keys(gates).length > 0 ? [`gates ${gatesText(gates)}`] : []),
      ...(unread.length > 0 ? [`not honoured here: ${unread.join(", ")}`] : []),
    ].join("; ");
    return { ...profile, description };
  });
  return all.filter(({ name }) => schedulerName === undefined || name === schedulerName);
}

/** Gates as the flag has them. */
export function gatesText(gates: FeatureGates): string {
  return Object.entries(gates)
    .map(([gate, on]) => `${gate}=${on}`)
    .join(",");
}

function named(policy: string): Named {
  const hash = policy.lastIndexOf("#");
  if (hash === -1 || existsSync(policy)) return { path: policy, profile: undefined };
  return { path: policy.slice(0, hash), profile: policy.slice(hash + 1) };
}

/** By its group or kind, wherever they stand: a file that is meant as one and broken gets its own errors. */
async function isConfiguration(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const { directory, head } = await readHead(path);
  return !directory && /^[^#\n]*(kubescheduler\.config\.k8s\.io|KubeSchedulerConfiguration)/m.test(head);
}
