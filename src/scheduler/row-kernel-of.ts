import type { Cycle, Plugin } from "./plugin.ts";
import type { RowKernel } from "./row-kernel.ts";

/** What a plugin gives in numbers of the members that it has, for it may have been taken to some points only; undefined: nothing. */
export function rowKernelOf({ kernel, filter, score }: Plugin, cycle: Cycle): RowKernel | undefined {
  if (kernel === undefined) return undefined;
  const { insteadOf } = kernel;
  if (filter !== undefined && filter !== insteadOf.filter) return undefined;
  if (score !== undefined && score !== insteadOf.score) return undefined;
  const numbers = kernel.of(cycle);
  if (numbers === undefined || (filter === insteadOf.filter && score === insteadOf.score)) return numbers;
  return {
    ...(filter && numbers.fit && { fit: numbers.fit }),
    ...(score && numbers.score && { score: numbers.score }),
  };
}
