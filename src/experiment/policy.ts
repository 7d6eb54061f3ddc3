import { existsSync } from "node:fs";
import { UserError } from "../base/errors.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { defineProfile, type Profile, type TieBreak } from "../scheduler/profile.ts";
import { bundleModule, isModulePath } from "./bundle-module.ts";
import {
  type ConfigurationReference,
  configurationReference,
  configuredProfiles,
  looksLikeFile,
  pathOf,
  type TogetherOption,
} from "./configuration-policy.ts";
import { gatedProfile } from "./gated-profile.ts";

/**
 * A policy as it crosses threads: names and data do, functions do not. A module is bundled once, by the main thread, and
 * its code travels as text.
 */
export type PolicyReference =
  | { readonly kind: "shipped"; readonly name: string; readonly gates: FeatureGates }
  | { readonly kind: "module"; readonly path: string; readonly code: string }
  | { readonly kind: "profile"; readonly profile: Profile }
  | ConfigurationReference;

/**
 * What a user may give as a policy: a shipped name, a KubeSchedulerConfiguration (`file`, or `file#profile` when it has
 * several), the path of a TypeScript or JavaScript module, or a profile itself. A file is known by its content.
 * @throws UserError when there is no such policy, or with every problem of its file
 */
export async function policyReference(
  policy: string | Profile,
  gates: FeatureGates = {},
  options: TogetherOption = {},
): Promise<PolicyReference> {
  if (typeof policy !== "string") return { kind: "profile", profile: defineProfile(policy) };
  const configuration = await configurationReference(policy, gates, options);
  if (configuration !== undefined) return configuration;
  if (isModulePath(policy)) return { kind: "module", path: policy, code: await bundleModule(policy) };
  if (shippedProfiles().every(({ name }) => name !== policy) && looksLikeFile(policy))
    throw notAPolicy(policy);
  gatedProfile(policy, gates);
  return { kind: "shipped", name: policy, gates };
}

/**
 * The profile that a reference means.
 * @throws UserError when a module has no default export that is a profile or a plugin
 */
export async function loadPolicy(reference: PolicyReference, tieBreak?: TieBreak): Promise<Profile> {
  const profile = await profileOf(reference);
  return tieBreak === undefined ? profile : { ...profile, tieBreak };
}

/** What schedules: one profile for every pod, or, in `profiles`, those among which each pod's scheduler name chooses. */
export interface LoadedScheduler {
  readonly profile: Profile;
  readonly profiles?: readonly Profile[];
}

/**
 * What a reference means when a configuration with several profiles may be one scheduler.
 * @throws UserError as `loadPolicy` does
 */
export async function loadScheduler(
  reference: PolicyReference,
  tieBreak?: TieBreak,
): Promise<LoadedScheduler> {
  const profile = await loadPolicy(reference, tieBreak);
  if (reference.kind !== "configuration" || reference.schedulerName !== undefined) return { profile };
  const profiles = configuredProfiles(reference);
  return { profile, profiles: profiles.map((own) => (tieBreak === undefined ? own : { ...own, tieBreak })) };
}

function profileOf(reference: PolicyReference): Profile | Promise<Profile> {
  switch (reference.kind) {
    case "shipped":
      return gatedProfile(reference.name, reference.gates);
    case "module":
      return moduleProfile(reference.path, reference.code);
    case "profile":
      return reference.profile;
    case "configuration":
      return configuredProfiles(reference)[0];
  }
}

function notAPolicy(policy: string): UserError {
  const path = pathOf(policy);
  const what = existsSync(path)
    ? `invalid policy: ${JSON.stringify(path)} is no KubeSchedulerConfiguration; write its apiVersion and kind, name a module (.ts, .js), or see stowage list policies`
    : `missing file: a policy's configuration; check the path, or see stowage list policies`;
  return new UserError([{ where: path, what }]);
}

async function moduleProfile(path: string, code: string): Promise<Profile> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const loaded = (await import(url)) as { readonly default?: unknown };
  const exported = loaded.default;
  if (isObject(exported) && Array.isArray(exported["plugins"]) && typeof exported["name"] === "string") {
    return defineProfile(exported as unknown as Profile);
  }
  if (isObject(exported) && typeof exported["name"] === "string")
    return withPlugin(exported as unknown as Plugin);
  throw new UserError([
    {
      where: path,
      what: "missing default export: a profile or a plugin; write export default defineProfile({…})",
    },
  ]);
}

/** A plugin alone joins the default profile, in place of the plugin of the same name if there is one. */
function withPlugin(plugin: Plugin): Profile {
  const base = shippedProfile("default");
  const others = base.plugins.filter((entry) => entry.plugin.name !== plugin.name);
  return defineProfile({
    ...base,
    name: `default+${plugin.name}`,
    description: `the default profile with ${plugin.name}`,
    plugins: [...others, { plugin }],
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
