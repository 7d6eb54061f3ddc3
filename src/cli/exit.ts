/** What the exit codes mean; promised to scripts. */
export const ExitCode = {
  done: 0,
  /** The input is wrong, or the output cannot be written. */
  input: 2,
  /** An invariant was violated, or a trial failed or lost its worker. */
  failed: 3,
  /** Our own assertion. */
  assertion: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** A signal that stops the work in good order: what is finished is kept. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 or 143 once interrupted; 0 before. */
  readonly exitCode: number;
}

/** Listens for Ctrl-C and SIGTERM; the second one ends the process at once. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let exitCode = 0;
  for (const [name, code] of [
    ["SIGINT", ExitCode.interrupted],
    ["SIGTERM", ExitCode.terminated],
  ] as const) {
    process.on(name, () => {
      if (exitCode !== 0) process.exit(code);
      exitCode = code;
      process.stderr.write("\ninterrupted: writing what is finished; once more to stop at once\n");
      controller.abort();
    });
  }
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
  };
}
