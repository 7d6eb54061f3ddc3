import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, SMALL_WORKLOAD, stowage } from "./testdata/stowage-command.ts";

const NODES = "sn,cpu_milli,memory_mib,gpu,model\nn1,64000,262144,2,P100\n";
const PODS = "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np1,1000,1024,1,460\n";

/** Runs a comparison that must be refused, and checks that nothing was written. */
function refused(files: Readonly<Record<string, string>>, input: string, ...more: string[]): string {
  const folder = folderWith(files);
  const out = join(folder, "out");
  const inputs = input.split("+").map((file) => join(folder, file));
  const ended = stowage([
    "compare",
    inputs.join("+"),
    "--seeds",
    "2",
    "--policies",
    "default",
    "--out",
    out,
    ...more,
  ]);
  expect(ended.stdout).toBe("");
  expect(ended.code).toBe(2);
  expect(existsSync(join(out, "index.html"))).toBe(false);
  return ended.stderr.replaceAll(folder, "");
}

describe("a workload that is wrong", () => {
  const broken = (from: string, to: string) => {
    expect(SMALL_WORKLOAD).toContain(from);
    return refused({ "w.yaml": SMALL_WORKLOAD.replace(from, to) }, "w.yaml");
  };

  it("with an unknown field is refused with its place and the nearest name", () => {
    expect(broken("horizon:", "horizn:")).toMatch(/w\.yaml:\d+:\d+: .*horizn.*did you mean horizon/);
  });
  it("with a wrong type is refused", () => {
    expect(broken("count: 12", "count: twelve")).toMatch(/w\.yaml:7:12: .*count.*twelve/);
  });
  it("with a bad quantity is refused", () => {
    expect(broken("cpu: 700m", "cpu: two")).toMatch(/w\.yaml:\d+:\d+: .*two/);
  });
  it("with an unknown distribution is refused", () => {
    const cpu = "cpu: { distribution: lognoraml, median: 1, sigma: 1, grid: 100m }";
    expect(broken("cpu: 700m", cpu)).toMatch(/w\.yaml:\d+:\d+: .*lognoraml/);
  });
  it("with a bad selector is refused", () => {
    const affinity =
      "cpu: 700m, memory: 1Gi }\n    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Inn, values: [b] }] }] } } }";
    expect(broken("cpu: 700m, memory: 1Gi }", affinity)).toMatch(/w\.yaml:\d+:\d+: .*Inn/);
  });
  it("with no nodes is refused", () => {
    expect(broken("count: 12", "count: 0")).toMatch(/count/);
  });
  it("has all its problems named at once", () => {
    const text = SMALL_WORKLOAD.replace("cpu: 700m", "cpu: two").replace("count: 12", "count: twelve");
    const said = refused({ "w.yaml": text }, "w.yaml");
    expect(said).toMatch(/two/);
    expect(said).toMatch(/twelve/);
  });
});

describe("a trace that is wrong", () => {
  it("with a missing column is refused", () => {
    const pods = PODS.replaceAll(",gpu_milli", "").replace(",460", "");
    expect(refused({ "n.csv": NODES, "p.csv": pods }, "n.csv+p.csv")).toMatch(/p\.csv:1.*gpu_milli/);
  });
  it("with a broken row is refused, by line", () => {
    expect(refused({ "n.csv": NODES, "p.csv": `${PODS}p2,abc,1024,0,0\n` }, "n.csv+p.csv")).toMatch(
      /p\.csv:3:\d+.*abc/,
    );
  });
  it("that has no times is not replayed", () => {
    expect(refused({ "n.csv": NODES, "p.csv": PODS }, "n.csv+p.csv", "--as", "replay")).toMatch(
      /missing times.*--as fill/,
    );
  });
});

describe("a file that is wrong", () => {
  it("is missing", () => {
    expect(refused({}, "nowhere.yaml")).toMatch(/nowhere\.yaml/);
  });
  it("is empty", () => {
    expect(refused({ "w.yaml": "" }, "w.yaml")).toMatch(/w\.yaml.*empty/);
  });
  it("is a folder without manifests", () => {
    const folder = folderWith();
    mkdirSync(join(folder, "w.csv"));
    const ended = stowage(["compare", join(folder, "w.csv"), "--out", join(folder, "out")]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/w\.csv/);
  });
  it("is no workload of any known format", () => {
    expect(refused({ "w.txt": "hello there\n" }, "w.txt")).toMatch(/w\.txt/);
  });
});

describe("an output folder that is wrong", () => {
  it("is a file", () => {
    const folder = folderWith({ "w.yaml": SMALL_WORKLOAD, taken: "" });
    const ended = stowage([
      "compare",
      join(folder, "w.yaml"),
      "--seeds",
      "2",
      "--out",
      join(folder, "taken"),
    ]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/taken.*--out/);
  });
  it("cannot be written, which is said before anything is run", () => {
    const folder = folderWith({ "w.yaml": SMALL_WORKLOAD });
    const ended = stowage(["compare", join(folder, "w.yaml"), "--seeds", "2", "--out", "/proc/stowage"]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/\/proc\/stowage/);
    expect(ended.stderr).not.toMatch(/trials:/);
  });
});

describe("a command line that is wrong", () => {
  it.each([
    [["compare", "workloads/openb.yaml", "--policies", "defualt"], /defualt.*did you mean default/],
    [["compare", "workloads/openb.yaml", "--policies", "default,default"], /twice/],
    [["compare", "workloads/openb.yaml", "--seeds", "abc"], /--seeds.*how many/],
    [["compare", "workloads/openb.yaml", "--threads", "0"], /--threads.*1 to/],
    [["compare", "workloads/openb.yaml", "--tie-break", "frist"], /did you mean first/],
    [["compare", "workloads/openb.yaml", "--as", "fil"], /did you mean fill/],
    [["compare", "workloads/openb.yaml", "--baseline", "random"], /--baseline/],
    [["compare", "workloads/openb.yaml", "--primary", "gpuAlocation"], /did you mean gpuAllocation/],
    [["compare", "workloads/openb.yaml", "--margin", "200%"], /--margin/],
    [["compare", "workloads/openb.yaml", "--polcies", "default"], /--polcies[\s\S]*--policies/],
    [["compare", "./no-such-policy.ts", "--policies", "./no-such-policy.ts"], /no-such-policy/],
    [["comprae"], /comprae[\s\S]*compare/],
    [["run", "workloads/web-diurnal.yaml", "--seed", "1.5"], /--seed.*whole number/],
    [["list", "polices"], /policies/],
  ])("%j is refused", (args, message) => {
    const ended = stowage([...args]);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(2);
  });
});

it("never leaves half a report behind when it is refused", () => {
  const folder = folderWith({ "w.yaml": SMALL_WORKLOAD });
  writeFileSync(join(folder, "bad.ts"), "export default { name: 1 };\n");
  const out = join(folder, "out");
  const ended = stowage([
    "compare",
    join(folder, "w.yaml"),
    "--policies",
    `default,${join(folder, "bad.ts")}`,
    "--out",
    out,
  ]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/bad\.ts.*default export/);
  expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
});
