import type { Command } from "commander";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one machine-readable object on stdout and nothing else there")
    .option("--quiet", "no progress, and only the result")
    .option("--no-color", "no colours (NO_COLOR does the same)");
}

/** Whether to colour what goes to stdout. */
export function useColor(options: CommonOptions): boolean {
  return options.color && process.stdout.isTTY === true && !process.env["NO_COLOR"];
}

/** Words for people: to stdout, or to stderr when stdout carries JSON. */
export function say(options: CommonOptions, text: string): void {
  (options.json ? process.stderr : process.stdout).write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The command as typed, for provenance and for replaying it. */
export function typedCommand(): string {
  return ["stowage", ...process.argv.slice(2)]
    .map((word) => (/^[\w./:%+=@,-]+$/.test(word) ? word : `'${word}'`))
    .join(" ");
}
