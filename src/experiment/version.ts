import { readFileSync } from "node:fs";

/** The version of stowage, as its package says. */
export function stowageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (manifest as { readonly version: string }).version;
}
