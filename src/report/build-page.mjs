#!/usr/bin/env node
/**
 * Bundles the page's script (page/main.ts with the parts of ECharts it draws with) and its style into dist/report, or the folder given,
 * from where the report inlines them. Each file is moved into place whole, since tests that run side by side may all call this.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const out = resolve(process.argv[2] ?? join(here, "../../dist/report"));
const { outputFiles } = await build({
  entryPoints: [join(here, "page/main.ts"), join(here, "page/page.css")],
  entryNames: "page",
  bundle: true,
  minify: true,
  write: false,
  outdir: out,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16"],
  tsconfig: join(here, "page/tsconfig.json"),
  legalComments: "eof",
  logLevel: "warning",
});
mkdirSync(out, { recursive: true });
for (const { path, contents } of outputFiles) {
  const unfinished = `${path}.${process.pid}.part`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
