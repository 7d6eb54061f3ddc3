import type { Problem } from "../base/errors.ts";
import { MAX_DEVICES_PER_NODE } from "../cluster/device.ts";
import type { NodeSpec } from "../cluster/specs.ts";
import { countField } from "./csv-number.ts";
import { type CsvTable, columnPlaces } from "./csv-table.ts";

export const openbNodeColumns = ["sn", "cpu_milli", "memory_mib", "gpu", "model"] as const;

/** The pod limit of a node in the published experiment on this trace; it never binds. */
const PODS_PER_NODE = "1001";

/** Appends the nodes of one list to `nodes`, and what is wrong with it to `problems`. */
export function readOpenbNodes(table: CsvTable, nodes: NodeSpec[], problems: Problem[]): void {
  const place = columnPlaces(table, openbNodeColumns, [], problems);
  if (openbNodeColumns.some((column) => place[column] === -1)) return;
  const names = new Set(nodes.map((node) => node.object.metadata?.name));
  for (const [row, fields] of table.rows.entries()) {
    const report = (column: string, what: string) =>
      problems.push({ where: table.whereOf(row, column), what });
    const name = fields[place.sn];
    if (name === "") report("sn", "missing name: sn; write one for each node");
    else if (names.has(name))
      report("sn", `invalid node: ${JSON.stringify(name)} is listed twice; names are distinct`);
    names.add(name);
    const number = (column: "cpu_milli" | "memory_mib" | "gpu") =>
      countField(fields[place[column]], (what) => report(column, `${column}: ${what}`));
    const cpuMilli = number("cpu_milli");
    const memoryMib = number("memory_mib");
    const count = number("gpu");
    const model = fields[place.model];
    if (count > MAX_DEVICES_PER_NODE) {
      report("gpu", `gpu: invalid count: ${count}; a node has at most ${MAX_DEVICES_PER_NODE}`);
    }
    if (count > 0 && model === "") report("model", "missing model: model; name the model of the node's GPUs");
    nodes.push({
      object: {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name, labels: { "kubernetes.io/hostname": name } },
        status: { allocatable: { cpu: `${cpuMilli}m`, memory: `${memoryMib}Mi`, pods: PODS_PER_NODE } },
      },
      ...(count > 0 ? { devices: { model, count } } : {}),
    });
  }
}
