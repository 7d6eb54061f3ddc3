import { type Problem, UserError } from "../base/errors.ts";
import { type FeatureGates, gateLookup } from "./feature-gates.ts";

/** What Go's strconv.ParseBool takes. */
const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False"];

/**
 * Feature gates as kube-scheduler's flag has them: `A=true,B=false`; of a gate that stands twice the last counts.
 * @throws UserError with every pair that is none, every gate that is unknown, and every one that is locked
 */
export function parseFeatureGates(text: string): FeatureGates {
  const problems: Problem[] = [];
  const gates: Record<string, boolean> = {};
  for (const pair of text.split(",").map((part) => part.trim())) {
    if (pair === "") continue;
    const [gate = "", value, ...rest] = pair.split("=").map((part) => part.trim());
    const known = value !== undefined && rest.length === 0 && [...TRUE, ...FALSE].includes(value);
    if (gate === "" || !known) {
      problems.push({
        where: "",
        what: `invalid feature gate: ${JSON.stringify(pair)}; write NAME=true or NAME=false`,
      });
    } else gates[gate] = TRUE.includes(value);
  }
  try {
    gateLookup(gates);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0)
    throw new UserError(problems.map(({ what }) => ({ where: "--feature-gates", what })));
  return gates;
}
