import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { readKubernetesObjects } from "./read-kubernetes-objects.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kubernetes-objects-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function complaints(path: string): Promise<string> {
  const error: unknown = await readKubernetesObjects(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(directory, "DIR");
}

function listOf(pods: number, indent?: number): string {
  const items = Array.from({ length: pods }, (_, i) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${i}`, annotations: { note: 'a "brace" { and a ü' } },
    spec: { containers: [{ name: "c", env: Array.from({ length: 20 }, () => ({ name: "V", value: "[" })) }] },
  }));
  return JSON.stringify({ apiVersion: "v1", items, kind: "List" }, undefined, indent);
}

describe("readKubernetesObjects", () => {
  it("tells JSON from YAML by the first character, whatever the name", async () => {
    const yaml = await write("nodes.json", "kind: Node\nmetadata: { name: n }\n");
    expect((await readKubernetesObjects(yaml)).nodes).toHaveLength(1);
    const json = await write("pods.yaml", `\ufeff\n ${listOf(3)}`);
    expect((await readKubernetesObjects(json)).pods).toHaveLength(3);
  });

  it("streams a list of several chunks, plain and gzipped, in order", async () => {
    const text = listOf(2500, 4);
    expect(text.length).toBeGreaterThan(3 * 2 ** 20);
    for (const path of [await write("big", text), await write("big.gz", gzipSync(text))]) {
      const { pods } = await readKubernetesObjects(path);
      expect(pods).toHaveLength(2500);
      expect(pods[2499].metadata?.name).toBe("pod-2499");
    }
  });

  it("reads a directory by name and reports the problems of all its files", async () => {
    const inner = await mkdtemp(join(directory, "manifests-"));
    await writeFile(join(inner, "b.yaml"), "kind: Pod\nmetadata: { name: second }\n");
    await writeFile(join(inner, "a.json"), '{"kind": "Pod", "metadata": {"name": "first"}}');
    await writeFile(join(inner, "README.md"), "no manifest");
    const names = (await readKubernetesObjects(inner)).pods.map((pod) => pod.metadata?.name);
    expect(names).toEqual(["first", "second"]);
    await writeFile(join(inner, "b.yaml"), "kind: Pod\nmetadata: {}\n");
    await writeFile(join(inner, "c.yaml"), "");
    const lines = (await complaints(inner)).split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/b\.yaml:2:11: metadata: missing name/);
    expect(lines[1]).toMatch(/c\.yaml: missing objects: the file is empty/);
  });

  it("says what is wrong with a file that cannot be read", async () => {
    expect(await complaints(join(directory, "nowhere.yaml"))).toBe(
      "DIR/nowhere.yaml: missing file: nothing has this name; check the path",
    );
    expect(await complaints(await write("empty.json", ""))).toContain("DIR/empty.json: missing objects");
    expect(await complaints(await write("utf16", Buffer.from("\ufeff{}", "utf16le")))).toContain(
      "UTF-16 text",
    );
    expect(await complaints(await write("picture", Buffer.from([1, 0, 2, 0])))).toContain(
      "invalid file: not text",
    );
    const cut = gzipSync(listOf(5)).subarray(0, 60);
    expect(await complaints(await write("cut.gz", cut))).toContain("invalid gzip file");
    expect(await complaints(await mkdtemp(join(directory, "none-")))).toContain("missing manifests");
  });

  it("names the line at which a truncated list ends", async () => {
    const text = listOf(20, 1);
    const half = text.slice(0, text.length / 2);
    const line = half.split("\n").length;
    expect(await complaints(await write("half.json", half))).toMatch(
      new RegExp(
        `^DIR/half\\.json:${line}:\\d+: invalid JSON: the file ends inside or after item \\d+; it was cut off`,
      ),
    );
  });
});
