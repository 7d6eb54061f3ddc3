#!/usr/bin/env node
/**
 * Checks the doors of the house (.dependency-cruiser.mjs) over src and bench of the current folder, and
 * what a rule about imports cannot say: which rooms there are, and which file names are not used.
 * With a TypeScript it does not know, dependency-cruiser sees no file and reports none wrong; so every
 * TypeScript file on disk must be among those it saw.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import configuration, { rooms } from "../.dependency-cruiser.mjs";

const roots = ["src", "bench"].filter((root) => existsSync(root));
const { forbidden, options } = configuration;
const { output } = await cruise(roots, { ...options, ruleSet: { forbidden }, validate: true });

const seen = new Set(output.modules.map((module) => module.source));
const onDisk = roots
  .flatMap((root) => readdirSync(root, { recursive: true }).map((file) => join(root, file)))
  .filter((file) => file.endsWith(".ts") && !file.includes("/testdata/"));

const problems = output.summary.violations.map(describe);
for (const file of onDisk) {
  const [top, room, ...rest] = file.split("/");
  if (!seen.has(file)) problems.push(`${file}: not seen by dependency-cruiser`);
  if (file.endsWith("/types.ts")) problems.push(`${file}: a type lives with the code that gives it meaning`);
  if (file.endsWith("/index.ts") && file !== "src/index.ts" && file !== "src/testing/index.ts") {
    problems.push(`${file}: the only barrels are src/index.ts and src/testing/index.ts`);
  }
  if (top === "src" && rest.length > 0 && !rooms.includes(room)) {
    problems.push(`${file}: unknown room: ${room}; add it to the table in .dependency-cruiser.mjs`);
  }
}
if (onDisk.length === 0) problems.push("no TypeScript file in src or bench: nothing was checked");

for (const problem of problems) console.error(problem);
console.log(
  `doors: ${onDisk.length} files, ${output.summary.totalDependenciesCruised} imports, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function describe({ rule, from, to, cycle }) {
  if (cycle !== undefined) return `${from}: ${rule.name}: ${cycle.map(({ name }) => name).join(" -> ")}`;
  const reason = forbidden.find(({ name }) => name === rule.name)?.comment;
  const arrow = from === to ? from : `${from} -> ${to}`;
  return `${arrow}: ${rule.name}${reason === undefined ? "" : ` (${reason})`}`;
}
