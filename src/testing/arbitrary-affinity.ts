import fc from "fast-check";
import type { NodeAffinity } from "../kubernetes/affinity.ts";
import type {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PreferredSchedulingTerm,
} from "../kubernetes/node-selector.ts";
import { nodeName, rarely, sparse, weighted, ZONE } from "./arbitrary-parts.ts";

const values = fc.constantFrom("a", "b", "ssd", "hdd", "r1");
const numbers = fc.constantFrom("1", "5", "10");

/** Mostly well formed; now and then one that does not parse and so matches nothing. */
const expression: fc.Arbitrary<NodeSelectorRequirement> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      key: fc.constantFrom(ZONE, "disk", "rank"),
      operator: fc.constantFrom<NodeSelectorRequirement["operator"]>("In", "NotIn"),
      values: fc.array(values, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      key: fc.constantFrom(ZONE, "disk", "rank", "absent"),
      operator: fc.constantFrom<NodeSelectorRequirement["operator"]>("Exists", "DoesNotExist"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      key: fc.constantFrom("rank", "disk"),
      operator: fc.constantFrom<NodeSelectorRequirement["operator"]>("Gt", "Lt"),
      values: fc.array(numbers, { minLength: 1, maxLength: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<NodeSelectorRequirement>(
      { key: "rank", operator: "Gt", values: ["1.5"] },
      { key: "rank", operator: "Lt", values: ["1", "5"] },
      { key: "disk", operator: "In", values: [] },
      { key: "not a key", operator: "Exists" },
      { key: "disk", operator: "DoesNotExist", values: ["ssd"] },
    ),
  },
);

const names = fc.nat({ max: 9 }).map(nodeName);

const field: fc.Arbitrary<NodeSelectorRequirement> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      key: fc.constant("metadata.name"),
      operator: fc.constant<NodeSelectorRequirement["operator"]>("In"),
      values: names.map((name) => [name]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      key: fc.constant("metadata.name"),
      operator: fc.constant<NodeSelectorRequirement["operator"]>("NotIn"),
      values: names.map((name) => [name]),
    }),
  },
  // Two values do not parse, and still count for the reduction of the search.
  {
    weight: 1,
    arbitrary: fc.record({
      key: fc.constant("metadata.name"),
      operator: fc.constant<NodeSelectorRequirement["operator"]>("In"),
      values: fc.tuple(names, names).map((pair) => [...pair]),
    }),
  },
);

const term: fc.Arbitrary<NodeSelectorTerm> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) }),
  },
  { weight: 3, arbitrary: fc.record({ matchFields: fc.array(field, { minLength: 1, maxLength: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      matchExpressions: fc.array(expression, { maxLength: 1 }),
      matchFields: fc.array(field, { maxLength: 1 }),
    }),
  },
);

const preferredTerm: fc.Arbitrary<PreferredSchedulingTerm> = fc.record({
  weight: weighted([1, 0], [3, 1], [3, 7], [2, 100]),
  preference: term,
});

/** Required terms, preferred terms, or both. */
export const arbitraryNodeAffinity: fc.Arbitrary<NodeAffinity> = sparse<NodeAffinity>({
  requiredDuringSchedulingIgnoredDuringExecution: rarely(
    60,
    fc.record({
      nodeSelectorTerms: weighted([1, 0], [8, 1], [6, 2]).chain((n) =>
        fc.array(term, { minLength: n, maxLength: n }),
      ),
    }),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: rarely(60, fc.array(preferredTerm, { maxLength: 3 })),
});
