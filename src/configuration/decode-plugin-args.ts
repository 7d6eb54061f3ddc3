import type { NodeAffinity, TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import {
  boolean,
  type Decoder,
  isRecord,
  listOf,
  oneOf,
  ownString,
  recordOf,
} from "../kubernetes/decoder.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../kubernetes/label-selector.ts";
import { labelSelectorOperators } from "../kubernetes/label-selector.ts";
import {
  type NodeSelector,
  type NodeSelectorRequirement,
  type NodeSelectorTerm,
  nodeSelectorOperators,
  type PreferredSchedulingTerm,
} from "../kubernetes/node-selector.ts";
import type { PluginArgs } from "../plugins/registry.ts";
import type { ShapePoint } from "../plugins/scoring/shape-table.ts";
import { duration, int32, strictObjectOf } from "./strict-decoder.ts";

export interface DecodedResource {
  readonly name?: string;
  readonly weight?: number;
}

export interface DecodedStrategy {
  readonly type?: string;
  readonly resources?: readonly DecodedResource[];
  readonly requestedToCapacityRatio?: { readonly shape?: readonly Partial<ShapePoint>[] };
}

export interface DecodedConstraint extends Omit<TopologySpreadConstraint, "whenUnsatisfiable"> {
  readonly whenUnsatisfiable?: string;
}

/** Args as they are written: nothing filled in, nothing checked but the shape. */
export interface DecodedArgs {
  readonly DefaultPreemption: {
    readonly minCandidateNodesPercentage?: number;
    readonly minCandidateNodesAbsolute?: number;
  };
  readonly DynamicResources: { readonly filterTimeout?: number; readonly bindingTimeout?: number };
  readonly InterPodAffinity: {
    readonly hardPodAffinityWeight?: number;
    readonly ignorePreferredTermsOfExistingPods?: boolean;
  };
  readonly NodeAffinity: { readonly addedAffinity?: NodeAffinity };
  readonly NodeResourcesBalancedAllocation: { readonly resources?: readonly DecodedResource[] };
  readonly NodeResourcesFit: {
    readonly ignoredResources?: readonly string[];
    readonly ignoredResourceGroups?: readonly string[];
    readonly scoringStrategy?: DecodedStrategy;
  };
  readonly PodTopologySpread: {
    readonly defaultConstraints?: readonly DecodedConstraint[];
    readonly defaultingType?: string;
  };
  readonly VolumeBinding: {
    readonly bindTimeoutSeconds?: number;
    readonly shape?: readonly Partial<ShapePoint>[];
  };
}

export type PluginWithArgs = keyof PluginArgs;

const strings = listOf(ownString);

const nodeRequirements = listOf(
  strictObjectOf<NodeSelectorRequirement>(
    { key: ownString, operator: oneOf("operator", nodeSelectorOperators), values: strings },
    ["key", "operator"],
  ),
);

const nodeTerm = strictObjectOf<NodeSelectorTerm>({
  matchExpressions: nodeRequirements,
  matchFields: nodeRequirements,
});

const addedAffinity = strictObjectOf<NodeAffinity>({
  requiredDuringSchedulingIgnoredDuringExecution: strictObjectOf<NodeSelector>(
    { nodeSelectorTerms: listOf(nodeTerm) },
    ["nodeSelectorTerms"],
  ),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    strictObjectOf<PreferredSchedulingTerm>({ weight: int32, preference: nodeTerm }),
  ),
});

const labelSelector = strictObjectOf<LabelSelector>({
  matchLabels: recordOf(ownString),
  matchExpressions: listOf(
    strictObjectOf<LabelSelectorRequirement>({
      key: ownString,
      operator: oneOf("operator", labelSelectorOperators),
      values: strings,
    }),
  ),
});

const resources = listOf(strictObjectOf<DecodedResource>({ name: ownString, weight: int32 }));
const shape = listOf(strictObjectOf<Partial<ShapePoint>>({ utilization: int32, score: int32 }));

const decoders: { readonly [K in PluginWithArgs]: Decoder<DecodedArgs[K]> } = {
  DefaultPreemption: strictObjectOf<DecodedArgs["DefaultPreemption"]>({
    minCandidateNodesPercentage: int32,
    minCandidateNodesAbsolute: int32,
  }),
  DynamicResources: strictObjectOf<DecodedArgs["DynamicResources"]>({
    filterTimeout: duration,
    bindingTimeout: duration,
  }),
  InterPodAffinity: strictObjectOf<DecodedArgs["InterPodAffinity"]>({
    hardPodAffinityWeight: int32,
    ignorePreferredTermsOfExistingPods: boolean,
  }),
  NodeAffinity: strictObjectOf<DecodedArgs["NodeAffinity"]>({ addedAffinity }),
  NodeResourcesBalancedAllocation: strictObjectOf<DecodedArgs["NodeResourcesBalancedAllocation"]>({
    resources,
  }),
  NodeResourcesFit: strictObjectOf<DecodedArgs["NodeResourcesFit"]>({
    ignoredResources: strings,
    ignoredResourceGroups: strings,
    scoringStrategy: strictObjectOf<DecodedStrategy>({
      type: ownString,
      resources,
      requestedToCapacityRatio: strictObjectOf<NonNullable<DecodedStrategy["requestedToCapacityRatio"]>>({
        shape,
      }),
    }),
  }),
  PodTopologySpread: strictObjectOf<DecodedArgs["PodTopologySpread"]>({
    defaultConstraints: listOf(
      strictObjectOf<DecodedConstraint>({
        maxSkew: int32,
        topologyKey: ownString,
        whenUnsatisfiable: ownString,
        labelSelector,
        minDomains: int32,
        nodeAffinityPolicy: oneOf("nodeAffinityPolicy", ["Honor", "Ignore"]),
        nodeTaintsPolicy: oneOf("nodeTaintsPolicy", ["Honor", "Ignore"]),
        matchLabelKeys: strings,
      }),
    ),
    defaultingType: ownString,
  }),
  VolumeBinding: strictObjectOf<DecodedArgs["VolumeBinding"]>({ bindTimeoutSeconds: int32, shape }),
};

/** Whether a plugin has args, by its name. */
export function hasArgs(name: string): name is PluginWithArgs {
  return Object.hasOwn(decoders, name);
}

/** The args of one plugin; their apiVersion and kind, which may be left out, must be those of the plugin. */
export function decodeArgs<K extends PluginWithArgs>(name: K): Decoder<DecodedArgs[K]> {
  const decode = decoders[name];
  return (value, decoding) => {
    if (!isRecord(value)) return decode(value, decoding);
    const { apiVersion = API_VERSION, kind = `${name}Args`, ...fields } = value;
    if (apiVersion !== API_VERSION || kind !== `${name}Args`) {
      return decoding.fail(
        `invalid args: ${JSON.stringify({ apiVersion, kind })}, has to match plugin args; ` +
          `write kind ${name}Args of ${API_VERSION}, or leave both out`,
      );
    }
    return decode(fields, decoding);
  };
}

export const API_VERSION = "kubescheduler.config.k8s.io/v1";
