import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { describeAs } from "./as.ts";
import { drawScenario } from "./draw-scenario.ts";
import { readWorkload } from "./read-workload.ts";
import { workloadSchema } from "./workload-schema.ts";

const shippedFolder = resolve(import.meta.dirname, "../../workloads");
const shipped = readdirSync(shippedFolder).filter((name) => name.endsWith(".yaml"));
const folder = mkdtempSync(join(tmpdir(), "stowage-workload-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const nodes = file("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model\nn1,4000,1024,2,T4\n");
const pods = file("pods.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli\na,1000,1,0,0\nb,1000,1,1,1000\n");
const node = file(
  "node.yaml",
  "apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nstatus: { capacity: { cpu: 4 } }\n",
);
const pod = file("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: p1 }\n");

describe("a workload", () => {
  it.each(shipped)("that is shipped is sound and begins with its schema: %s", async (name) => {
    const path = join(shippedFolder, name);
    expect(readFileSync(path, "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\/workload\.schema\.json\n/,
    );
    const [workload] = await readWorkload(path);
    expect(workload.name).toBe(name.replace(".yaml", ""));
    expect(workload.primaryMeasures.length).toBeLessThanOrEqual(3);
    const scenario = drawScenario(workload, 42);
    expect(scenario.pods.count).toBeGreaterThan(4000);
    expect(scenario.templates.length).toBeLessThan(400);
  });

  it("is shipped with a row in the README", () => {
    const readme = readFileSync(join(shippedFolder, "README.md"), "utf8");
    for (const name of shipped) expect(readme).toContain(`\`${name}\``);
  });

  it("has a published schema that is current (vitest -u writes it)", async () => {
    const schema = z.toJSONSchema(workloadSchema, { io: "input", target: "draft-7", reused: "ref" });
    const text = `${JSON.stringify({ title: "stowage workload", ...schema }, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(shippedFolder, "workload.schema.json"));
  });

  it("is recognised by content, whatever its name, and takes files joined with +", async () => {
    const odd = file("trace+of.txt", readFileSync(nodes, "utf8"));
    const [trace] = await readWorkload(`${nodes}+${pods}`, { as: "fill:50%" });
    expect(describeAs(trace)).toBe("fill:50%");
    const [snapshot] = await readWorkload(`${node}+${pod}`);
    expect(describeAs(snapshot)).toBe("fill");
    await expect(readWorkload(odd)).rejects.toThrow("missing pods");
  });

  it("keeps a file's words for its own mode and drops them for another", async () => {
    const text = `apiVersion: stowage/v1\nkind: Workload\nmetadata: { name: own }\ndescription: Mine.\ntrace: { files: [nodes.csv, pods.csv], as: fill:90% }\nprimaryMeasures: [podsPending]\n`;
    const path = file("own.yaml", text);
    const [own] = await readWorkload(path);
    expect([own.description, describeAs(own), own.primaryMeasures]).toEqual([
      "Mine.",
      "fill:90%",
      ["podsPending"],
    ]);
    const [other] = await readWorkload(path, { as: "repack" });
    expect([other.name, describeAs(other), other.primaryMeasures]).toEqual([
      "own",
      "repack",
      ["podsPending", "nodesUsed", "gpuFragmentation"],
    ]);
  });

  it("refuses a list without times to be replayed, with the way out", async () => {
    await expect(readWorkload(`${nodes}+${pods}`, { as: "replay" })).rejects.toThrow(
      "missing times: the list does not say when pods were created and how long they ran; use --as fill, repack or pending",
    );
  });

  it.each([
    ["nowhere.yaml", undefined, "missing file: there is nothing at this path"],
    ["empty.yaml", "  \n", "invalid file: it is empty"],
    ["prose.txt", "Once upon a time", "unknown format; name a stowage workload"],
    ["ages.csv", "name,age\nann,7\n", "unknown format; name a stowage workload"],
  ])("refuses %s", async (name, text, message) => {
    const path = text === undefined ? join(folder, name) : file(name, text);
    await expect(readWorkload(path)).rejects.toThrow(`${path}: ${message}`);
  });

  it("refuses a directory without manifests, and files of two formats", async () => {
    const empty = join(folder, "empty-folder");
    mkdirSync(empty, { recursive: true });
    await expect(readWorkload(empty)).rejects.toThrow(`${empty}: missing manifests`);
    await expect(readWorkload(`${nodes}+${pod}`)).rejects.toThrow(
      "files of different formats (openb, kubernetes)",
    );
  });

  it("refuses a path through a file, which cannot be read", async () => {
    await expect(readWorkload(join(pods, "within.yaml"))).rejects.toThrow(
      "unreadable file: ENOTDIR; name another file",
    );
  });

  it("names every file that cannot be read at once", async () => {
    await expect(readWorkload("/no/a.csv+/no/b.csv")).rejects.toThrow(
      /a\.csv: missing file.*\n.*b\.csv: missing file/,
    );
    expect(existsSync("/no")).toBe(false);
  });

  it("refuses a selection where there is nothing to select", async () => {
    await expect(readWorkload(`${nodes}+${pods}`, { select: "*" })).rejects.toThrow(
      "--select: invalid option",
    );
    await expect(readWorkload(`${nodes}+${pods}`, { as: "fil" })).rejects.toThrow(
      'unknown mode: "fil", did you mean fill?',
    );
  });
});
