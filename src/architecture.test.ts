import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const checkout = resolve(import.meta.dirname, "..");

/** Runs the door check over a small tree of sources, given as path and text. */
async function checkDoors(files: Record<string, string>): Promise<{ ok: boolean; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), "stowage-doors-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return new Promise((done) => {
    const script = join(checkout, ".ci/doors.mjs");
    execFile(process.execPath, [script], { cwd: folder }, (error, stdout, stderr) => {
      done({ ok: error === null, said: stdout + stderr });
    });
  });
}

const sound = {
  "src/base/assert.ts": "export const assert = 1;",
  "src/kubernetes/pod.ts":
    'import type { assert } from "../base/assert.ts"; export type Pod = typeof assert;',
  "src/kubernetes/pod.test.ts":
    'import "./pod.ts"; import "../testing/index.ts"; import "../plugins/one.ts"; import "../base/assert.ts";',
  "src/plugins/one.ts": 'import "../base/assert.ts"; export const one = 1;',
  "src/plugins/registry.ts": 'export * from "./one.ts";',
  "src/testing/index.ts": 'import "../base/assert.ts";',
  "src/cli/main.ts": 'import "../plugins/registry.ts";',
  "src/index.ts": 'export * from "./plugins/registry.ts";',
};

describe("the door check", () => {
  it("passes a tree that keeps to the table", async () => {
    const { ok, said } = await checkDoors(sound);
    expect(said).toContain("doors: 8 files, 10 imports, 0 problems");
    expect(ok).toBe(true);
  });

  it("reports every planted breach, type imports included", async () => {
    const { ok, said } = await checkDoors({
      ...sound,
      "src/base/upward.ts": 'import type { Pod } from "../kubernetes/pod.ts"; export type Upward = Pod;',
      "src/base/assert.test.ts": 'import "./assert.ts"; import "../kubernetes/pod.ts";',
      "src/base/here.ts": 'import "./there.ts";',
      "src/base/there.ts": 'import "./here.ts";',
      "src/base/forgotten.ts": "export const forgotten = 1;",
      "src/base/broken.ts": 'import "./nowhere.ts";',
      "src/base/borrows.ts": 'import "./assert.test.ts";',
      "src/simulation/etcd.ts": 'import "../plugins/one.ts";',
      "src/plugins/two.ts": 'import "./one.ts";',
      "src/index.ts": 'import "./cli/main.ts";',
      "src/kubernetes/types.ts": 'import "../base/assert.ts";',
      "src/cluster/index.ts": 'import "../base/assert.ts";',
      "src/utils/strings.ts": 'import "../base/assert.ts";',
      "bench/cycle.ts": 'import "../src/cli/main.ts";',
    });
    for (const problem of [
      "src/base/upward.ts -> src/kubernetes/pod.ts: door-of-base",
      "src/base/assert.test.ts -> src/kubernetes/pod.ts: door-of-base-tests",
      "src/base/here.ts: no-circular: src/base/there.ts -> src/base/here.ts",
      "src/base/forgotten.ts: no-orphans",
      "src/base/broken.ts -> ./nowhere.ts: not-to-unresolvable",
      "src/base/borrows.ts -> src/base/assert.test.ts: published-code-imports-no-test",
      "src/simulation/etcd.ts -> src/plugins/one.ts: door-of-simulation",
      "src/plugins/two.ts -> src/plugins/one.ts: plugins-do-not-import-plugins",
      "src/index.ts -> src/cli/main.ts: cli-is-the-front-door",
      "bench/cycle.ts -> src/cli/main.ts: cli-is-the-front-door",
      "src/kubernetes/types.ts: a type lives with",
      "src/cluster/index.ts: the only barrels",
      "src/utils/strings.ts: unknown room: utils",
    ]) {
      expect(said).toContain(problem);
    }
    expect(ok).toBe(false);
  });

  it("fails when there is nothing to check", async () => {
    const { ok, said } = await checkDoors({ "src/readme.md": "" });
    expect(said).toContain("nothing was checked");
    expect(ok).toBe(false);
  });
});

describe("every source file", () => {
  const sources = ["src", "bench"].flatMap((root) =>
    readdirSync(checkout, { recursive: false, encoding: "utf8" }).includes(root)
      ? readdirSync(join(checkout, root), { recursive: true, encoding: "utf8" }).map((file) =>
          join(root, file),
        )
      : [],
  );
  const texts = new Map(
    sources
      .filter((file) => file.endsWith(".ts") && file !== "src/architecture.test.ts")
      .map((file) => [file, readFileSync(join(checkout, file), "utf8")]),
  );
  const filesThat = (holds: (text: string) => boolean) =>
    [...texts].filter(([, text]) => holds(text)).map(([file]) => file);

  it("stays below 400 lines, so that one mind can hold it", () => {
    expect(texts.size).toBeGreaterThan(0);
    expect(filesThat((text) => text.split("\n").length > 401)).toEqual([]);
  });

  it("silences no check and leaves nothing for later", () => {
    const escapes = /biome-ignore|(?:ox|es)lint-disable|@ts-(?:ignore|nocheck)|\b(?:TODO|FIXME|XXX)\b/;
    expect(filesThat((text) => escapes.test(text))).toEqual([]);
  });
});
