import type { Problem } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { WHOLE_DEVICE } from "../cluster/device.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import { countField } from "./csv-number.ts";
import { type CsvTable, columnPlaces } from "./csv-table.ts";
import type { ListPods } from "./workload.ts";

const required = ["name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli"] as const;
const optional = ["gpu_spec", "creation_time", "deletion_time", "scheduled_time"] as const;
type Column = (typeof required)[number] | (typeof optional)[number];

export const openbPodColumns: readonly string[] = [...required, ...optional];

interface OpenbPods {
  readonly templates: readonly PodTemplate[];
  readonly pods: ListPods;
  readonly notes: readonly string[];
}

/** Reads pod lists one after another; `models` are those that some node has. */
export function readOpenbPods(
  tables: readonly CsvTable[],
  models: ReadonlySet<string>,
  problems: Problem[],
): OpenbPods {
  const names = new Set<string>();
  const template: number[] = [];
  const createdUs: number[] = [];
  const runUs: number[] = [];
  const shapes = new Shapes();
  let hasTimes = tables.length > 0;
  let neverScheduled = 0;
  for (const table of tables) {
    const place = columnPlaces<Column>(table, required, optional, problems);
    if (required.some((column) => place[column] === -1)) continue;
    hasTimes &&= place.creation_time !== -1 && place.deletion_time !== -1;
    for (const [row, fields] of table.rows.entries()) {
      const report = (column: Column, what: string) =>
        problems.push({ where: table.whereOf(row, column), what: `${column}: ${what}` });
      const number = (column: Column) => countField(fields[place[column]], (what) => report(column, what));
      const text = (column: Column) => (place[column] === -1 ? "" : fields[place[column]]);
      const name = text("name");
      if (name === "") report("name", "missing name; write one for each pod");
      else if (names.has(name))
        report("name", `invalid pod: ${JSON.stringify(name)} is listed twice; names are distinct`);
      names.add(name);
      const devices = number("num_gpu");
      const milli = number("gpu_milli");
      if (
        devices === 0
          ? milli !== 0
          : milli < 1 || milli > WHOLE_DEVICE || (devices > 1 && milli < WHOLE_DEVICE)
      ) {
        report("gpu_milli", milliProblem(devices, milli));
      }
      const spec = text("gpu_spec");
      for (const model of spec === "" ? [] : spec.split("|")) {
        if (models.size > 0 && !models.has(model)) report("gpu_spec", unknown("model", model, models));
      }
      template.push(shapes.intern(number("cpu_milli"), number("memory_mib"), devices, milli, spec));
      if (!hasTimes) continue;
      const created = number("creation_time");
      const scheduled = text("scheduled_time") === "" ? undefined : number("scheduled_time");
      const deleted = text("deletion_time") === "" ? undefined : number("deletion_time");
      const started = scheduled ?? created;
      if (scheduled === undefined) neverScheduled++;
      if (deleted !== undefined && deleted < started) {
        report(
          "deletion_time",
          `invalid time: ${deleted} is before the pod started (${started}); times are seconds from the trace's start`,
        );
      }
      createdUs.push(created * 1e6);
      runUs.push(deleted === undefined ? Number.POSITIVE_INFINITY : (deleted - started) * 1e6);
    }
  }
  const notes: string[] = [];
  if (hasTimes && neverScheduled > 0) {
    notes.push(
      `${neverScheduled} pods were never scheduled in the trace; they run as long as they existed, of which nothing is known to have been work.`,
    );
  }
  return {
    templates: shapes.templates,
    notes,
    pods: {
      count: template.length,
      template: Int32Array.from(template),
      boundTo: new Int32Array(template.length).fill(-1),
      createdUs: hasTimes ? Float64Array.from(createdUs) : undefined,
      runUs: hasTimes ? Float64Array.from(runUs) : undefined,
      names: [...names].map((name) => `default/${name}`).join("\n"),
    },
  };
}

function milliProblem(devices: number, milli: number): string {
  if (devices === 0) return `invalid share: ${milli} of no GPU; write 0 when num_gpu is 0`;
  if (devices > 1)
    return `invalid share: ${milli} of each of ${devices} GPUs; only a pod with num_gpu 1 shares, write 1000`;
  return `invalid share: ${milli}; write 1 to 999 for a shared GPU, 1000 for a whole one`;
}

/** One template per distinct shape: a trace has thousands of pods and tens of shapes. */
class Shapes {
  readonly templates: PodTemplate[] = [];
  readonly #ids = new Map<string, number>();

  intern(cpuMilli: number, memoryMib: number, devices: number, milli: number, spec: string): number {
    const key = `${cpuMilli},${memoryMib},${devices},${milli},${spec}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.templates.length;
    this.#ids.set(key, id);
    const gpus = devices === 0 ? [] : [milli < WHOLE_DEVICE ? `${milli}mgpu` : `${devices}gpu`];
    this.templates.push({
      name: [`${cpuMilli}m`, `${memoryMib}Mi`, ...gpus, ...(spec === "" ? [] : [spec])].join("-"),
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { namespace: "default" },
        spec: {
          containers: [
            { name: "main", resources: { requests: { cpu: `${cpuMilli}m`, memory: `${memoryMib}Mi` } } },
          ],
        },
      },
      ...(devices === 0
        ? {}
        : { devices: { count: devices, milli, ...(spec === "" ? {} : { models: spec.split("|") }) } }),
    });
    return id;
  }
}
