#!/usr/bin/env node
/**
 * Compiles kernel.as into kernel-bytes.ts, in which the module lies as base64, so that it goes wherever the compiled code goes.
 * With `--check` it writes nothing and fails where the file is not what it would write.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, "kernel-bytes.ts");
const source = readFileSync(join(folder, "kernel.as"), "utf8");

const OPTIONS = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory"];

let bytes;
const { error, stderr } = await asc.main(["kernel.ts", ...OPTIONS, "--outFile", "kernel.wasm"], {
  // The compiler takes no other ending, and the other tools would take this file for TypeScript.
  readFile: (name) => (name === "kernel.ts" ? source : null),
  writeFile: (name, contents) => {
    if (name === "kernel.wasm") bytes = contents;
  },
  listFiles: () => [],
});
if (error !== null) throw new Error(`kernel.as does not compile: ${error.message}\n${stderr.toString()}`);

const text = `// Made from kernel.as by \`npm run build:wasm\`.

/** The WebAssembly module, as base64. */
export const KERNEL_BYTES =
  "${Buffer.from(bytes).toString("base64")}";
`;
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error("kernel-bytes.ts is not what kernel.as compiles to; run `npm run build:wasm`");
  process.exitCode = 1;
}
