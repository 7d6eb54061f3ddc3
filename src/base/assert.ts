/** Our own fault: the process stops with exit code 70. Never used for bad input. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(`assert: ${message}`);
}
