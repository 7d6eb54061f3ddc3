import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { folderWith, SMALL_WORKLOAD, stowage, stowageUntil } from "./testdata/stowage-command.ts";

const REPRODUCIBLE = ["comparisons.csv", "trials.csv", "series.csv"];

function rows(folder: string, file: string): Record<string, string>[] {
  return parse(readFileSync(join(folder, file)), { columns: true });
}

describe("stowage compare", () => {
  it("gives the same bytes for any number of threads, and from run to run", () => {
    const folder = folderWith({ "w.yaml": SMALL_WORKLOAD });
    const runs = ["1", "2", "2"].map((threads, i) => {
      const out = join(folder, `out-${i}`);
      const ended = stowage(
        [
          "compare",
          "w.yaml",
          "--seeds",
          "6",
          "--policies",
          "default,best-fit,random",
          "--threads",
          threads,
          "--out",
          out,
        ],
        { cwd: folder },
      );
      expect(ended.stderr).not.toMatch(/mistake/);
      expect(ended.code).toBe(0);
      return REPRODUCIBLE.map((file) => readFileSync(join(out, file), "utf8"));
    });
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    expect(
      new Set(rows(join(folder, "out-0"), "trials.csv").map((row) => row["trace_digest"])).size,
    ).toBeGreaterThan(12);
  });

  it("prints one object with --json, and nothing else on stdout", () => {
    const folder = folderWith({ "w.yaml": SMALL_WORKLOAD });
    const ended = stowage(["compare", "w.yaml", "--seeds", "2", "--json", "--out", "out"], { cwd: folder });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual(
      JSON.parse(readFileSync(join(folder, "out/summary.json"), "utf8")),
    );
  });

  it("takes a policy from a TypeScript module, on any number of threads", () => {
    const folder = folderWith({
      "w.yaml": SMALL_WORKLOAD,
      "policy.ts": `import { definePlugin, keepWhere } from "stowage";
        export default definePlugin({ name: "EvenNodesOnly", filter: () => keepWhere((node: number) => node % 2 === 0) });`,
    });
    const ended = stowage(
      ["compare", "w.yaml", "--seeds", "3", "--policies", "default,./policy.ts", "--out", "out"],
      { cwd: folder },
    );
    expect(ended.stderr).not.toMatch(/mistake/);
    expect(ended.code).toBe(0);
    const used = rows(join(folder, "out"), "trials.csv").filter((row) => row["policy"] === "./policy.ts");
    expect(used).toHaveLength(3);
    for (const row of used) expect(Number(row["nodesUsedPeak"])).toBeLessThanOrEqual(6);
  });

  it("makes a row of a trial that fails, with the command that replays it, and goes on", () => {
    const folder = folderWith({
      "w.yaml": SMALL_WORKLOAD,
      "faulty.mjs": `export default { name: "Faulty", score: ({ row }) => (feasible, scores) => { scores.fill(row === 5 ? 101 : 1, 0, feasible.length); } };`,
      "dying.mjs": `export default { name: "Dying", score: () => { process.exit(1); } };`,
    });
    const args = [
      "compare",
      "w.yaml",
      "--seeds",
      "2",
      "--policies",
      "default,./faulty.mjs,./dying.mjs",
      "--threads",
      "1",
      "--out",
      "out",
    ];
    const ended = stowage(args, { cwd: folder });
    expect(ended.code).toBe(3);
    const trials = rows(join(folder, "out"), "trials.csv");
    expect(trials.filter((row) => row["status"] === "completed")).toHaveLength(2);
    expect(trials.filter((row) => row["policy"] === "./faulty.mjs").map((row) => row["status"])).toEqual([
      "failed",
      "failed",
    ]);
    expect(ended.stdout).toMatch(/invalid score 101/);
    expect(ended.stdout).toMatch(/stowage run w\.yaml --policy \.\/faulty\.mjs --seed 42/);
    expect(ended.stdout).toMatch(/worker/i);
  });

  it("keeps what was finished when it is interrupted", async () => {
    const out = join(folderWith(), "out");
    const args = [
      "compare",
      "workloads/openb.yaml",
      "--policies",
      "default,best-fit",
      "--seeds",
      "40",
      "--out",
      out,
    ];
    const ended = await stowageUntil(args, /trials: \d+ of 80/, "SIGINT");
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/interrupted/i);
    const trials = rows(out, "trials.csv");
    const states = new Set(trials.map((row) => row["status"]));
    expect(states).toEqual(new Set(["completed", "skipped"]));
    expect(readFileSync(join(out, "index.html"), "utf8")).toMatch(/<\/html>\s*$/);
  });

  it("merges the parts of an experiment into the report of the whole", () => {
    const folder = folderWith({ "w.yaml": SMALL_WORKLOAD });
    const common = ["compare", "w.yaml", "--seeds", "6", "--policies", "default,best-fit"];
    expect(stowage([...common, "--out", "whole"], { cwd: folder }).code).toBe(0);
    for (const part of ["1/2", "2/2"]) {
      expect(stowage([...common, "--shard", part, "--out", `part-${part[0]}`], { cwd: folder }).code).toBe(0);
    }
    const merged = stowage(["report", "part-1", "part-2", "--out", "merged"], { cwd: folder });
    expect(merged.stderr).toBe("");
    expect(merged.code).toBe(0);
    for (const file of REPRODUCIBLE) {
      expect(readFileSync(join(folder, "merged", file), "utf8")).toBe(
        readFileSync(join(folder, "whole", file), "utf8"),
      );
    }
  });
});

describe("stowage run", () => {
  it("says the same in JSON from run to run, but for what was measured", () => {
    const folder = folderWith({ "w.yaml": SMALL_WORKLOAD });
    const results = [1, 2].map(() => {
      const ended = stowage(["run", "w.yaml", "--seed", "7", "--json"], { cwd: folder });
      expect(ended.code).toBe(0);
      const {
        wallSeconds: _wall,
        provenance: _provenance,
        ...rest
      } = JSON.parse(ended.stdout) as Record<string, unknown>;
      return rest;
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[0]).toMatchObject({
      workload: "small",
      policy: "default",
      seed: 7,
      invariants: { capacityNeverExceeded: "held" },
    });
  });
});

describe("every command", () => {
  it.each(["compare", "run", "bench", "list", "report"])("%s shows two examples in its help", (command) => {
    const ended = stowage([command, "--help"]);
    expect(ended.code).toBe(0);
    const examples = ended.stdout.slice(ended.stdout.indexOf("Examples:")).match(/^ {2}stowage /gm);
    expect(examples?.length).toBeGreaterThanOrEqual(2);
  });

  it.each(["policies", "plugins", "workloads", "measures", "formats"])(
    "lists %s, a line each and as JSON",
    (what) => {
      const people = stowage(["list", what]);
      const listed = JSON.parse(stowage(["list", what, "--json"]).stdout) as { readonly name: string }[];
      expect(listed.length).toBeGreaterThan(3);
      const lines = people.stdout.trimEnd().split("\n");
      expect(lines).toHaveLength(listed.length);
      for (const [i, { name }] of listed.entries()) expect(lines[i].startsWith(name)).toBe(true);
    },
  );
});
