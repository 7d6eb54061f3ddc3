import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { explain } from "../decisions/explanation.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { readExplainInput } from "./explain-input.ts";
import { folderWith } from "./testdata/stowage-command.ts";

const CASES = fileURLToPath(new URL("../decisions/testdata/fit.jsonl.gz", import.meta.url));

const NODES = `---
{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {capacity: {cpu: 4, memory: 8Gi, pods: 9}}}
---
{kind: Node, apiVersion: v1, metadata: {name: n2}, status: {capacity: {cpu: 2, memory: 8Gi, pods: 9}}}
`;
const PODS = `---
{kind: Pod, apiVersion: v1, metadata: {name: db-0, namespace: shop}, spec: {nodeName: n1, containers: [{name: c, resources: {limits: {cpu: 3}}}]}}
---
{kind: Pod, apiVersion: v1, metadata: {name: web-0, namespace: shop}, spec: {containers: [{name: c, resources: {requests: {cpu: 2500m}}}]}}
`;

const file = (name: string, text: string) => join(folderWith({ [name]: text }), name);
const problem = async (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing",
    (error: Error) => error.message,
  );

describe("what explain reads", () => {
  it("takes the only pending pod of a snapshot, and gives pods and nodes what the API server would", async () => {
    const { situation, standsOn } = await readExplainInput(file("all.yaml", NODES + PODS), {});
    expect([situation.pod, standsOn]).toEqual(["shop/web-0", undefined]);
    const { verdict, smallestChange } = explain({ situation, profile: shippedProfile("default") });
    expect(verdict).toMatch(/^0\/2 nodes are available: 2 Insufficient cpu\./);
    expect(smallestChange?.sets[0].changes[0].words).toBe("ask for 500m less cpu: 2 instead of 2500m");
  });

  it("takes a bound pod off its node, and joins files with +", async () => {
    const folder = folderWith({ "nodes.yaml": NODES, "pods.yaml": PODS });
    const input = `${join(folder, "nodes.yaml")}+${join(folder, "pods.yaml")}`;
    const { situation, standsOn } = await readExplainInput(input, { pod: "shop/db-0" });
    expect(standsOn).toBe("n1");
    const explanation = explain({ situation, profile: shippedProfile("default"), standsOn });
    expect(explanation).toMatchObject({ node: "n1", sameNode: true });
  });

  it("knows recorded cases by their content, whatever the name, packed or not", async () => {
    const text = gunzipSync(await import("node:fs/promises").then((fs) => fs.readFile(CASES)));
    const folder = folderWith();
    const plain = join(folder, "plain.txt");
    const packed = join(folder, "packed");
    writeFileSync(plain, text);
    writeFileSync(packed, gzipSync(text));
    for (const path of [CASES, plain, packed]) {
      const { recorded, situation } = await readExplainInput(path, { pod: "p2" });
      expect([recorded?.id, situation.pod]).toEqual(["fit-1-00000", "default/p2"]);
      expect(recorded?.record?.outcome).toBe("unschedulable");
    }
  });

  it("says what is not there, with the nearest names", async () => {
    expect(await problem(readExplainInput(CASES, { case: "fit-1-0000" }))).toMatch(
      /unknown case: "fit-1-0000", did you mean fit-1-0000\d/,
    );
    expect(await problem(readExplainInput(CASES, { pod: "default/q1" }))).toMatch(
      /unknown pod: "default\/q1", did you mean default\/p1 /,
    );
    expect(await problem(readExplainInput(CASES, { pod: "p1", attempt: 7 }))).toMatch(
      /unknown attempt: 7; of default\/p1 there are 1$/,
    );
    const all = file("all.yaml", NODES + PODS);
    expect(await problem(readExplainInput(all, { pod: "shop/web-1" }))).toMatch(
      /all\.yaml: unknown pod: "shop\/web-1", did you mean shop\/web-0/,
    );
    expect(await problem(readExplainInput(all, { case: "x" }))).toMatch(/--case: invalid option: /);
    expect(await problem(readExplainInput(file("pods.yaml", PODS), {}))).toMatch(/missing nodes: no Node/);
    expect(await problem(readExplainInput("/nowhere.yaml", {}))).toMatch(/missing file: /);
    const second = NODES + PODS + PODS.replaceAll("web-0", "web-1").replaceAll("db-0", "db-1");
    expect(await problem(readExplainInput(file("two.yaml", second), {}))).toMatch(
      /missing option: --pod; 2 pods are pending, name one: shop\/web-0, shop\/web-1$/,
    );
  });
});
