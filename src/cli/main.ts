#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { AssertionError } from "../base/assert.ts";
import { InvariantViolation, LimitReached, UserError } from "../base/errors.ts";
import { stowageVersion } from "../experiment/version.ts";
import { ExitCode } from "./exit.ts";

/** Each command is loaded when it is asked for: starting up is part of the answer. */
async function program(): Promise<Command> {
  const root = new Command("stowage")
    .description("Benchmarks and compares Kubernetes scheduling policies without a cluster.")
    .version(stowageVersion())
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      "\nExamples:\n  stowage compare workloads/openb.yaml --policies default,best-fit\n  stowage list policies",
    );
  const [
    { compareCommand },
    { runCommand },
    { benchCommand },
    { listCommand },
    { reportCommand },
    { verifyCommand },
    { explainCommand },
  ] = await Promise.all([
    import("./compare.ts"),
    import("./run.ts"),
    import("./bench.ts"),
    import("./list.ts"),
    import("./report.ts"),
    import("./verify.ts"),
    import("./explain.ts"),
  ]);
  for (const command of [
    compareCommand(),
    runCommand(),
    benchCommand(),
    reportCommand(),
    verifyCommand(),
    explainCommand(),
    listCommand(),
  ]) {
    root.addCommand(command.exitOverride().showSuggestionAfterError());
  }
  return root;
}

/** What went wrong, in words for the user, and the promised exit code. */
function failure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.input;
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n`);
    return ExitCode.input;
  }
  if (error instanceof InvariantViolation || error instanceof LimitReached) {
    process.stderr.write(`${error.message}\n`);
    return ExitCode.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${text}\nThis is a mistake in stowage${error instanceof AssertionError ? "" : ", not in your input"}.\n`,
  );
  return ExitCode.assertion;
}

// A reader that closes the pipe early (head, less) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(ExitCode.done);
  throw error;
});

try {
  await (await program()).parseAsync(process.argv);
} catch (error) {
  process.exitCode = failure(error);
}
