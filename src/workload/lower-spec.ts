import type { Problem } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { DEVICE_RESOURCE, type DeviceRequest, WHOLE_DEVICE } from "../cluster/device.ts";
import type { ResourceAmounts } from "../kubernetes/object-meta.ts";
import { formatAmount } from "./amount.ts";
import type { ArrivalProcess } from "./arrival-times.ts";
import { FragmentReader } from "./fragment-reader.ts";
import type {
  DrawnSize,
  GeneratedWorkload,
  NodeEventSpec,
  NodePoolSpec,
  PodTemplateSpec,
  StreamSpec,
} from "./spec.ts";
import type { WorkloadFile } from "./workload-schema.ts";
import type { YamlSource } from "./yaml-source.ts";

/** More pods than this in one scenario are a slip of a rate or a horizon. */
const MAX_PODS = 10_000_000;

type Path = readonly (string | number)[];
type Report = (path: Path, what: string) => void;

/** Turns a file that fits the schema into what the generators need; what does not fit together goes to `problems`. */
export function lowerSpec(file: WorkloadFile, source: YamlSource, problems: Problem[]): GeneratedWorkload {
  const report: Report = (path, what) => void problems.push({ where: source.whereOf(path), what });
  for (const field of ["nodePools", "podTemplates", "arrivals", "horizon"] as const) {
    if (file[field] === undefined) {
      report(
        [],
        `missing field: ${field}; a generated workload has nodePools, podTemplates, arrivals and a horizon, any other has trace`,
      );
    }
  }
  const nodePools = distinct(file.nodePools ?? [], "nodePools", report);
  const podTemplates = distinct(file.podTemplates ?? [], "podTemplates", report);
  const arrivals = distinct(file.arrivals ?? [], "arrivals", report);
  const events = file.events ?? [];
  if (nodePools.every(({ count }) => count === 0) && !events.some(({ action }) => action === "join")) {
    report(
      ["nodePools"],
      "invalid nodePools: no node at all; write a count of 1 or more, or an event with action join",
    );
  }
  const fragments = new FragmentReader(source, problems);
  const models = new Set(nodePools.flatMap(({ gpus }) => (gpus === undefined ? [] : [gpus.model])));
  const horizonUs = file.horizon ?? 0;
  return {
    nodePools: nodePools.map((pool, i) => lowerPool(pool, fragments, ["nodePools", i])),
    podTemplates: podTemplates.map((pod, i) =>
      lowerTemplate(pod, fragments, models, ["podTemplates", i], report),
    ),
    arrivals: arrivals.map((stream, i) =>
      lowerStream(
        stream,
        podTemplates.map(({ name }) => name),
        horizonUs,
        ["arrivals", i],
        report,
      ),
    ),
    events: events.map((event, i) =>
      lowerEvent(
        event,
        i,
        nodePools.map(({ name }) => name),
        report,
      ),
    ),
    horizonUs,
  };
}

type File = Required<{ [K in keyof WorkloadFile]: NonNullable<WorkloadFile[K]> }>;

function distinct<T extends { readonly name: string }>(
  items: readonly T[],
  list: string,
  report: Report,
): readonly T[] {
  const seen = new Set<string>();
  for (const [i, { name }] of items.entries()) {
    if (seen.has(name))
      report([list, i, "name"], `invalid name: ${JSON.stringify(name)} is there twice; names are distinct`);
    seen.add(name);
  }
  return items;
}

function lowerPool(pool: File["nodePools"][number], fragments: FragmentReader, path: Path): NodePoolSpec {
  const allocatable: Record<string, string> = { pods: "110" };
  for (const [resource, amount] of Object.entries(pool.shape))
    allocatable[resource] = formatAmount(resource, amount);
  const { labels = {} } = pool;
  return {
    name: pool.name,
    count: pool.count,
    allocatable,
    labels,
    taints: fragments.taints(pool.taints ?? [], [...path, "taints"]),
    zones: pool.zones ?? [],
    ...(pool.gpus === undefined ? {} : { devices: pool.gpus }),
  };
}

function lowerTemplate(
  pod: File["podTemplates"][number],
  fragments: FragmentReader,
  models: ReadonlySet<string>,
  path: Path,
  report: Report,
): PodTemplateSpec {
  const fixed: Record<string, string> = {};
  const sizes: DrawnSize[] = [];
  for (const [resource, size] of Object.entries(pod.requests ?? {})) {
    const at = [...path, "requests", resource];
    if (resource === DEVICE_RESOURCE)
      report(at, "invalid resource: gpu; ask for devices with gpu: {count, share, models}");
    if (size.distribution === "constant") fixed[resource] = formatAmount(resource, size.value);
    else sizes.push({ resource, size: { ...size, grid: size.grid ?? defaultGrid(resource) } });
  }
  const devices = lowerDevices(pod, models, path, report);
  return {
    name: pod.name,
    object: fragments.pod(pod, fixed satisfies ResourceAmounts, path),
    sizes,
    ...(devices === undefined ? {} : { devices }),
    ...(pod.runTime === undefined ? {} : { runTime: pod.runTime }),
  };
}

