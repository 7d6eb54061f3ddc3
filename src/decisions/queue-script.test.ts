import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readQueueScripts } from "./queue-script.ts";
import { queueScriptDifferences } from "./queue-script-differences.ts";
import { replayQueueScript } from "./queue-script-replay.ts";

const folder = "../shared/conformance/queue";

/** Steps in each family of recordings. */
const families: Readonly<Record<string, number>> = {
  backoff: 4492,
  "flush-leftover": 4571,
  gating: 4519,
  "hints-claims": 4607,
  "hints-node": 4484,
  "hints-pod": 4374,
  "hints-volume": 4342,
  "in-flight-events": 4581,
  mixed: 4513,
  nominated: 4383,
  "pop-from-backoff": 4279,
  "priorities-and-fifo": 4505,
};

describe.skipIf(!existsSync(folder))(`recorded queue scripts (skipped without ${folder})`, () => {
  it.each(Object.entries(families))(
    "replays %s as kube-scheduler did, all %i steps",
    async (family, steps) => {
      let compared = 0;
      const differences: unknown[] = [];
      for (const script of await readQueueScripts(`${folder}/${family}.jsonl.gz`)) {
        expect(script.expected).toHaveLength(script.steps.length);
        compared += script.steps.length;
        const found = queueScriptDifferences(script);
        if (found.length > 0) differences.push({ script: script.id, ...found[0] });
      }
      expect(differences).toEqual([]);
      expect(compared).toBe(steps);
    },
  );

  it("has every pod in the same place when nobody watches the events", async () => {
    for (const family of Object.keys(families)) {
      for (const script of await readQueueScripts(`${folder}/${family}.jsonl.gz`)) {
        const places = replayQueueScript(script, false).map(({ events: _events, ...rest }) => rest);
        const expected = script.expected.map(({ events: _events, ...rest }) => rest);
        expect(places, script.id).toEqual(expected);
      }
    }
  });
});

describe("queueScriptDifferences", () => {
  const pod = { kind: "Pod", metadata: { name: "p", namespace: "default" }, spec: {} };
  const record = { where: "active", attempts: 0, unschedulableCount: 0, consecutiveErrors: 0, timestamp: 5 };
  const observation = {
    active: ["default/p"],
    backoff: [],
    unschedulable: [],
    inFlight: [],
    cycle: 0,
    changed: { "default/p": { ...record, initialAttempt: 5 } },
  };
  const script = {
    id: "one",
    family: "made up",
    config: {},
    objects: null,
    steps: [{ t: 5, op: "add", object: pod }],
  };

  it("finds nothing in a script that says what happens", () => {
    expect(queueScriptDifferences({ ...script, expected: [observation] })).toEqual([]);
  });

  it("names the step and the member that differ", () => {
    const found = queueScriptDifferences({ ...script, expected: [{ ...observation, cycle: 1 }] });
    expect(found).toEqual([{ step: 0, member: "cycle", expected: 1, actual: 0 }]);
  });
});

describe("readQueueScripts", () => {
  it("says which line is no script", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "stowage-")), "scripts.jsonl");
    await writeFile(path, '{"id":"a"}\n{"id":\n');
    await expect(readQueueScripts(path)).rejects.toMatchObject({
      problems: [{ where: `${path}:2`, what: expect.stringContaining("invalid queue script") as string }],
    });
  });
});
