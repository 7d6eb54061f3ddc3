import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { NodeDevices } from "../cluster/device.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Taint } from "../kubernetes/taint.ts";

/** A cluster read from a table. */
export interface DrawnCluster {
  readonly cluster: Cluster;
  /** In the order of the lines. */
  readonly nodes: readonly NodeSpec[];
  /** The pods that hold what is used, one for each node that has anything used; their rows count from 0. */
  readonly placed: readonly {
    readonly pod: PodTemplate;
    readonly node: string;
    readonly devices: readonly number[];
  }[];
  /** The row of a node. */
  readonly row: (name: string) => number;
}

const COLUMNS = [
  "node",
  "cpu",
  "memory",
  "ephemeral-storage",
  "pods",
  "zone",
  "labels",
  "taints",
  "cordoned",
  "devices",
];

/**
 * A cluster drawn as a table. The first line names the columns and each cell begins under its heading; empty cells and `-`
 * say nothing. Amounts are `used/allocatable` or `allocatable`; any resource name with a `/`, and huge pages, may head a
 * column. `pods` is how many pods the node takes (110 when there is no such column). `labels` are `key=value,…`, `taints`
 * `key=value:Effect,…`, `cordoned` is `yes`, `devices` are `4 A100`.
 *
 * ```
 * node   cpu       memory    zone  taints
 * n1     2/4       1Gi/8Gi   a
 * n2     0/4       0/8Gi     b     dedicated=gpu:NoSchedule
 * ```
 *
 * @throws UserError when a heading is unknown or a cell does not begin under its heading
 */
export function drawCluster(table: string): DrawnCluster {
  const lines = table.split("\n").filter((line) => line.trim() !== "");
  const headings = headingsOf(lines[0] ?? "");
  const cluster = new Cluster();
  const nodes: NodeSpec[] = [];
  const placed: { pod: PodTemplate; node: string; devices: readonly number[] }[] = [];
  for (const line of lines.slice(1)) {
    const cells = cellsOf(line, headings);
    const spec = nodeOf(cells);
    const row = cluster.addNode(spec);
    nodes.push(spec);
    const used = amounts(cells, (text) => (text.includes("/") ? text.split("/")[0] : "0"));
    if (Object.values(used).every((amount) => amount === "0")) continue;
    // cpu and memory are named even when nothing is used, or the defaults for absent requests would count.
    const requests = { cpu: "0", memory: "0", ...used };
    const pod: PodTemplate = {
      name: "used",
      object: { kind: "Pod", spec: { containers: [{ resources: { requests } }] } },
    };
    cluster.assume(placed.length, cluster.kind(pod), row, 0);
    placed.push({ pod, node: cells.get("node") ?? "", devices: [] });
  }
  return {
    cluster,
    nodes,
    placed,
    row(name) {
      const row = cluster.nodes.rowOf(name);
      if (row === undefined)
        throw new UserError(
          unknown(
            "node",
            name,
            nodes.map((node) => node.object.metadata?.name ?? ""),
          ),
        );
      return row;
    },
  };
}

interface Heading {
  readonly name: string;
  readonly start: number;
}

function headingsOf(line: string): Heading[] {
  const headings = [...line.matchAll(/\S+/g)].map((match) => ({ name: match[0], start: match.index }));
  for (const { name } of headings) {
    if (!COLUMNS.includes(name) && !isOtherResource(name))
      throw new UserError(unknown("column", name, COLUMNS));
  }
  return headings;
}

function isOtherResource(name: string): boolean {
  return name.includes("/") || name.startsWith("hugepages-");
}

function cellsOf(line: string, headings: readonly Heading[]): Map<string, string> {
  const cells = new Map<string, string>();
  headings.forEach(({ name, start }, i) => {
    if (start > 0 && /\S/.test(line[start - 1] ?? " ")) {
      throw new UserError(
        `invalid line: ${JSON.stringify(line)}; begin each cell under its heading, here ${name}`,
      );
    }
    const text = line.slice(start, headings[i + 1]?.start).trim();
    if (text !== "" && text !== "-") cells.set(name, text);
  });
  return cells;
}

function nodeOf(cells: ReadonlyMap<string, string>): NodeSpec {
  const name = cells.get("node") ?? "";
  const zone = cells.get("zone");
  const labels = {
    "kubernetes.io/hostname": name,
    ...(zone !== undefined && { "topology.kubernetes.io/zone": zone }),
    ...Object.fromEntries(list(cells.get("labels")).map((pair) => split(pair, "="))),
  };
  const taints = list(cells.get("taints")).map(taintOf);
  const devices = devicesOf(cells.get("devices"));
  return {
    object: {
      kind: "Node",
      metadata: { name, labels },
      spec: {
        ...(cells.get("cordoned") === "yes" && { unschedulable: true }),
        ...(taints.length > 0 && { taints }),
      },
      status: {
        allocatable: {
          ...amounts(cells, (text) => text.split("/").at(-1)!),
          pods: cells.get("pods") ?? "110",
        },
      },
    },
    ...(devices && { devices }),
  };
}

function amounts(cells: ReadonlyMap<string, string>, read: (text: string) => string): Record<string, string> {
  const resources = [...cells].filter(
    ([name]) => ["cpu", "memory", "ephemeral-storage"].includes(name) || isOtherResource(name),
  );
  return Object.fromEntries(resources.map(([name, text]) => [name, read(text)]));
}

function taintOf(text: string): Taint {
  const [pair, effect] = split(text, ":");
  const [key, value] = split(pair, "=");
  if (effect !== "NoSchedule" && effect !== "PreferNoSchedule" && effect !== "NoExecute") {
    throw new UserError(`invalid taint: ${JSON.stringify(text)}; write key=value:NoSchedule`);
  }
  return { key, value, effect };
}

function devicesOf(text: string | undefined): NodeDevices | undefined {
  if (text === undefined) return undefined;
  const [count, model] = split(text, " ");
  if (!/^\d+$/.test(count)) throw new UserError(`invalid devices: ${JSON.stringify(text)}; write 4 A100`);
  return { count: Number(count), model };
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(",").map((part) => part.trim());
}

/** Before and after the first separator; an empty text when there is none. */
function split(text: string, separator: string): [string, string] {
  const place = text.indexOf(separator);
  return place === -1 ? [text, ""] : [text.slice(0, place), text.slice(place + separator.length).trim()];
}
