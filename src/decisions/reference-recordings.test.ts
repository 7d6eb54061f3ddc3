import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";
import { replayWithReference } from "./reference-replay.ts";

const CONFORMANCE = fileURLToPath(new URL("../../../shared/conformance/", import.meta.url));
const SUBSET = fileURLToPath(new URL("testdata/", import.meta.url));
/** Of all recordings, one case in so many; 1 in a nightly run. */
const STEP = Number(process.env["STOWAGE_REFERENCE_STEP"] ?? 8);

const families = readdirSync(SUBSET).flatMap((file) => /^(.*)\.jsonl\.gz$/.exec(file)?.[1] ?? []);

/** What was compared, and what differs. */
class Tally {
  readonly differences: string[] = [];
  attempts = 0;
  rejections = 0;
  scores = 0;
  preemptions = 0;

  replay(recorded: RecordedCase): void {
    let place = 0;
    for (const { differences } of replayWithReference(recorded)) {
      const { pod, attempt, filter = {}, scores = {}, preemption } = recorded.expected[place++];
      this.attempts++;
      this.rejections += Object.keys(filter).length;
      for (const nodes of Object.values(scores)) this.scores += Object.keys(nodes).length;
      if (preemption) this.preemptions++;
      for (const { text } of differences)
        this.differences.push(`${recorded.id}, ${pod}, attempt ${attempt}: ${text}`);
    }
    expect(place, recorded.id).toBe(recorded.expected.length);
  }
}

async function casesOf(folder: string, family: string): Promise<RecordedCase[]> {
  const lines = await readCases(`${folder}${family}.jsonl.gz`);
  return lines.flatMap((line) => (isQueueScript(line) ? [] : [line]));
}

describe("the reference scheduler and the committed recordings of kube-scheduler", () => {
  const total = new Tally();

  it.each(families)("agree in everything that is recorded of %s", async (family) => {
    const before = total.attempts;
    for (const recorded of await casesOf(SUBSET, family)) total.replay(recorded);
    expect(total.differences.slice(0, 5)).toEqual([]);
    expect(total.attempts - before).toBeGreaterThan(10);
  });

  it("were compared in thousands of verdicts and scores, and in preemptions", () => {
    expect(families).toHaveLength(25);
    expect(total.attempts).toBeGreaterThan(1500);
    expect(total.rejections).toBeGreaterThan(5000);
    expect(total.scores).toBeGreaterThan(25_000);
    expect(total.preemptions).toBeGreaterThan(40);
  });
});

describe.skipIf(!existsSync(CONFORMANCE))(
  "the reference scheduler and all recordings (skipped where ../shared is absent)",
  () => {
    it.each(families)(
      "agree in everything that is recorded of %s",
      async (family) => {
        const tally = new Tally();
        const cases = (await casesOf(CONFORMANCE, family)).filter((_, place) => place % STEP === 0);
        for (const recorded of cases) tally.replay(recorded);
        expect(tally.differences.slice(0, 5)).toEqual([]);
        expect(cases.length).toBeGreaterThanOrEqual(Math.floor(100 / STEP));
        expect(tally.attempts).toBeGreaterThanOrEqual(cases.length);
      },
      120_000,
    );
  },
);