/** In thousandths of the resource's unit. */
function defaultGrid(resource: string): number {
  if (resource === "cpu") return 50;
  return resource === "memory" || resource === "ephemeral-storage" ? 64 * 2 ** 20 * 1000 : 1000;
}

function lowerDevices(
  { gpu }: File["podTemplates"][number],
  models: ReadonlySet<string>,
  path: Path,
  report: Report,
): DeviceRequest | undefined {
  if (gpu === undefined) return undefined;
  const { count = 1, share: milli = WHOLE_DEVICE } = gpu;
  if (count > 1 && milli < WHOLE_DEVICE) {
    report(
      [...path, "gpu", "share"],
      `invalid share: ${milli} of each of ${count} GPUs; only a pod with count 1 shares`,
    );
  }
  for (const [i, model] of (gpu.models ?? []).entries()) {
    if (!models.has(model)) report([...path, "gpu", "models", i], unknown("model", model, models));
  }
  return { count, milli, ...(gpu.models === undefined ? {} : { models: gpu.models }) };
}

function lowerStream(
  stream: File["arrivals"][number],
  templateNames: readonly string[],
  horizonUs: number,
  path: Path,
  report: Report,
): StreamSpec {
  const templates = Object.entries(stream.templates).map(([name, weight]) => {
    const template = templateNames.indexOf(name);
    if (template === -1) report([...path, "templates", name], unknown("pod template", name, templateNames));
    return { template, weight };
  });
  if (templates.length === 0)
    report([...path, "templates"], "missing templates: name at least one, as in web: 1");
  const fromUs = stream.from ?? 0;
  const untilUs = Math.min(stream.until ?? Number.POSITIVE_INFINITY, horizonUs);
  if (fromUs >= untilUs && horizonUs > 0) {
    report(
      [...path, stream.from === undefined ? "until" : "from"],
      "invalid times: the stream ends before it begins; put from before until and the horizon",
    );
  }
  const process = lowerProcess(stream.process);
  const count = stream.count ?? Number.POSITIVE_INFINITY;
  const expected = Math.min(count, podsPerSecond(process) * Math.max(0, (untilUs - fromUs) / 1e6));
  if (expected > MAX_PODS) {
    report(
      [...path, "process"],
      `invalid rate: about ${Math.round(expected)} pods; at most ${MAX_PODS} for each stream, lower the rate or the horizon`,
    );
  }
  return {
    name: stream.name,
    templates,
    process,
    window: { fromUs, untilUs, count },
    ...(stream.runTime === undefined ? {} : { runTime: stream.runTime }),
  };
}

function lowerProcess(process: File["arrivals"][number]["process"]): ArrivalProcess {
  switch (process.kind) {
    case "fixed":
    case "poisson":
      return { process: process.kind, ratePerSecond: process.ratePerSecond };
    case "bursty": {
      const { burstsPerSecond, burstSize, spacing = 0 } = process;
      return { process: "bursty", burstsPerSecond, burstSize, spacingUs: spacing };
    }
    case "diurnal": {
      const { ratePerSecond, amplitude, period = 86_400e6, peakAt = 0 } = process;
      return { process: "diurnal", ratePerSecond, amplitude, periodUs: period, peakAtUs: peakAt };
    }
    case "replay":
      return { process: "replay", atUs: process.at };
  }
}

/** Roughly; for the limit on pods only. */
function podsPerSecond(process: ArrivalProcess): number {
  switch (process.process) {
    case "bursty": {
      const size = process.burstSize;
      const typical = size.distribution === "constant" ? size.value : (size.max ?? 1000);
      return process.burstsPerSecond * typical;
    }
    case "replay":
      return 0;
    case "fixed":
    case "poisson":
    case "diurnal":
      return process.ratePerSecond;
  }
}

function lowerEvent(
  event: File["events"][number],
  index: number,
  poolNames: readonly string[],
  report: Report,
): NodeEventSpec {
  const path = ["events", index];
  const pool = poolNames.indexOf(event.pool);
  if (pool === -1) report([...path, "pool"], unknown("node pool", event.pool, poolNames));
  if ((event.count === undefined) === (event.share === undefined)) {
    report(path, "invalid event: write either count or share; count: 3 or share: 5%");
  }
  return {
    index,
    atUs: event.at,
    action: event.action,
    pool,
    ...(event.count === undefined ? {} : { count: event.count }),
    ...(event.share === undefined ? {} : { share: event.share }),
  };
}
