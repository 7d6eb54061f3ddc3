import { UserError } from "../base/errors.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { defineProfile, type Profile, type TieBreak } from "../scheduler/profile.ts";
import { bundleModule, isModulePath } from "./bundle-module.ts";

/**
 * A policy as it crosses threads: names and data do, functions do not. A module is bundled once, by the main thread, and
 * its code travels as text.
 */
export type PolicyReference =
  | { readonly kind: "shipped"; readonly name: string }
  | { readonly kind: "module"; readonly path: string; readonly code: string }
  | { readonly kind: "profile"; readonly profile: Profile };

/** What a user may give as a policy: a shipped name, the path of a TypeScript or JavaScript module, or a profile itself. */
export async function policyReference(policy: string | Profile): Promise<PolicyReference> {
  if (typeof policy !== "string") return { kind: "profile", profile: defineProfile(policy) };
  if (isModulePath(policy)) return { kind: "module", path: policy, code: await bundleModule(policy) };
  shippedProfile(policy);
  return { kind: "shipped", name: policy };
}

/**
 * The profile that a reference means.
 * @throws UserError when a module has no default export that is a profile or a plugin
 */
export async function loadPolicy(reference: PolicyReference, tieBreak?: TieBreak): Promise<Profile> {
  const profile = await profileOf(reference);
  return tieBreak === undefined ? profile : { ...profile, tieBreak };
}

function profileOf(reference: PolicyReference): Profile | Promise<Profile> {
  switch (reference.kind) {
    case "shipped":
      return shippedProfile(reference.name);
    case "module":
      return moduleProfile(reference.path, reference.code);
    case "profile":
      return reference.profile;
  }
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
