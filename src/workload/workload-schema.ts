import { z } from "zod";
import { unknown } from "../base/nearest.ts";
import { MAX_DEVICES_PER_NODE, WHOLE_DEVICE } from "../cluster/device.ts";
import { distributionOf } from "./distribution-schema.ts";
import {
  count,
  duration,
  fields,
  label,
  list,
  positive,
  quantity,
  share,
  text,
  wordOf,
  wrong,
} from "./spec-fields.ts";

/** A fragment of a Kubernetes object: checked by the reader of Kubernetes objects, not here. */
const fragment = z.record(z.string(), z.unknown(), {
  error: (issue) => wrong("mapping", issue.input, "write keys with values"),
});
const fragments = list(fragment);

const strings = z.record(z.string(), text, {
  error: (issue) => wrong("mapping", issue.input, "write keys with values"),
});

function word<const Words extends readonly [string, ...string[]]>(noun: string, words: Words) {
  return z.enum(words, {
    error: (issue) => (issue.input === undefined ? undefined : unknown(noun, wordOf(issue.input), words)),
  });
}

const resources = z
  .record(z.string(), quantity, { error: (issue) => wrong("mapping", issue.input, "write cpu: 4") })
  .describe("Amounts by resource name.");

const nodePool = fields({
  name: label.describe("Names of nodes begin with it."),
  count: count(0).describe("Nodes at the start."),
  shape: resources.describe("What each node offers: cpu, memory, pods (110 unless given), others."),
  labels: strings.optional(),
  taints: fragments.optional().describe("Kubernetes taints: key, value, effect."),
  zones: list(text, 1, "zones")
    .optional()
    .describe("Dealt to the nodes in turn as label topology.kubernetes.io/zone."),
  gpus: fields({
    model: text,
    count: count(1).max(MAX_DEVICES_PER_NODE, {
      error: (issue) => wrong("count", issue.input, `at most ${MAX_DEVICES_PER_NODE} on a node`),
    }),
  })
    .optional()
    .describe("Devices that pods take whole or in shares."),
});

const size = distributionOf(quantity, "quantity");
const runTime = distributionOf(duration, "duration").describe("How long a pod runs once started.");

const podTemplate = fields({
  name: label,
  namespace: label.optional(),
  labels: strings.optional(),
  requests: z
    .record(z.string(), size, { error: (issue) => wrong("mapping", issue.input, "write cpu: 250m") })
    .optional()
    .describe(
      "A quantity or a distribution for each resource; the grid is cpu 50m, memory 64Mi, others 1 unless given.",
    ),
  priority: z.int({ error: (issue) => wrong("priority", issue.input, "write a whole number") }).optional(),
  nodeSelector: fragment.optional(),
  affinity: fragment.optional(),
  tolerations: fragments.optional(),
  topologySpreadConstraints: fragments.optional(),
  spec: fragment.optional().describe("Any further part of a Kubernetes PodSpec."),
  gpu: fields({
    count: count(1).optional().describe("1 unless given."),
    share: count(1, "share")
      .max(WHOLE_DEVICE, {
        error: (issue) => wrong("share", issue.input, `at most ${WHOLE_DEVICE}, a whole GPU`),
      })
      .optional()
      .describe("Thousandths of one GPU; 1000, the whole, unless given. Less only with count 1."),
    models: list(text, 1, "models").optional().describe("Any model unless given."),
  }).optional(),
  runTime: runTime.optional().describe("Until the horizon unless given here or by the stream."),
});

const rate = positive("rate");
const process = z.discriminatedUnion(
  "kind",
  [
    fields({ kind: z.literal("fixed"), ratePerSecond: rate }),
    fields({ kind: z.literal("poisson"), ratePerSecond: rate }),
    fields({
      kind: z.literal("bursty"),
      burstsPerSecond: rate,
      burstSize: distributionOf(positive("number of pods"), "number of pods"),
      spacing: duration.optional().describe("Between the pods of a burst; 0s unless given."),
    }),
    fields({
      kind: z.literal("diurnal"),
      ratePerSecond: rate.describe("The mean over a period."),
      amplitude: positive("amplitude", "or zero")
        .max(1, { error: (issue) => wrong("amplitude", issue.input, "write a number from 0 to 1") })
        .describe("The rate swings between mean * (1 - amplitude) and mean * (1 + amplitude)."),
      period: duration.optional().describe("24h unless given."),
      peakAt: duration.optional().describe("When the rate is greatest; 0s unless given."),
    }),
    fields({
      kind: z.literal("replay"),
      at: list(duration, 1, "times").describe("Counted from the stream's begin."),
    }),
  ],
  {
    error: ({ input }) => {
      const kinds = ["fixed", "poisson", "bursty", "diurnal", "replay"];
      if (typeof input !== "object" || input === null)
        return wrong("process", input, "write kind and its parameters");
      const kind: unknown = "kind" in input ? input.kind : undefined;
      return kind === undefined
        ? `missing field: kind; one of ${kinds.join(", ")}`
        : unknown("process", wordOf(kind), kinds);
    },
  },
);

const stream = fields({
  name: label.describe("Names of pods begin with it; the key of the stream's draws."),
  templates: z
    .record(z.string(), positive("weight"), {
      error: (issue) => wrong("mapping", issue.input, "write web: 3"),
    })
    .describe("Pod templates by name, each with its weight."),
  process,
  from: duration.optional().describe("0s unless given."),
  until: duration.optional().describe("The horizon unless given."),
  count: count(1).optional().describe("At most this many pods."),
  runTime: runTime.optional().describe("The template's unless given."),
});

const nodeEvent = fields({
  at: duration,
  action: word("action", ["join", "cordon", "uncordon", "lose"]),
  pool: text,
  count: count(1).optional(),
  share: share.optional().describe("Of the pool's size at the start, rounded up."),
});

const cost = positive("cost", "or zero").optional();

/** How a workload file is written; `readSpec` checks what a schema cannot say. */
export const workloadSchema = fields({
  apiVersion: z.literal("stowage/v1", {
    error: (issue) => wrong("apiVersion", issue.input, "this version reads stowage/v1"),
  }),
  kind: z.literal("Workload", { error: (issue) => wrong("kind", issue.input, "write Workload") }),
  metadata: fields({ name: label }),
  description: text.optional().describe("One sentence for the head of a report."),
  trace: fields({
    files: list(text, 1, "files").describe("Paths relative to this file: a trace, manifests, or a snapshot."),
    as: text.optional().describe("fill, fill:130%, pending, repack or replay."),
  })
    .optional()
    .describe("Pods and nodes from files; in place of nodePools, podTemplates and arrivals."),
  nodePools: list(nodePool, 1, "nodePools").optional(),
  podTemplates: list(podTemplate, 1, "podTemplates").optional(),
  arrivals: list(stream, 1, "arrivals").optional(),
  events: list(nodeEvent).optional().describe("What happens to nodes; which ones is drawn from the seed."),
  horizon: duration.optional().describe("The run stops here."),
  primaryMeasures: list(text, 1, "primaryMeasures")
    .max(3, {
      error: () => "invalid primaryMeasures: more than 3; each further one weakens the verdict on the others",
    })
    .optional()
    .describe("Only these get verdicts."),
  seedMeans: text.optional().describe("What a seed stands for, said beside each verdict."),
  notModelled: list(text).optional().describe("What this workload cannot show."),
  costs: fields({ attemptUs: cost, nodeUs: cost, bindUs: cost, startUs: cost, nodeLossUs: cost })
    .optional()
    .describe("Simulated costs in microseconds."),
});

export type WorkloadFile = z.output<typeof workloadSchema>;
