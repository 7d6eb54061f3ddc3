import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { listWorkload } from "./list-workload.ts";
import { isOpenb, readOpenb } from "./read-openb.ts";

const folder = resolve(import.meta.dirname, "../../workloads/openb");
const shipped = ["openb_node_list_gpu_node.csv", "openb_pod_list_default.csv"].map((file) => ({
  file,
  text: readFileSync(join(folder, file), "utf8"),
}));

const nodes = {
  file: "nodes.csv",
  text: "sn,cpu_milli,memory_mib,gpu,model\nn1,4000,1024,2,T4\nn2,8000,2048,0,\n",
};
const podHeader = "name,cpu_milli,memory_mib,num_gpu,gpu_milli";

function problemsOf(...inputs: { file: string; text: string }[]): string[] {
  try {
    readOpenb(inputs);
  } catch (error) {
    if (error instanceof UserError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("an openb trace", () => {
  it("is the published cluster and pod list", () => {
    const list = readOpenb(shipped);
    const gpus = list.nodes.reduce((sum, node) => sum + (node.devices?.count ?? 0), 0);
    expect([list.nodes.length, gpus, list.pods.count]).toEqual([1213, 6212, 8152]);
    expect(list.templates).toHaveLength(151);
    expect(list.pods.names.slice(0, 22)).toBe("default/openb-pod-0000");
  });

  it("is replayed when it has times, and filled by GPU when asked", () => {
    const list = readOpenb(shipped);
    expect(listWorkload(list, undefined).primaryMeasures).toEqual([
      "waitingTimeP99",
      "podsPending",
      "gpuAllocation",
    ]);
    const filled = listWorkload(list, { mode: "fill", percent: 130 });
    expect(filled.primaryMeasures).toEqual(["gpuAllocationAt130", "gpuAllocationAt100", "podsPending"]);
    expect(filled.notes.join()).toContain("The scarcest resource is gpu: the list asks for 98.0%");
  });

  it("runs a pod from its scheduling to its deletion, or from its creation when it was never scheduled", () => {
    const text = `${podHeader},creation_time,deletion_time,scheduled_time\na,1,1,0,0,10,50,20\nb,1,1,0,0,10,50,\nc,1,1,0,0,10,,20\n`;
    const { pods } = readOpenb([nodes, { file: "pods.csv", text }]);
    expect([...pods.runUs!]).toEqual([30e6, 40e6, Number.POSITIVE_INFINITY]);
  });

  it("shares one template among pods of one shape, and takes further files and quoted fields", () => {
    const { templates, pods } = readOpenb([
      nodes,
      { file: "pods.csv", text: `${podHeader}\na,100,10,1,460\nb,100,10,1,460\n` },
      { file: "more.csv", text: `${podHeader}\r\n"c",100,10,2,1000\r\n` },
    ]);
    expect(templates.map(({ name }) => name)).toEqual(["100m-10Mi-460mgpu", "100m-10Mi-2gpu"]);
    expect([...pods.template]).toEqual([0, 0, 1]);
    expect(templates[1]?.devices).toEqual({ count: 2, milli: 1000 });
  });

  it("is recognised by its header, complete or not", () => {
    expect(isOpenb("sn,cpu_milli,memory_mib,gpu,model\n")).toBe(true);
    expect(isOpenb("name,cpu_mili,memory_mib,num_gpu,gpu_milli\n")).toBe(true);
    expect(isOpenb("name,age\n")).toBe(false);
  });

  it("reports every problem of all files at once, each at its field", () => {
    const badNodes = {
      file: "nodes.csv",
      text: "sn,cpu_milli,memory_mib,gpu,model\nn1,4000,1024,2,T4\nn1,x,1,40,T4\n,1,1,1,\n",
    };
    const text = [
      `${podHeader},gpu_spec`,
      "a,1,1,2,500,",
      "b,-5,1,0,0,",
      "c,1,1,1,1000,T5",
      "d,1,1,1",
      "a,1,1.5,0,7,",
      "",
    ].join("\n");
    expect(problemsOf(badNodes, { file: "pods.csv", text })).toEqual([
      "pods.csv:5:1: invalid row: 4 fields, the header has 6; write one field per column, empty where there is no value",
      'nodes.csv:3:1: invalid node: "n1" is listed twice; names are distinct',
      'nodes.csv:3:4: cpu_milli: invalid number: "x"; write a whole number from 0',
      "nodes.csv:3:8: gpu: invalid count: 40; a node has at most 31",
      "nodes.csv:4:1: missing name: sn; write one for each node",
      "nodes.csv:4:8: missing model: model; name the model of the node's GPUs",
      "pods.csv:2:9: gpu_milli: invalid share: 500 of each of 2 GPUs; only a pod with num_gpu 1 shares, write 1000",
      'pods.csv:3:3: cpu_milli: invalid number: "-5"; write a whole number from 0',
      'pods.csv:4:14: gpu_spec: unknown model: "T5", did you mean T4?',
      'pods.csv:6:1: name: invalid pod: "a" is listed twice; names are distinct',
      "pods.csv:6:11: gpu_milli: invalid share: 7 of no GPU; write 0 when num_gpu is 0",
      'pods.csv:6:5: memory_mib: invalid number: "1.5"; write a whole number from 0',
    ]);
  });

  it("names a missing column and the one it may be", () => {
    expect(
      problemsOf(nodes, {
        file: "pods.csv",
        text: "name,cpu_mili,memory_mib,num_gpu,gpu_milli\na,1,1,0,0\n",
      }),
    ).toEqual([
      "pods.csv:1:1: missing column: cpu_milli (the header has cpu_mili); the columns are name, cpu_milli, memory_mib, num_gpu, gpu_milli",
    ]);
  });

  it("needs nodes and pods", () => {
    expect(problemsOf(nodes)).toEqual([
      "nodes.csv: missing pods: no pod list; add it with nodes.csv+pods.csv",
    ]);
    expect(problemsOf({ file: "pods.csv", text: `${podHeader}\na,1,1,0,0\n` })).toEqual([
      "pods.csv: missing nodes: no node list; add it with nodes.csv+pods.csv",
    ]);
  });

  it("refuses an open quote", () => {
    expect(problemsOf(nodes, { file: "pods.csv", text: `${podHeader}\n"a,1,1,0,0\n` })[0]).toMatch(
      /^pods\.csv:\d+: invalid CSV: /,
    );
  });
});
