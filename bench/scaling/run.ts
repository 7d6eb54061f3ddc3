/** Measures how costs grow: `npm run bench:scaling -- --size full`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../src/base/errors.ts";
import { sizeOf } from "../size.ts";
import { measureScaling } from "./measure-scaling.ts";
import { barLine, curveLine } from "./report-tables.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "small" },
    /** Curves whose name contains this; may be given several times. */
    family: { type: "string", multiple: true },
    /** `reports/scaling`, or `reports/scaling-small`, so that a small run leaves what was measured. */
    out: { type: "string" },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

try {
  const size = sizeOf(values.size);
  const out = values.out ?? (size === "full" ? "reports/scaling" : "reports/scaling-small");
  const { bars, different, files } = measureScaling({
    size,
    families: values.family ?? [],
    onCurve: (curve) => say(curveLine(curve)),
  });
  for (const bar of bars) if (bar.value !== undefined) say(barLine(bar));
  await mkdir(out, { recursive: true });
  for (const [name, content] of files) await writeFile(join(out, name), content);
  say(`written to ${out}: ${[...files.keys()].join(", ")}`);
  if (different.length > 0) {
    process.stderr.write(`index and scan place pods differently: ${different.join("; ")}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
