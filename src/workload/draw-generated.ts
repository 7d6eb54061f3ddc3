import { randomKey, uniform } from "../base/random.ts";
import { arrivalTimes } from "./arrival-times.ts";
import { quantile, weightedChoice } from "./distribution.ts";
import { drawNodes } from "./draw-nodes.ts";
import { onePhase } from "./one-phase.ts";
import { PodShapes } from "./pod-shapes.ts";
import type { Scenario } from "./scenario.ts";
import type { GeneratedWorkload, StreamSpec } from "./spec.ts";

/** What one seed makes of stowage's own YAML: arrivals, templates, sizes, run times and what happens to the nodes. */
export function drawGenerated(spec: GeneratedWorkload, seed: number): Scenario {
  const shapes = new PodShapes(spec.podTemplates);
  const drawn = spec.arrivals.map((stream) => drawStream(spec, stream, shapes, seed));
  const merged = merge(drawn.map((stream) => stream.arrivalUs));
  const { nodes, nodeTimes } = drawNodes(spec, seed);
  const count = merged.stream.length;
  const column = (of: "arrivalUs" | "runUs") =>
    Float64Array.from({ length: count }, (_, row) => drawn[merged.stream[row]][of][merged.place[row]]);
  const template = Int32Array.from(
    { length: count },
    (_, row) => drawn[merged.stream[row]].template[merged.place[row]],
  );
  return {
    nodes,
    nodeTimes,
    templates: shapes.templates,
    pods: {
      count,
      template,
      arrivalUs: column("arrivalUs"),
      runUs: column("runUs"),
      boundTo: new Int32Array(count).fill(-1),
      nameOf: (row) => {
        const namespace = shapes.templates[template[row]].object.metadata?.namespace ?? "default";
        const stream = merged.stream[row];
        const width = Math.max(5, String(drawn[stream].arrivalUs.length).length);
        return `${namespace}/${spec.arrivals[stream].name}-${String(merged.place[row]).padStart(width, "0")}`;
      },
    },
    phases: onePhase(count),
    churn: [],
    horizonUs: spec.horizonUs,
  };
}

interface DrawnStream {
  readonly arrivalUs: readonly number[];
  readonly template: Int32Array;
  readonly runUs: Float64Array;
}

/** The k-th pod of a stream draws with entity k under keys of the stream, so that no other pod can move its luck. */
function drawStream(
  spec: GeneratedWorkload,
  stream: StreamSpec,
  shapes: PodShapes,
  seed: number,
): DrawnStream {
  const name = `stream ${stream.name}`;
  const untilUs = Math.min(stream.window.untilUs, spec.horizonUs);
  const arrivalUs = arrivalTimes(stream.process, { ...stream.window, untilUs }, seed, name);
  const templateKey = randomKey(seed, `${name}: template`);
  const runKey = randomKey(seed, `${name}: run time`);
  const weights = stream.templates.map(({ weight }) => weight);
  const template = new Int32Array(arrivalUs.length);
  const runUs = new Float64Array(arrivalUs.length);
  const sizeKey = new Map<string, number>();
  const sizeDraw = (resource: string, pod: number) => {
    let key = sizeKey.get(resource);
    if (key === undefined) {
      key = randomKey(seed, `${name}: size of ${resource}`);
      sizeKey.set(resource, key);
    }
    return uniform(key, pod);
  };
  for (let pod = 0; pod < arrivalUs.length; pod++) {
    const chosen = stream.templates[weightedChoice(weights, uniform(templateKey, pod))].template;
    template[pod] = shapes.intern(chosen, (resource) => sizeDraw(resource, pod));
    const runTime = stream.runTime ?? spec.podTemplates[chosen].runTime;
    runUs[pod] =
      runTime === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(1, Math.round(quantile(runTime, uniform(runKey, pod))));
  }
  return { arrivalUs, template, runUs };
}

/** All streams in order of time; of equal times the earlier stream first. */
function merge(streams: readonly (readonly number[])[]): { stream: Int32Array; place: Int32Array } {
  const entries = streams.flatMap((times, stream) => times.map((time, place) => ({ time, stream, place })));
  entries.sort((a, b) => a.time - b.time || a.stream - b.stream || a.place - b.place);
  return {
    stream: Int32Array.from(entries, (entry) => entry.stream),
    place: Int32Array.from(entries, (entry) => entry.place),
  };
}
