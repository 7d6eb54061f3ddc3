import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { folderWith, SMALL_WORKLOAD, stowage } from "./testdata/stowage-command.ts";

const HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

const FILES = {
  "w.yaml": SMALL_WORKLOAD,
  "one.yaml": `${HEAD}profiles:
- schedulerName: packing
  pluginConfig:
  - { name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated } } }
`,
  "empty.conf": HEAD,
  "two.yaml": `${HEAD}profiles:
- schedulerName: default-scheduler
- schedulerName: b
  percentageOfNodesToScore: 100
`,
  "bad.yaml": `${HEAD}percentageOfNodesToScore: 200\nprofiles: [{ plugins: { score: { enabled: [{ name: Fitt }] } } }]\n`,
};

function digestOf(folder: string, ...args: readonly string[]): string {
  const ended = stowage(["run", "w.yaml", "--json", ...args], { cwd: folder });
  expect(ended.stderr).not.toMatch(/mistake/);
  expect(ended.code).toBe(0);
  return (JSON.parse(ended.stdout) as { readonly digest: string }).digest;
}

describe("a KubeSchedulerConfiguration as a policy", () => {
  it("decides as the shipped profile that it describes, by --policy and by --config", () => {
    const folder = folderWith(FILES);
    const packing = digestOf(folder, "--policy", "most-allocated");
    const spreading = digestOf(folder, "--policy", "default");
    expect(packing).not.toBe(spreading);
    expect(digestOf(folder, "--policy", "one.yaml#packing")).toBe(packing);
    expect(digestOf(folder, "--config", "one.yaml")).toBe(packing);
    expect(digestOf(folder, "--config", "empty.conf")).toBe(spreading);
    expect(digestOf(folder, "--feature-gates", "PodLevelResources=true")).toBe(spreading);
  });

  it("joins a comparison, on worker threads, with its digest among the inputs", () => {
    const folder = folderWith(FILES);
    const ended = stowage(
      ["compare", "w.yaml", "--config", "two.yaml", "--seeds", "2", "--threads", "2", "--out", "out"],
      { cwd: folder },
    );
    expect(ended.stderr).not.toMatch(/mistake/);
    expect(ended.code).toBe(0);
    const trials = parse(readFileSync(join(folder, "out/trials.csv")), { columns: true }) as readonly {
      readonly policy: string;
      readonly status: string;
    }[];
    expect(new Set(trials.map(({ policy, status }) => `${policy} ${status}`))).toEqual(
      new Set(["default completed", "two.yaml#default-scheduler completed", "two.yaml#b completed"]),
    );
    const { inputs, baseline } = JSON.parse(readFileSync(join(folder, "out/summary.json"), "utf8")) as {
      readonly inputs: Readonly<Record<string, string>>;
      readonly baseline: string;
    };
    expect([Object.keys(inputs), baseline]).toEqual([["w.yaml", "two.yaml"], "default"]);
  });

  it("is refused with every problem at its place, and nothing is written", () => {
    const folder = folderWith(FILES);
    for (const command of [
      ["run", "w.yaml", "--config", "bad.yaml"],
      ["run", "w.yaml", "--policy", "bad.yaml"],
      ["bench", "w.yaml", "--config", "bad.yaml"],
      ["compare", "w.yaml", "--config", "bad.yaml"],
      ["compare", "w.yaml", "--policies", "default,bad.yaml"],
      ["list", "policies", "--config", "bad.yaml"],
    ]) {
      const ended = stowage(command, { cwd: folder });
      expect([ended.code, ended.stdout]).toEqual([2, ""]);
      expect(ended.stderr).toMatch(
        /^bad\.yaml:3:27: percentageOfNodesToScore: invalid percentageOfNodesToScore: 200/m,
      );
      expect(ended.stderr).toMatch(/^bad\.yaml:4:52: .*unknown plugin: "Fitt"/m);
    }
    expect(existsSync(join(folder, "reports"))).toBe(false);
  });

  it("names the ways out when its profiles leave the policy open, and when two options name it", () => {
    const folder = folderWith(FILES);
    const open = stowage(["run", "w.yaml", "--policy", "two.yaml"], { cwd: folder });
    expect([open.code, open.stderr]).toEqual([
      2,
      'two.yaml: invalid policy: "two.yaml" has 2 profiles; name one: two.yaml#default-scheduler, two.yaml#b\n',
    ]);
    const both = stowage(["run", "w.yaml", "--policy", "default", "--config", "one.yaml"], { cwd: folder });
    expect([both.code, both.stderr]).toEqual([
      2,
      expect.stringMatching(/^--policy and --config: invalid options/),
    ]);
  });

  it("is refused with gates that are unknown or locked, on every command", () => {
    const gates = "NodeDeclaredFeature=true,NodeDeclaredFeatures=false";
    for (const command of ["run", "compare", "bench"]) {
      const ended = stowage([command, "workloads/bin-packing.yaml", "--feature-gates", gates]);
      expect([ended.code, ended.stderr.trimEnd().split("\n")]).toEqual([
        2,
        [
          '--feature-gates: unknown feature gate: "NodeDeclaredFeature", did you mean NodeDeclaredFeatures?',
          "--feature-gates: invalid feature gate: NodeDeclaredFeatures=false, it is locked to true; leave it out",
        ],
      ]);
    }
  });

  it("is one scheduler with all its profiles by --config, and each pod's schedulerName chooses", () => {
    const workload = SMALL_WORKLOAD.replace(
      "cpu: 1, memory: 6Gi }",
      "cpu: 1, memory: 6Gi }\n    spec: { schedulerName: b }",
    );
    const folder = folderWith({ ...FILES, "w.yaml": workload });
    const args = ["run", "w.yaml", "--config", "two.yaml", "--decisions", "d.jsonl"];
    expect(stowage(args, { cwd: folder }).code).toBe(0);
    const [head, ...decisions] = readFileSync(join(folder, "d.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map(
        (line) =>
          JSON.parse(line) as {
            readonly profile?: string;
            readonly profiles?: readonly { readonly name: string }[];
          },
      );
    expect(head.profiles?.map(({ name }) => name)).toEqual(["default-scheduler", "b"]);
    expect(new Set(decisions.map(({ profile }) => profile))).toEqual(new Set(["default-scheduler", "b"]));
    const alone = stowage(["run", "w.yaml", "--config", "one.yaml", "--json"], { cwd: folder });
    const { pods } = JSON.parse(alone.stdout) as {
      readonly pods: { readonly bound: number; readonly created: number };
    };
    // One profile alone takes every pod, whatever its scheduler name.
    expect(pods.bound).toBeGreaterThan(pods.created / 2);
  });

  it("is measured by bench, and listed with the policies", () => {
    const folder = folderWith(FILES);
    const ended = stowage(
      ["bench", "w.yaml", "--config", "one.yaml", "--repeats", "1", "--json", "--quiet"],
      {
        cwd: folder,
      },
    );
    const { cases } = JSON.parse(ended.stdout) as { readonly cases: readonly { readonly policy: string }[] };
    expect(cases.map(({ policy }) => policy)).toEqual(["one.yaml"]);
    const listed = stowage(["list", "policies", "--config", "two.yaml"], { cwd: folder }).stdout;
    expect(listed).toMatch(/^two\.yaml#b +profile b of two\.yaml$/m);
  });
});

describe("compare --tie-sensitivity", () => {
  it("says in the report whether a verdict changes, also when it is rebuilt from traces", () => {
    const folder = folderWith(FILES);
    const args = ["compare", "w.yaml", "--seeds", "2", "--policies", "default,best-fit"];
    const ended = stowage([...args, "--tie-sensitivity", "--traces", "--out", "out"], { cwd: folder });
    expect(ended.code).toBe(0);
    const said = /Tie rules: .*?under tie rules upstream, first and\s+random/s;
    expect(ended.stdout).toMatch(said);
    expect(readFileSync(join(folder, "out/report.md"), "utf8")).toMatch(said);
    const again = stowage(["report", "out", "--out", "again"], { cwd: folder });
    expect(again.stdout).toMatch(said);
    const refused = stowage([...args, "--tie-sensitivity", "--shard", "1/2"], { cwd: folder });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/^--tie-sensitivity: invalid option/),
    ]);
  });
});

