import type { EnabledPlugin } from "./configuration.ts";

/** The plugins that one extension point, or multiPoint, enables and disables. */
export interface PluginSet {
  readonly enabled: readonly EnabledPlugin[];
  /** Names; `*` is all. */
  readonly disabled: readonly string[];
}

export const noPlugins: PluginSet = { enabled: [], disabled: [] };

/**
 * A custom set merged with the defaults of the same point: a default that is enabled anew is replaced where it stands, one
 * that is disabled is gone, the other custom ones follow in their order (upstream: apis/config/v1/default_plugins.go,
 * mergePluginSet). A plugin that is disabled and enabled moves to the end.
 */
export function mergePlugins(defaults: PluginSet, custom: PluginSet): PluginSet {
  const disabled = [...custom.disabled, ...defaults.disabled];
  const places = new Map(custom.enabled.map(({ name }, place) => [name, place]));
  const replacing = new Set<number>();
  const enabled: EnabledPlugin[] = [];
  for (const plugin of disabled.includes("*") ? [] : defaults.enabled) {
    if (disabled.includes(plugin.name)) continue;
    const place = places.get(plugin.name);
    if (place !== undefined) replacing.add(place);
    enabled.push(place === undefined ? plugin : custom.enabled[place]);
  }
  enabled.push(...custom.enabled.filter((_, place) => !replacing.has(place)));
  return { enabled, disabled };
}
