import { UserError } from "../base/errors.ts";
import { podColumnsFrom } from "./pod-columns.ts";
import type { Trace, TraceFacts, TraceNodes, TracePods, TraceResource, TraceTemplate } from "./trace.ts";

// One buffer: magic (8 bytes), version and length of the header (two 32-bit words), the header as JSON, then one section per
// column, each aligned to 8 bytes so that a reader can look at it in place. All numbers are little-endian.
const magic = "STOWAGE\n";
const version = 1;
const headerStart = 16;

type Column = Float64Array | Int32Array | Uint8Array;
type ColumnType = "float64" | "int32" | "uint8";

interface Section {
  readonly name: string;
  readonly type: ColumnType;
  /** Bytes from the end of the (padded) header. */
  readonly offset: number;
  /** Entries, not bytes. */
  readonly length: number;
}

interface Header {
  readonly facts: TraceFacts;
  readonly resources: readonly TraceResource[];
  readonly templates: readonly TraceTemplate[];
  readonly nodes: Pick<TraceNodes, "count" | "names" | "zones" | "deviceModels">;
  readonly pods: Pick<TracePods, "count">;
  readonly sections: readonly Section[];
  /** Bytes after the (padded) header. */
  readonly bodyLength: number;
}

/** The trace as one buffer; `decodeTrace` reads it back. Equal traces give equal bytes. */
export function encodeTrace(trace: Trace): Uint8Array<ArrayBuffer> {
  const { facts, resources, templates, nodes, pods } = trace;
  const columns: Column[] = [];
  const sections: Section[] = [];
  let bodyLength = 0;
  const add = <C extends Column>(name: string, type: ColumnType, column: C): C => {
    columns.push(column);
    sections.push({ name, type, offset: bodyLength, length: column.length });
    bodyLength = aligned(bodyLength + column.byteLength);
    return column;
  };
  nodes.allocatable.forEach((column, resource) => {
    add(`nodes.allocatable.${resource}`, "float64", column);
  });
  add("nodes.deviceCount", "int32", nodes.deviceCount);
  add("nodes.deviceModel", "int32", nodes.deviceModel);
  add("nodes.joinedUs", "float64", nodes.joinedUs);
  add("nodes.lostUs", "float64", nodes.lostUs);
  podColumnsFrom(pods.count, {
    float64: (column) => add(`pods.${column}`, "float64", pods[column]),
    int32: (column) => add(`pods.${column}`, "int32", pods[column]),
    uint8: (column) => add(`pods.${column}`, "uint8", pods[column]),
  });

  const header: Header = {
    facts,
    resources,
    templates,
    nodes: { count: nodes.count, names: nodes.names, zones: nodes.zones, deviceModels: nodes.deviceModels },
    pods: { count: pods.count },
    sections,
    bodyLength,
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header, writeNonFinite));
  const bodyStart = aligned(headerStart + headerBytes.length);
  const bytes = new Uint8Array(bodyStart + bodyLength);
  bytes.set(new TextEncoder().encode(magic), 0);
  const words = new DataView(bytes.buffer);
  words.setUint32(8, version, true);
  words.setUint32(12, headerBytes.length, true);
  bytes.set(headerBytes, headerStart);
  for (const [i, column] of columns.entries()) {
    const asBytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    bytes.set(asBytes, bodyStart + sections[i].offset);
  }
  return bytes;
}

/**
 * Reads what `encodeTrace` wrote. The columns are views of `bytes` when it is aligned to 8 bytes, otherwise of a copy.
 * Throws a UserError for bytes that are no trace, are cut short or damaged, or come from a newer version; `file` is the
 * place it names.
 */
