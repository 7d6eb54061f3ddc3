import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MAIN = join(ROOT, "dist/cli/main.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command, as a user would from the project's root. */
export function stowage(args: readonly string[], options: { readonly cwd?: string } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
}

/** Starts the built command and sends it a signal as soon as its stderr matches. */
export function stowageUntil(args: readonly string[], until: RegExp, signal: NodeJS.Signals): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } });
    let stdout = "";
    let stderr = "";
    let sent = false;
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      if (!sent && until.test(stderr)) {
        sent = true;
        child.kill(signal);
      }
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A new folder with these files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "stowage-test-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A workload that runs in milliseconds. */
export const SMALL_WORKLOAD = `apiVersion: stowage/v1
kind: Workload
metadata:
  name: small
nodePools:
  - name: pool
    count: 12
    shape: { cpu: 4, memory: 16Gi, pods: 110 }
podTemplates:
  - name: web
    requests: { cpu: 700m, memory: 1Gi }
  - name: db
    requests: { cpu: 1, memory: 6Gi }
arrivals:
  - name: all
    templates: { web: 3, db: 1 }
    process: { kind: poisson, ratePerSecond: 2 }
horizon: 60s
primaryMeasures: [cpuAllocationAtEnd, podsPending]
`;
