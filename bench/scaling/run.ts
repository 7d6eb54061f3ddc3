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
    out: { type: "string", default: "reports/scaling" },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

try {
  const { bars, different, files } = measureScaling({
    size: sizeOf(values.size),
    families: values.family ?? [],
    onCurve: (curve) => say(curveLine(curve)),
  });
  for (const bar of bars) say(barLine(bar));
  await mkdir(values.out, { recursive: true });
  for (const [name, content] of files) await writeFile(join(values.out, name), content);
  say(`written to ${values.out}: ${[...files.keys()].join(", ")}`);
  if (different.length > 0) {
    process.stderr.write(`index and scan place pods differently: ${different.join("; ")}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