describe("run --decisions", () => {
  interface Line {
    readonly format?: string;
    readonly policy?: string;
    readonly tieBreak?: string;
    readonly pod?: string;
    readonly attempt?: number;
    readonly at?: number;
    readonly chosen?: string | null;
    readonly best?: readonly string[];
    readonly feasible?: readonly string[];
  }

  function lines(text: string): Line[] {
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
  }

  it("writes a line per attempt behind one that says what was run, gzipped or not, and changes nothing", () => {
    const folder = folderWith(FILES);
    const plain = digestOf(folder, "--seed", "7");
    expect(digestOf(folder, "--seed", "7", "--decisions", "d.jsonl")).toBe(plain);
    expect(digestOf(folder, "--seed", "7", "--decisions", "d.jsonl.gz")).toBe(plain);
    const text = readFileSync(join(folder, "d.jsonl"), "utf8");
    expect(gunzipSync(readFileSync(join(folder, "d.jsonl.gz"))).toString("utf8")).toBe(text);
    const [head, ...decisions] = lines(text);
    expect(head).toMatchObject({ format: "stowage-decisions/1", policy: "default", tieBreak: "upstream" });
    const ended = stowage(["run", "w.yaml", "--seed", "7", "--json"], { cwd: folder });
    const { measures } = JSON.parse(ended.stdout) as {
      readonly measures: Readonly<Record<string, { readonly value: number }>>;
    };
    expect(decisions).toHaveLength(measures["attempts"].value);
    const times = decisions.map(({ at }) => at ?? -1);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const names = decisions.map(({ pod, attempt }) => `${pod} ${attempt}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { chosen, best, feasible } of decisions) {
      if (chosen === null || chosen === undefined) expect(feasible).toBeUndefined();
      else expect(best ?? feasible).toContain(chosen);
    }
    expect(decisions.some(({ chosen }) => chosen !== null)).toBe(true);
  });

  it("leaves no file behind when the run is refused, and says when it cannot be written", () => {
    const folder = folderWith(FILES);
    const wrong = stowage(["run", "w.yaml", "--policy", "no-such", "--decisions", "d.jsonl"], {
      cwd: folder,
    });
    expect([
      wrong.code,
      existsSync(join(folder, "d.jsonl")),
      existsSync(join(folder, "d.jsonl.part")),
    ]).toEqual([2, false, false]);
    const blocked = stowage(["run", "w.yaml", "--decisions", "w.yaml/d.jsonl"], { cwd: folder });
    expect([blocked.code, blocked.stderr]).toEqual([2, expect.stringMatching(/is a file, not a folder/)]);
  });
});
