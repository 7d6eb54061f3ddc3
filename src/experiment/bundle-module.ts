import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";

const MODULE = /\.(ts|mts|js|mjs)$/;

/** Whether a policy is given as a module: by its ending, so that a missing file is reported as one. */
export function isModulePath(text: string): boolean {
  return MODULE.test(text);
}

/**
 * A policy's module and all that it imports, as one text of JavaScript: Node 20 cannot load TypeScript by itself.
 * `stowage` means this very package, wherever the module stands.
 */
export async function bundleModule(path: string): Promise<string> {
  if (!existsSync(path)) {
    throw new UserError([{ where: path, what: "missing file: a policy's module; check the path" }]);
  }
  const { build } = await import("esbuild");
  try {
    const result = await build({
      entryPoints: [resolve(path)],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "silent",
      sourcemap: "inline",
      alias: { stowage: fileURLToPath(new URL("../index.js", import.meta.url)) },
    });
    return result.outputFiles[0].text;
  } catch (error) {
    throw new UserError(esbuildProblems(path, error));
  }
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

function esbuildProblems(path: string, error: unknown) {
  const messages = (error as { readonly errors?: readonly BuildMessage[] }).errors ?? [];
  if (messages.length === 0) return [{ where: path, what: `invalid module: ${String(error)}` }];
  return messages.map(({ text, location }) => ({
    where: location === null ? path : `${location.file}:${location.line}:${location.column + 1}`,
    what: `invalid module: ${text}`,
  }));
}
