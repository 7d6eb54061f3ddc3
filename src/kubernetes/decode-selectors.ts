import { decodeStringRecord } from "./decode-meta.ts";
import { integer, listOf, objectOf, oneOf, quantity, recordOf, shared, sharedString } from "./decoder.ts";
import {
  type LabelSelector,
  type LabelSelectorRequirement,
  labelSelectorOperators,
} from "./label-selector.ts";
import {
  type NodeSelector,
  type NodeSelectorRequirement,
  type NodeSelectorTerm,
  nodeSelectorOperators,
} from "./node-selector.ts";
import { type Taint, taintEffects } from "./taint.ts";
import { type Toleration, tolerationOperators } from "./toleration.ts";

export const decodeStrings = listOf(sharedString);

export const decodeAmounts = shared(recordOf(quantity));

export const decodeLabelSelector = objectOf<LabelSelector>({
  matchLabels: decodeStringRecord,
  matchExpressions: listOf(
    objectOf<LabelSelectorRequirement>(
      { key: sharedString, operator: oneOf("operator", labelSelectorOperators), values: decodeStrings },
      ["key", "operator"],
    ),
  ),
});

const decodeNodeSelectorRequirements = listOf(
  objectOf<NodeSelectorRequirement>(
    { key: sharedString, operator: oneOf("operator", nodeSelectorOperators), values: decodeStrings },
    ["key", "operator"],
  ),
);

export const decodeNodeSelectorTerm = objectOf<NodeSelectorTerm>({
  matchExpressions: decodeNodeSelectorRequirements,
  matchFields: decodeNodeSelectorRequirements,
});

export const decodeNodeSelector = objectOf<NodeSelector>({
  nodeSelectorTerms: listOf(decodeNodeSelectorTerm),
});

export const decodeTaint = objectOf<Taint>(
  { key: sharedString, value: sharedString, effect: oneOf("effect", taintEffects) },
  ["key", "effect"],
);

export const decodeToleration = objectOf<Toleration>({
  key: sharedString,
  operator: oneOf("operator", tolerationOperators, ""),
  value: sharedString,
  effect: oneOf("effect", taintEffects, ""),
  tolerationSeconds: integer,
});
