import { registry } from "../plugins/registry.ts";
import type { Configuration, ConfiguredProfile } from "./configuration.ts";

/**
 * What a configuration asks for and nothing here does, in a few words each; settings at their defaults are not listed. How
 * kube-scheduler divides its work, reaches the API server and elects a leader decides nothing and is left out.
 */
export function unreadSettings(configuration: Configuration, profile: ConfiguredProfile): string[] {
  const { podInitialBackoffSeconds, podMaxBackoffSeconds } = configuration;
  const unread: string[] = [];
  if (podInitialBackoffSeconds !== 1) unread.push(`podInitialBackoffSeconds ${podInitialBackoffSeconds}`);
  if (podMaxBackoffSeconds !== 10) unread.push(`podMaxBackoffSeconds ${podMaxBackoffSeconds}`);
  const enabled = new Set(
    Object.values(profile.points).flatMap((plugins) => plugins.map(({ name }) => name)),
  );
  const missing = [...registry].filter(
    ([name, { make, gate }]) => make === undefined && gate !== undefined && enabled.has(name),
  );
  if (missing.length > 0) unread.push(`plugins ${missing.map(([name]) => name).join(", ")}`);
  return unread;
}
