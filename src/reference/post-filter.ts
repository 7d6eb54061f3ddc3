import { preempt, type Rejected } from "./preemption.ts";
import type { ReferencePolicy } from "./reference-policy.ts";
import type { ReferenceRecord } from "./reference-record.ts";
import type { PreFiltered } from "./search.ts";

const UPSTREAM_PREEMPTION = { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 };

/** What plugins do about a pod that no node takes, and what that adds to the message. */
export function postFilter(
  failed: ReferenceRecord,
  { postFilter: names = [], preemption: args }: ReferencePolicy,
  { asked }: PreFiltered,
  rejected: Rejected,
): ReferenceRecord {
  let record = failed;
  for (const name of names) {
    if (name === "DynamicResources" && !asked.includes(name)) {
      // Its PreFilter was not reached, so that it finds nothing of this cycle; that is an error, and the end.
      return { ...record, message: `${failed.message} not found`, postFilterMessage: "not found" };
    }
    if (name !== "DefaultPreemption") continue;
    const preemption = preempt(rejected, args ?? UPSTREAM_PREEMPTION);
    const { message, chosen, error = false } = preemption;
    record = { ...failed, message: `${failed.message} ${message}`, postFilterMessage: message, preemption };
    if (chosen !== undefined || error) return record;
  }
  return record;
}
