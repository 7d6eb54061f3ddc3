import type { Plugin } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";

/** A wrong form of one plugin of a profile, or another weight for it. */
export interface PlantedMistake {
  readonly name: string;
  /** Kubernetes name of the plugin. */
  readonly plugin: string;
  readonly weight?: number;
  readonly change?: (plugin: Plugin) => Plugin;
}

/** The profile with the mistake in it, where it uses the plugin. */
export function withMistake(profile: Profile, { plugin: name, weight, change }: PlantedMistake): Profile {
  const plugins = profile.plugins.map((used) =>
    used.plugin.name === name
      ? { plugin: change?.(used.plugin) ?? used.plugin, weight: weight ?? used.weight ?? 1 }
      : used,
  );
  return { ...profile, plugins };
}

/** The plugin without one of its members. */
export function without(member: "filter" | "preFilter" | "normalizeScore" | "score") {
  return (plugin: Plugin): Plugin => {
    const { [member]: _, ...rest } = plugin;
    return rest;
  };
}
