import { assert } from "../base/assert.ts";
import { permutation, randomKey, uniformInt } from "../base/random.ts";
import { scarcestResource } from "./asked.ts";
import { onePhase, steadyNodes } from "./one-phase.ts";
import type { Scenario } from "./scenario.ts";
import type { ListContent } from "./workload.ts";

/** `fill` and `repack`: ten pods arrive each second. */
export const FILL_PODS_PER_SECOND = 10;
const fillGapUs = 1e6 / FILL_PODS_PER_SECOND;

/** A run ends this long after its last event, so that the last pods are tried too. */
const settleUs = 10e6;

/** `pending`: long enough for every pod to be tried, and for the unschedulable ones to be tried again (5 minutes). */
const pendingHorizonUs = 600e6;
const pendingPerPodUs = 1000;

/** The pods of the list in order of arrival, with repetition; and what each brings. */
interface Drawn {
  /** Rows of the list, in the order in which the scenario has them. */
  readonly rows: Int32Array;
  readonly arrivalUs: Float64Array;
  readonly runUs: Float64Array;
  readonly keepsPlace: boolean;
  readonly horizonUs: number;
}

/** What one seed makes of a list of pods, by the mode of `--as`. */
export function drawList(content: ListContent, seed: number): Scenario {
  const drawn = drawRows(content, seed);
  const { rows } = drawn;
  const names = content.pods.names === "" ? [] : content.pods.names.split("\n");
  assert(names.length === content.pods.count, `${names.length} names for ${content.pods.count} pods`);
  const nth = occurrences(rows, content.pods.count);
  return {
    nodes: content.nodes,
    nodeTimes: steadyNodes(content.nodes.length),
    templates: content.templates,
    pods: {
      count: rows.length,
      template: rows.map((row) => content.pods.template[row]),
      arrivalUs: drawn.arrivalUs,
      runUs: drawn.runUs,
      boundTo: rows.map((row) => (drawn.keepsPlace ? content.pods.boundTo[row] : -1)),
      ...startTimes(content.pods, drawn),
      // "#" stands in no Kubernetes name, so that a repeated pod never takes the name of another.
      nameOf: (row) => names[rows[row]] + (nth[row] === 1 ? "" : `#${nth[row]}`),
    },
    phases: onePhase(rows.length),
    churn: [],
    horizonUs: drawn.horizonUs,
    surroundings: content.surroundings,
  };
}

/** Pods that arrive anew have yet to be started. */
function startTimes(
  { startedUs }: ListContent["pods"],
  { rows, keepsPlace }: Drawn,
): Pick<Scenario["pods"], "startedUs"> {
  if (startedUs === undefined || !keepsPlace) return {};
  return { startedUs: Float64Array.from(rows, (row) => startedUs[row]) };
}

function drawRows(content: ListContent, seed: number): Drawn {
  const { as, pods } = content;
  switch (as.mode) {
    case "fill":
      return atFixedRate(fillRows(content, as.percent, seed), expectedPods(content, as.percent));
    case "repack":
      return atFixedRate(Int32Array.from(permutation(randomKey(seed, "list: order"), pods.count)));
    case "pending":
      return pendingRows(pods);
    case "replay":
      return replayRows(pods);
  }
}

/** The run ends after the last arrival; no sooner than `pods` of them, so that every seed of a comparison has one end. */
function atFixedRate(rows: Int32Array, pods = rows.length): Drawn {
  const arrivalUs = Float64Array.from(rows, (_, place) => place * fillGapUs);
  return {
    rows,
    arrivalUs,
    runUs: new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY),
    keepsPlace: false,
    horizonUs: Math.max(rows.length, pods) * fillGapUs + settleUs,
  };
}

/** How many pods a share takes at the list's mean ask, and a twentieth more: the draws of a seed seldom need as many. */
function expectedPods({ pods, nodes, templates }: ListContent, percent: number | undefined): number {
  const scarcest = percent === undefined ? undefined : scarcestResource(nodes, templates, pods.template);
  if (percent === undefined || scarcest === undefined || scarcest.asked === 0) return pods.count;
  return Math.ceil((1.05 * pods.count * percent * scarcest.capacity) / (100 * scarcest.asked));
}

/**
 * The whole list in an order drawn from the seed; with a share, pods drawn with replacement follow until the next one
 * would exceed it, or pods drawn without replacement are left out until the rest is within it (as in Weng et al.,
 * USENIX ATC '23, with draws of our own).
 */
function fillRows(content: ListContent, percent: number | undefined, seed: number): Int32Array {
  const { pods, nodes, templates } = content;
  const order = Int32Array.from(permutation(randomKey(seed, "list: order"), pods.count));
  if (percent === undefined) return order;
  const scarcest = scarcestResource(nodes, templates, pods.template);
  if (scarcest === undefined) return order;
  const asks = (row: number) => scarcest.perTemplate[pods.template[row]];
  const target = (percent * scarcest.capacity) / 100;
  let asked = scarcest.asked;
  if (asked > target) {
    const left = new Uint8Array(pods.count);
    for (const row of permutation(randomKey(seed, "list: left out"), pods.count)) {
      if (asked <= target) break;
      left[row] = 1;
      asked -= asks(row);
    }
    return order.filter((row) => left[row] === 0);
  }
  const repeated: number[] = [];
  const key = randomKey(seed, "list: repeated");
  for (;;) {
    const row = uniformInt(key, repeated.length, 0, pods.count);
    asked += asks(row);
    if (asked > target) break;
    repeated.push(row);
  }
  const rows = new Int32Array(order.length + repeated.length);
  rows.set(order);
  rows.set(repeated, order.length);
  return rows;
}

/** Bound pods first, which stay where they are; then the pending ones, at time 0 in the order of the list. */
function pendingRows(pods: ListContent["pods"]): Drawn {
  const all = Array.from({ length: pods.count }, (_, row) => row);
  const bound = all.filter((row) => pods.boundTo[row] >= 0);
  const pending = all.filter((row) => pods.boundTo[row] < 0);
  return {
    rows: Int32Array.from([...bound, ...pending]),
    arrivalUs: new Float64Array(pods.count),
    runUs: new Float64Array(pods.count).fill(Number.POSITIVE_INFINITY),
    keepsPlace: true,
    horizonUs: pendingHorizonUs + pending.length * pendingPerPodUs,
  };
}

/** By recorded creation time, ties in the order of the list; the run ends when the record ends. */
function replayRows(pods: ListContent["pods"]): Drawn {
  const { createdUs, runUs } = pods;
  assert(createdUs !== undefined && runUs !== undefined, "a list without times is replayed");
  const rows = Int32Array.from({ length: pods.count }, (_, row) => row).sort(
    (a, b) => createdUs[a] - createdUs[b] || a - b,
  );
  let endUs = 0;
  for (const row of rows) {
    const created = createdUs[row];
    endUs = Math.max(endUs, created + (Number.isFinite(runUs[row]) ? runUs[row] : 0));
  }
  return {
    rows,
    arrivalUs: Float64Array.from(rows, (row) => createdUs[row]),
    runUs: Float64Array.from(rows, (row) => runUs[row]),
    keepsPlace: false,
    horizonUs: endUs + settleUs,
  };
}

/** How often each entry has come up to its place: 1 for the first time. */
function occurrences(rows: Int32Array, count: number): Int32Array {
  const seen = new Int32Array(count);
  return rows.map((row) => ++seen[row]);
}