export function decodeTrace(bytes: Uint8Array, file = ""): Trace {
  const fail = (what: string): never => {
    throw new UserError([{ where: file, what }]);
  };
  if (bytes.length < headerStart) {
    if (startsWithMagic(bytes)) fail(truncated);
    fail(notATrace);
  }
  if (!startsWithMagic(bytes)) fail(notATrace);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = words.getUint32(8, true);
  if (found > version) {
    fail(`invalid version of trace: ${found}; this stowage reads up to ${version}, use a newer one`);
  }
  const headerLength = words.getUint32(12, true);
  const bodyStart = aligned(headerStart + headerLength);
  if (bytes.length < bodyStart) fail(truncated);
  const header = readHeader(bytes.subarray(headerStart, headerStart + headerLength)) ?? fail(damaged);
  if (bytes.length < bodyStart + header.bodyLength) fail(truncated);
  const inPlace = bytes.subarray(bodyStart);
  const body = inPlace.byteOffset % 8 === 0 ? inPlace : new Uint8Array(inPlace);
  const sections = new Map(header.sections.map((section) => [section.name, section]));

  /** Where a column lies in the body, once it is known to be whole. */
  const place = (name: string, type: ColumnType, length: number): number => {
    const section = sections.get(name);
    if (section === undefined) return fail(`missing column: ${name}; the trace is damaged, make it anew`);
    if (section.type !== type || section.length !== length || section.offset % 8 !== 0) return fail(damaged);
    if (section.offset + length * widths[type] > body.length) return fail(damaged);
    return body.byteOffset + section.offset;
  };
  const float64 = (name: string, length: number) =>
    new Float64Array(body.buffer, place(name, "float64", length), length);
  const int32 = (name: string, length: number) =>
    new Int32Array(body.buffer, place(name, "int32", length), length);
  const uint8 = (name: string, length: number) =>
    new Uint8Array(body.buffer, place(name, "uint8", length), length);

  const { facts, resources, templates } = header;
  const nodeCount = header.nodes.count;
  const podCount = header.pods.count;
  return {
    facts,
    resources,
    templates,
    nodes: {
      ...header.nodes,
      allocatable: resources.map((_, resource) => float64(`nodes.allocatable.${resource}`, nodeCount)),
      deviceCount: int32("nodes.deviceCount", nodeCount),
      deviceModel: int32("nodes.deviceModel", nodeCount),
      joinedUs: float64("nodes.joinedUs", nodeCount),
      lostUs: float64("nodes.lostUs", nodeCount),
    },
    pods: podColumnsFrom(podCount, {
      float64: (column) => float64(`pods.${column}`, podCount),
      int32: (column) => int32(`pods.${column}`, podCount),
      uint8: (column) => uint8(`pods.${column}`, podCount),
    }),
  };
}

const notATrace =
  'invalid trace: it does not begin with "STOWAGE"; give a file that stowage wrote with --traces';
const truncated = "invalid trace: the file is cut short; copy it again or make it anew";
const damaged = "invalid trace: its header is damaged; copy it again or make it anew";

const widths: Record<ColumnType, number> = { float64: 8, int32: 4, uint8: 1 };

function startsWithMagic(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, magic.length)) === magic;
}

function readHeader(bytes: Uint8Array): Header | undefined {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes),
      readNonFinite,
    ) as Header | null;
  } catch {
    return undefined;
  }
  const whole =
    Array.isArray(header?.sections) &&
    header.sections.every(isSection) &&
    Array.isArray(header.resources) &&
    Array.isArray(header.templates) &&
    header.facts !== undefined &&
    Number.isSafeInteger(header.bodyLength) &&
    Number.isSafeInteger(header.nodes?.count) &&
    Number.isSafeInteger(header.pods?.count);
  return whole ? (header as Header) : undefined;
}

function isSection(section: unknown): section is Section {
  if (typeof section !== "object" || section === null) return false;
  const { offset } = section as Partial<Section>;
  return offset !== undefined && Number.isSafeInteger(offset) && offset >= 0;
}

/** JSON knows no Infinity; a horizon or a limit may be infinite. */
function writeNonFinite(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? { nonFinite: String(value) } : value;
}

function readNonFinite(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "nonFinite" in value
    ? Number(value.nonFinite)
    : value;
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}
