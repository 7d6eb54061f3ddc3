import type { NodeSelectorRequirement, NodeSelectorTerm } from "../kubernetes/node-selector.ts";
import type { ReferenceNode } from "./reference-plugin.ts";

/** Whether one term matches a node: nothing for an empty term and for one that does not parse. */
export function termMatches(term: NodeSelectorTerm, node: ReferenceNode): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  if (!expressions.every(parses) || !fields.every(fieldParses)) return false;
  for (const expression of expressions) if (!expressionMatches(expression, node)) return false;
  for (const field of fields) {
    const same = field.values?.[0] === node.name;
    if (field.operator === "In" ? !same : same) return false;
  }
  return true;
}

function expressionMatches(
  { key, operator, values = [] }: NodeSelectorRequirement,
  node: ReferenceNode,
): boolean {
  const value = node.object.metadata?.labels?.[key];
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  if (operator === "In") return value !== undefined && values.includes(value);
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  if (value === undefined || !isInt64(value)) return false;
  const left = BigInt(value.replace("+", ""));
  const right = BigInt(values[0].replace("+", ""));
  return operator === "Gt" ? left > right : left < right;
}

function parses({ key, operator, values = [] }: NodeSelectorRequirement): boolean {
  if (!isQualifiedName(key) || !values.every(isLabelValue)) return false;
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0;
    case "Exists":
    case "DoesNotExist":
      return values.length === 0;
    case "Gt":
    case "Lt":
      return values.length === 1 && isInt64(values[0]);
    default:
      return false;
  }
}

function fieldParses({ key, operator, values = [] }: NodeSelectorRequirement): boolean {
  return key === "metadata.name" && (operator === "In" || operator === "NotIn") && values.length === 1;
}

function isInt64(text: string): boolean {
  return (
    /^[+-]?[0-9]+$/.test(text) &&
    BigInt.asIntN(64, BigInt(text.replace("+", ""))) === BigInt(text.replace("+", ""))
  );
}

function isLabelValue(text: string): boolean {
  return text === "" || (text.length <= 63 && isName(text));
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  const prefix = slash === -1 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > 253 || !prefix.split(".").every(isDnsLabel))) return false;
  return name.length <= 63 && isName(name);
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9]$/.test(text) || /^[A-Za-z0-9][-A-Za-z0-9_.]*[A-Za-z0-9]$/.test(text);
}

function isDnsLabel(text: string): boolean {
  return /^[a-z0-9]$/.test(text) || /^[a-z0-9][-a-z0-9]*[a-z0-9]$/.test(text);
}
