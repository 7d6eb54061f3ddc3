import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * Every command and code block of every README runs. `sh` blocks run line by line from the project's root, `ts` blocks are
 * type-checked and run, `yaml` blocks are workloads. The two set-up commands (`npm ci`, `npm cit`) are tested by CI itself.
 */
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const READMES = [
  "README.md",
  ...["src", "bench", "workloads", "reports"].map((folder) => `${folder}/README.md`),
  "CONTRIBUTING.md",
];
const SET_UP = ["npm ci", "npm cit"];

interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```(\w+)$/.exec(lines[i]);
    if (fence === null) continue;
    const end = lines.indexOf("```", i + 1);
    blocks.push({ file, line: i + 1, language: fence[1], code: lines.slice(i + 1, end).join("\n") });
    i = end;
  }
  return blocks;
}

const blocks = READMES.flatMap(blocksOf);
const commands = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ code }) => code.split("\n"))
  .flatMap((line) => line.replace(/\s+#.*$/, "").split(" && "))
  .map((command) => command.trim())
  .filter((command) => command !== "" && !SET_UP.includes(command));

function cacheFolder(): string {
  // Inside the package, so that "stowage" means the package itself.
  const folder = join(ROOT, "dist/.docs");
  mkdirSync(folder, { recursive: true });
  return mkdtempSync(join(folder, "docs-"));
}

describe("the documentation", () => {
  it("has blocks to run", () => {
    expect(commands.length).toBeGreaterThan(5);
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["sh", "ts", "yaml"]));
  });

  it.each([...new Set(commands)])("runs: %s", (command) => {
    // `npm start` compares over twenty seeds; two show that it works.
    const fewer = command === "npm start" ? "npm start -- --seeds 2" : command;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", fewer], { cwd: ROOT, encoding: "utf8" });
    expect(`${status} ${status === 0 ? "" : stdout + stderr}`).toBe("0 ");
  });

  it.each(blocks.filter(({ language }) => language === "ts"))(
    "checks and runs the TypeScript of $file:$line",
    ({ code }) => {
      const folder = cacheFolder();
      writeFileSync(join(folder, "block.mts"), code);
      const strict = [
        "--ignoreConfig",
        "--strict",
        "--noEmit",
        "--module",
        "nodenext",
        "--target",
        "es2023",
        "--skipLibCheck",
        "--types",
        "node",
      ];
      execFileSync(join(ROOT, "node_modules/.bin/tsc"), [...strict, join(folder, "block.mts")], {
        cwd: ROOT,
        stdio: "pipe",
      });
      execFileSync(process.execPath, ["--import", "tsx", join(folder, "block.mts")], {
        cwd: ROOT,
        stdio: "pipe",
      });
    },
  );

  it.each(blocks.filter(({ language }) => language === "yaml"))(
    "runs the workload of $file:$line",
    ({ code }) => {
      const file = join(cacheFolder(), "workload.yaml");
      writeFileSync(file, code);
      execFileSync(process.execPath, [join(ROOT, "dist/cli/main.js"), "run", file, "--json"], {
        cwd: ROOT,
        stdio: "pipe",
      });
    },
  );

  it("names only files that exist", () => {
    for (const file of READMES) {
      const text = readFileSync(join(ROOT, file), "utf8");
      for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)) {
        expect(existsSync(join(ROOT, file, "..", target)), `${file}: ${target}`).toBe(true);
      }
    }
  });

  it("lists every workload that ships", () => {
    const text = readFileSync(join(ROOT, "workloads/README.md"), "utf8");
    for (const file of readdirSync(join(ROOT, "workloads")).filter((name) => name.endsWith(".yaml"))) {
      expect(text).toContain(`\`${file}\``);
    }
  });
});
