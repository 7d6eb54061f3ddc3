import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The package as a stranger gets it: packed from the built checkout, installed into an empty project.

const checkout = resolve(import.meta.dirname, "..");
const execute = promisify(execFile);

// A test run by npm passes its own package on to child processes; the stranger's npm must not see it.
const ours =
  /^(?:npm_package_|npm_lifecycle_|npm_config_local_prefix$|npm_command$|INIT_CWD$|NODE_ENV$|VITEST)/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));

const consumer = `
import { compare, definePlugin, defineProfile, run } from "stowage";
import { arbitraries, pluginLaws, referenceScheduler } from "stowage/testing";

type IsAny<T> = 0 extends 1 & T ? true : false;
const typed: [
  IsAny<typeof compare>,
  IsAny<typeof definePlugin>,
  IsAny<typeof defineProfile>,
  IsAny<typeof run>,
  IsAny<typeof arbitraries>,
  IsAny<typeof pluginLaws>,
  IsAny<typeof referenceScheduler>,
] = [false, false, false, false, false, false, false];

const plugin = definePlugin({ name: "AllowsAll", filter: () => undefined });
const present = [compare, defineProfile, run, arbitraries, pluginLaws, referenceScheduler].map(
  (value) => value !== undefined,
);
console.log(JSON.stringify({ plugin: plugin.name, present, typed }));
`;

let project = "";
let packed: string[] = [];

async function command(file: string, ...words: string[]): Promise<string> {
  const { stdout } = await execute(file, words, { cwd: project, env, maxBuffer: 2 ** 26 });
  return stdout;
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "stowage-package-"));
  const pack = ["pack", checkout, "--json", "--ignore-scripts", "--pack-destination", project];
  const [result] = JSON.parse(await command("npm", ...pack)) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = result.files.map(({ path }) => path);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quietly = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await command("npm", "install", ...quietly, `./${result.filename}`);
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the published package", () => {
  it("holds what is needed and no test", () => {
    for (const file of ["dist/index.js", "dist/index.d.ts", "dist/cli/main.js", "LICENSE", "README.md"]) {
      expect(packed).toContain(file);
    }
    expect(packed.some((file) => file.startsWith("workloads/"))).toBe(true);
    expect(packed.filter((file) => /\.test\.|testdata|^src\/|^bench\//.test(file))).toEqual([]);
  });

  it("runs its command line", async () => {
    const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
      version: string;
    };
    const stowage = join(project, "node_modules/.bin/stowage");
    expect((await command(stowage, "--version")).trim()).toBe(version);
    expect(await command(stowage, "list", "policies")).toContain("default");
  });

  it("type-checks and runs in a strict TypeScript project", async () => {
    mkdirSync(join(project, "src"), { recursive: true });
    writeFileSync(join(project, "src/consumer.ts"), consumer);
    const compilerOptions = {
      target: "es2023",
      lib: ["es2023"],
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: false,
      types: ["node"],
      typeRoots: [join(checkout, "node_modules/@types")],
      rootDir: "src",
      outDir: "out",
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
    expect(await typeErrors()).toEqual([]);
    expect(JSON.parse(await command(process.execPath, "out/consumer.js"))).toEqual({
      plugin: "AllowsAll",
      present: Array.from({ length: 6 }, () => true),
      typed: Array.from({ length: 7 }, () => false),
    });
  });

  it("satisfies publint", async () => {
    const { messages, pkg } = await publint({
      pkgDir: join(project, "node_modules/stowage"),
      pack: false,
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});

/** Errors in the consumer and in our own declarations; those inside other packages are not ours to mend. */
async function typeErrors(): Promise<string[]> {
  const tsc = join(checkout, "node_modules/.bin/tsc");
  const said = await command(tsc, "-p", ".", "--pretty", "false").catch(
    (failure: { stdout?: string; message: string }) => failure.stdout ?? failure.message,
  );
  return said
    .split("\n")
    .filter((line) => line.includes("error TS"))
    .filter((line) => !line.startsWith("node_modules/") || line.startsWith("node_modules/stowage/"));
}
