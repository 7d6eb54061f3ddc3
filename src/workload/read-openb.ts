import { digest } from "../base/digest.ts";
import { type Problem, UserError } from "../base/errors.ts";
import type { NodeSpec } from "../cluster/specs.ts";
import { readCsvTable } from "./csv-table.ts";
import type { InputText } from "./input-text.ts";
import type { ReadList } from "./list-workload.ts";
import { openbNodeColumns, readOpenbNodes } from "./openb-nodes.ts";
import { openbPodColumns, readOpenbPods } from "./openb-pods.ts";

/** Whether the first line is the header of an openb node or pod list, complete or not. */
export function isOpenb(text: string): boolean {
  return listKind(text) !== undefined;
}

function listKind(text: string): "nodes" | "pods" | undefined {
  const end = text.indexOf("\n");
  const header = (end === -1 ? text : text.slice(0, end))
    .replace(/^\uFEFF/, "")
    .split(",")
    .map((name) => name.trim());
  const hits = (columns: readonly string[]) => columns.filter((column) => header.includes(column)).length;
  const asNodes = hits(openbNodeColumns);
  const asPods = hits(openbPodColumns);
  if (Math.max(asNodes, asPods) < 3) return undefined;
  return asNodes > asPods ? "nodes" : "pods";
}

/**
 * Reads node and pod lists of the Alibaba GPU cluster trace of 2023 (Weng et al., USENIX ATC '23; alibaba/clusterdata,
 * cluster-trace-gpu-v2023): one CSV of nodes and one of pods, or several of either, one after another.
 * @throws UserError with every problem of all files.
 */
export function readOpenb(inputs: readonly InputText[]): ReadList {
  const problems: Problem[] = [];
  const tables = inputs.map(({ file, text }) => ({
    kind: listKind(text),
    table: readCsvTable(file, text, problems),
  }));
  const nodes: NodeSpec[] = [];
  for (const { kind, table } of tables) if (kind === "nodes") readOpenbNodes(table, nodes, problems);
  const podTables = tables.flatMap(({ kind, table }) => (kind === "pods" ? [table] : []));
  const models = new Set(nodes.flatMap((node) => (node.devices === undefined ? [] : [node.devices.model])));
  const list = readOpenbPods(podTables, models, problems);
  const source = inputs.map(({ file }) => file).join("+");
  if (problems.length === 0) {
    if (nodes.length === 0) {
      problems.push({ where: source, what: "missing nodes: no node list; add it with nodes.csv+pods.csv" });
    }
    if (list.pods.count === 0) {
      problems.push({ where: source, what: "missing pods: no pod list; add it with nodes.csv+pods.csv" });
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  const count = (n: number) => n.toLocaleString("en-US");
  return {
    name: "openb",
    what: `${count(list.pods.count)} pods on ${count(nodes.length)} nodes of the openb trace (Alibaba GPU cluster 2023)`,
    source,
    inputDigest: digest(...inputs.map(({ text }) => text)),
    nodes,
    templates: list.templates,
    pods: list.pods,
    notes: [],
    replayNotes: list.notes,
    notModelled: [
      "The trace has no priorities, affinity or topology, and its quality-of-service classes are not read: beside the asked GPU models nothing restricts where pods go.",
    ],
  };
}
