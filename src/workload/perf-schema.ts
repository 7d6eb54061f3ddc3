import { z } from "zod";
import { count, fields, list, text, wrong } from "./spec-fields.ts";

const gates = z.record(
  z.string(),
  z.boolean({ error: (issue) => wrong("feature gate", issue.input, "write true or false") }),
);
const anything = z.unknown();
const params = z.record(z.string(), anything);
const flag = z.boolean({ error: (issue) => wrong("flag", issue.input, "write true or false") }).optional();
const param = text.optional();
const path = text.optional();
const operation = z.looseObject({ opcode: text });

/** A `performance-config.yaml` of Kubernetes v1.37: test/integration/scheduler_perf/scheduler_perf.go, `testCase`. */
export const perfFile = list(
  fields({
    name: text,
    featureGates: gates.optional(),
    metricsCollectorConfig: anything.optional(),
    workloadTemplate: list(operation, 1, "workloadTemplate"),
    workloads: list(
      fields({
        name: text,
        labels: list(text).optional(),
        params: params.optional(),
        threshold: anything.optional(),
        thresholdMetricSelector: anything.optional(),
        featureGates: gates.optional(),
      }),
      1,
      "workloads",
    ),
    schedulerConfigPath: path,
    defaultPodTemplatePath: path,
    labels: list(text).optional(),
    defaultThresholdMetricSelector: anything.optional(),
  }),
  1,
  "test cases",
);

export type PerfCase = z.output<typeof perfFile>[number];
export type PerfWorkload = PerfCase["workloads"][number];

const counts = { count: count(0).optional(), countParam: param };
const templateParams = params.optional();

const createPods = fields({
  opcode: z.literal("createPods"),
  ...counts,
  countMultiplierParam: param,
  namespace: text.optional(),
  podTemplatePath: path,
  collectMetrics: flag,
  skipWaitToCompletion: flag,
  persistentVolumeTemplatePath: path,
  persistentVolumeClaimTemplatePath: path,
  steadyState: flag,
  steadyStateParam: param,
  duration: text.optional(),
  durationParam: param,
  templateParams,
  signatureBatchSize: count(1).optional(),
  signatureBatchSizeParam: param,
});

/** The operations that are read; each is decoded strictly, as upstream does. */
export const perfOperations = {
  createNodes: fields({
    opcode: z.literal("createNodes"),
    ...counts,
    nodeTemplatePath: path,
    templateParams,
    nodeAllocatableStrategy: anything.optional(),
    labelNodePrepareStrategy: fields({
      labelKey: text,
      labelValues: list(text, 1, "labelValues"),
    }).optional(),
    uniqueNodeLabelStrategy: fields({ labelKey: text }).optional(),
  }),
  createNamespaces: fields({
    opcode: z.literal("createNamespaces"),
    prefix: text,
    ...counts,
    namespaceTemplatePath: path,
  }),
  createPods,
  createPodSets: fields({
    opcode: z.literal("createPodSets"),
    ...counts,
    namespacePrefix: text,
    createPodsOp: createPods,
  }),
  churn: fields({
    opcode: z.literal("churn"),
    mode: z.enum(["create", "recreate"], {
      error: (issue) => wrong("mode", issue.input, "write create or recreate"),
    }),
    number: count(0).optional(),
    intervalMilliseconds: count(1).optional(),
    namespace: text.optional(),
    templatePaths: list(text, 1, "templatePaths"),
  }),
  barrier: fields({
    opcode: z.literal("barrier"),
    namespaces: list(text).optional(),
    labelSelector: anything.optional(),
    stageRequirement: z
      .enum(["Scheduled", "Attempted"], {
        error: (issue) => wrong("stage", issue.input, "write Scheduled or Attempted"),
      })
      .optional(),
  }),
};

export type PerfOperation = {
  [K in keyof typeof perfOperations]: z.output<(typeof perfOperations)[K]>;
}[keyof typeof perfOperations];
export type CreateNodes = z.output<typeof perfOperations.createNodes>;
export type CreatePods = z.output<typeof createPods>;
export type ChurnOperation = z.output<typeof perfOperations.churn>;
export type Barrier = z.output<typeof perfOperations.barrier>;

/** Operations of Kubernetes v1.37 that are not read yet. */
export const otherOpcodes = [
  "deletePods",
  "createAny",
  "updateAny",
  "sleep",
  "createResourceClaims",
  "allocResourceClaims",
  "createPodGroups",
  "startCollectingMetrics",
  "stopCollectingMetrics",
  "startCollectingProfile",
  "stopCollectingProfile",
] as const;
