import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { PlayReport } from "./play.ts";
import type { PlayOptions } from "./play-script.ts";

const run = promisify(execFile);

/** What creating pods leaves behind is collected before each part that is timed. */
const NODE_FLAGS = ["--expose-gc"];

export interface OurRun extends PlayOptions {
  readonly script: string;
  readonly repeats: number;
  /** No further repeat begins after so many seconds, two aside. */
  readonly seconds?: number;
  /** Where the placements are to be written. */
  readonly placements?: string;
}

export type OurPlayer = (options: OurRun) => Promise<PlayReport>;

/** Our side as plain JavaScript, so that no loader of TypeScript is in what is measured; each run is a fresh process. */
export async function ourPlayer(cache: string): Promise<OurPlayer> {
  const outfile = join(cache, "play.mjs");
  await mkdir(cache, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL("play.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    loader: { ".wasm": "binary" },
    outfile,
    logLevel: "warning",
  });
  return async ({ script, repeats, seconds, algorithm, tieBreak, placements }) => {
    const flags = [
      `--repeats=${repeats}`,
      ...(seconds === undefined ? [] : [`--seconds=${seconds}`]),
      ...(algorithm === undefined ? [] : [`--algorithm=${algorithm}`]),
      ...(tieBreak === undefined ? [] : [`--tie-break=${tieBreak}`]),
      ...(placements === undefined ? [] : [`--placements=${placements}`]),
    ];
    const { stdout } = await run(process.execPath, [...NODE_FLAGS, outfile, script, ...flags], {
      maxBuffer: 1 << 28,
    });
    return JSON.parse(stdout) as PlayReport;
  };
}
