import { execFile, spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PlayedPhase } from "./play-script.ts";

const run = promisify(execFile);

/** How kube-scheduler is run: workers of its filters and scores, and when Go collects garbage. */
export interface Tuning {
  readonly parallelism: number;
  /** The environment variable GOGC. */
  readonly gogc: string;
}

/** Every tuning among which the fastest is looked for. */
export const TUNINGS: readonly Tuning[] = [1, 2, 16].flatMap((parallelism) =>
  ["100", "400", "off"].map((gogc) => ({ parallelism, gogc })),
);

/** What the Go program prints. */
export interface KubeRun {
  readonly phases: readonly PlayedPhase[];
  readonly digest: string;
  readonly version: string;
}

export type KubePlayer = (script: string, tuning: Tuning, placements?: string) => Promise<KubeRun>;

/** Why kube-scheduler takes no part. */
export interface Missing {
  readonly missing: string;
}

/** Builds the Go program, which takes minutes the first time; says why where that cannot be done. */
export async function kubePlayer(cache: string, go = "go"): Promise<KubePlayer | Missing> {
  const { error, stdout } = spawnSync(go, ["version"], { encoding: "utf8" });
  if (error !== undefined) {
    return { missing: `kube-scheduler is left out: there is no Go (${go}); install Go 1.26 or later` };
  }
  const program = join(cache, "kube-scheduler");
  await mkdir(cache, { recursive: true });
  const source = fileURLToPath(new URL("../kube-scheduler", import.meta.url));
  try {
    await run(go, ["build", "-o", program, "."], { cwd: source, maxBuffer: 1 << 26 });
  } catch (reason) {
    return {
      missing: `kube-scheduler is left out: it cannot be built with ${stdout.trim()}: ${firstLine(reason)}`,
    };
  }
  return async (script, { parallelism, gogc }, placements) => {
    const flags = [
      "--parallelism",
      String(parallelism),
      ...(placements === undefined ? [] : ["--placements", placements]),
    ];
    const played = await run(program, ["play", script, ...flags], {
      env: { ...process.env, GOGC: gogc },
      maxBuffer: 1 << 28,
    });
    return JSON.parse(played.stdout) as KubeRun;
  };
}

function firstLine(reason: unknown): string {
  const text = reason instanceof Error && "stderr" in reason ? String(reason.stderr) : String(reason);
  return text.trim().split("\n", 3).join(" ");
}
