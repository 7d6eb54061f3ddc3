import { z } from "zod";
import { goDurationUs } from "./go-duration.ts";
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
const labelSelector = z
  .record(z.string(), text, {
    error: (issue) => wrong("labelSelector", issue.input, "write labels with values"),
  })
  .optional();
const goDuration = text.refine((written) => goDurationUs(written) !== undefined, {
  error: (issue) => wrong("duration", issue.input, "write 10s, 1m30s or 250ms"),
});

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
  duration: goDuration.optional(),
  durationParam: param,
  templateParams,
  signatureBatchSize: count(1).optional(),
  signatureBatchSizeParam: param,
});

/** The operations of Kubernetes v1.37; each is decoded strictly, as upstream does. Source: operations.go, dra.go, create*.go, update.go. */
export const perfOperations = {
  createNodes: fields({
    opcode: z.literal("createNodes"),
    ...counts,
    nodeTemplatePath: path,
    templateParams,
    nodeAllocatableStrategy: fields({
      nodeAllocatable: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      csiNodeAllocatable: z.record(z.string(), z.object({ count: count(0).optional() })).optional(),
      migratedPlugins: list(text).optional(),
    }).optional(),
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
  deletePods: fields({
    opcode: z.literal("deletePods"),
    namespace: text,
    labelSelector,
    deletePodsPerSecond: count(0).optional(),
    skipWaitToCompletion: flag,
  }),
  createAny: fields({
    opcode: z.literal("createAny"),
    ...counts,
    namespace: text.optional(),
    templatePath: text,
    templateParams,
  }),
  updateAny: fields({
    opcode: z.literal("updateAny"),
    ...counts,
    namespace: text.optional(),
    templatePath: text,
    updatePerSecond: count(0).optional(),
    subresources: list(text).optional(),
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
    labelSelector,
    stageRequirement: z
      .enum(["Scheduled", "Attempted"], {
        error: (issue) => wrong("stage", issue.input, "write Scheduled or Attempted"),
      })
      .optional(),
  }),
  sleep: fields({ opcode: z.literal("sleep"), duration: goDuration.optional(), durationParam: param }),
  createResourceClaims: fields({
    opcode: z.literal("createResourceClaims"),
    ...counts,
    namespace: text,
    templatePath: text,
  }),
  allocResourceClaims: fields({ opcode: z.literal("allocResourceClaims"), namespace: text.optional() }),
  createPodGroups: fields({
    opcode: z.literal("createPodGroups"),
    ...counts,
    namespace: text,
    templatePath: text,
    templateParams,
  }),
  startCollectingMetrics: fields({
    opcode: z.literal("startCollectingMetrics"),
    name: text.optional(),
    namespaces: list(text, 1, "namespaces"),
    labelSelector,
  }),
  stopCollectingMetrics: fields({ opcode: z.literal("stopCollectingMetrics") }),
  startCollectingProfile: fields({
    opcode: z.literal("startCollectingProfile"),
    type: text.optional(),
    filePath: text,
  }),
  stopCollectingProfile: fields({ opcode: z.literal("stopCollectingProfile"), type: text.optional() }),
};

export type PerfOperations = { [K in keyof typeof perfOperations]: z.output<(typeof perfOperations)[K]> };
export type PerfOperation = PerfOperations[keyof PerfOperations];
export type CreatePods = PerfOperations["createPods"];
