import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { TieBreak } from "../../src/scheduler/profile.ts";
import { placementsDigest } from "./placements.ts";
import { type PlayedPhase, playScript } from "./play-script.ts";
import { readScript } from "./script.ts";

/**
 * What a process of its own prints on standard output: the phases of each repeat, the first of them cold, and where the pods went,
 * which is the same in every repeat.
 */
export interface PlayReport {
  readonly repeats: readonly (readonly PlayedPhase[])[];
  readonly digest: string;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "1" },
    /** No further repeat begins after so many seconds. */
    seconds: { type: "string", default: "Infinity" },
    algorithm: { type: "string", default: "index" },
    "tie-break": { type: "string", default: "upstream" },
    placements: { type: "string" },
  },
});

const operations = await readScript(positionals[0]);
const repeats: (readonly PlayedPhase[])[] = [];
let digest: string | undefined;
const untilMs = performance.now() + Number(values.seconds) * 1000;
while (repeats.length < Number(values.repeats) && (repeats.length < 2 || performance.now() < untilMs)) {
  const { phases, placements } = playScript(operations, {
    algorithm: values.algorithm as "index" | "scan",
    tieBreak: values["tie-break"] as TieBreak,
  });
  const ours = placementsDigest(placements);
  if (digest !== undefined && digest !== ours)
    throw new Error(`repeat ${repeats.length} placed pods differently: ${ours}, before: ${digest}`);
  if (digest === undefined && values.placements !== undefined) await writeFile(values.placements, placements);
  digest = ours;
  repeats.push(phases);
}
const report: PlayReport = { repeats, digest: digest ?? "" };
process.stdout.write(`${JSON.stringify(report)}\n`);
