import { labelValueProblem, parseInt64, qualifiedNameProblem } from "./label-syntax.ts";

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/**
 * What the API says against one requirement on labels, each text beginning with its place below `path`.
 * Source: apimachinery/pkg/labels/selector.go, `NewRequirement`.
 */
export function labelRequirementProblems(requirement: Requirement, path: string): string[] {
  const { key, operator, values = [] } = requirement;
  const at = (field: string): string => (path === "" ? field : `${path}.${field}`);
  const problems: string[] = [];
  const keyProblem = qualifiedNameProblem(key);
  if (keyProblem !== undefined) problems.push(`${at("key")}: Invalid value: ${quote(key)}: ${keyProblem}`);

  const invalidList = (reason: string): void => {
    problems.push(`${at("values")}: Invalid value: ${quoteList(values)}: ${reason}`);
  };
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) invalidList("for 'in', 'notin' operators, values set can't be empty");
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) invalidList("values set must be empty for exists and does not exist");
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) invalidList("for 'Gt', 'Lt' operators, exactly one value is required");
      values.forEach((value, index) => {
        if (parseInt64(value) !== undefined) return;
        const reason = "for 'Gt', 'Lt' operators, the value must be an integer";
        problems.push(`${at(`values[${index}]`)}: Invalid value: ${quote(value)}: ${reason}`);
      });
      break;
    default:
      problems.push(`${at("operator")}: Unsupported value: ${quote(operator)}`);
  }
  values.forEach((value, index) => {
    const problem = labelValueProblem(value);
    if (problem === undefined) return;
    problems.push(`${at(`values[${index}][${key}]`)}: Invalid value: ${quote(value)}: ${problem}`);
  });
  return problems;
}

/** A list of texts as the API prints it in a message. */
export function quoteList(values: readonly string[]): string {
  return `[${values.map(quote).join(",")}]`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
