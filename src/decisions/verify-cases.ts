import type { Profile } from "../scheduler/profile.ts";
import type { QueueScript } from "./queue-script.ts";
import { type QueueScriptDifference, queueScriptDifferences } from "./queue-script-differences.ts";
import { replayQueueScript } from "./queue-script-replay.ts";
import type { RecordedCase } from "./recorded-case.ts";
import { replayWithReference } from "./reference-replay.ts";
import { type ReplayedAttempt, replayCase } from "./replay-case.ts";

/** How a family did. */
export interface FamilyResult {
  readonly family: string;
  readonly cases: number;
  /** Scheduling attempts; steps of queue scripts. */
  readonly attempts: number;
  /** Attempts with a difference, and all their differences. */
  readonly differing: number;
  readonly differences: number;
  /** By field of the record. */
  readonly byField: Readonly<Record<string, number>>;
  /** The first few differences: `case, pod, attempt: what`. */
  readonly first: readonly string[];
  readonly verdict: Verdict;
}

type Verdict = "equal" | "differs";

export interface VerifyOptions {
  /** The profile of a case, from its configuration and gates. */
  readonly profileOf: (recorded: RecordedCase) => Profile;
  /**
   * Who decides: the scheduling cycle with its index (the default) or by full scans, beside its plain derivation; or the reference,
   * which shares no plugin with them. Scripts of the queue ask none of them.
   */
  readonly algorithm?: "index" | "scan" | "reference" | undefined;
  /** Stop at the first attempt with a difference. */
  readonly failFast?: boolean | undefined;
  /** Given every case and script replayed, in order, with our own records as `actual` in the place of `expected`. */
  readonly onActual?: ((line: Readonly<Record<string, unknown>>) => void) | undefined;
}

const FIRST_DIFFERENCES = 5;

/** Collects how families do, case by case. */
export class Verification {
  readonly #options: VerifyOptions;
  readonly #families = new Map<string, FamilyTally>();
  #stopped = false;

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  /** Whether a difference has ended it (failFast). */
  get stopped(): boolean {
    return this.#stopped;
  }

  get families(): FamilyResult[] {
    return [...this.#families].map(([family, tally]) => tally.result(family));
  }

  /** Replays one case; after `stopped` it does nothing. */
  add(recorded: RecordedCase): void {
    if (this.#stopped) return;
    const tally = this.#tally(recorded.family);
    tally.cases++;
    const attempts: ReplayedAttempt[] = [];
    for (const attempt of this.#replay(recorded)) {
      attempts.push(attempt);
      tally.add(recorded.id, attempt);
      if (this.#options.failFast === true && attempt.differences.length > 0) {
        this.#stopped = true;
        break;
      }
    }
    const { expected: _expected, ...rest } = recorded;
    this.#options.onActual?.({ ...rest, actual: attempts.map(({ record }) => record) });
  }

  #replay(recorded: RecordedCase): Iterable<ReplayedAttempt> {
    const { algorithm, profileOf } = this.#options;
    return algorithm === "reference"
      ? replayWithReference(recorded)
      : replayCase(recorded, profileOf(recorded), algorithm);
  }

  /** Replays one script of the queue, step by step; after `stopped` it does nothing. */
  addScript(script: QueueScript): void {
    if (this.#stopped) return;
    const differences = queueScriptDifferences(script);
    this.#tally(`queue/${script.family}`).addScript(script, differences);
    this.#stopped = this.#options.failFast === true && differences.length > 0;
    const { expected: _expected, ...rest } = script;
    // Replayed once more only when somebody wants to see it.
    if (this.#options.onActual) this.#options.onActual({ ...rest, actual: replayQueueScript(script) });
  }

  #tally(family: string): FamilyTally {
    const tally = this.#families.get(family) ?? new FamilyTally();
    this.#families.set(family, tally);
    return tally;
  }
}

class FamilyTally {
  cases = 0;
  #attempts = 0;
  #differing = 0;
  #differences = 0;
  readonly #byField = new Map<string, number>();
  readonly #first: string[] = [];

  add(id: string, { pod, attempt, differences }: ReplayedAttempt): void {
    this.#attempts++;
    if (differences.length > 0) this.#differing++;
    this.#differences += differences.length;
    for (const { field } of differences) increase(this.#byField, field);
    for (const { text } of differences.slice(0, FIRST_DIFFERENCES - this.#first.length)) {
      this.#first.push(`${id}, ${pod}, attempt ${attempt}: ${text}`);
    }
  }

  addScript({ id, steps }: QueueScript, differences: readonly QueueScriptDifference[]): void {
    this.cases++;
    this.#attempts += steps.length;
    this.#differing += new Set(differences.map(({ step }) => step)).size;
    this.#differences += differences.length;
    for (const { member } of differences) increase(this.#byField, member);
    for (const { step, member, expected, actual } of differences.slice(
      0,
      FIRST_DIFFERENCES - this.#first.length,
    )) {
      const words = `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
      this.#first.push(`${id}, step ${step} (${steps[step].op}): ${member}: ${words}`);
    }
  }

  result(family: string): FamilyResult {
    return {
      family,
      cases: this.cases,
      attempts: this.#attempts,
      differing: this.#differing,
      differences: this.#differences,
      byField: Object.fromEntries(this.#byField),
      first: this.#first,
      verdict: this.#differences > 0 ? "differs" : "equal",
    };
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
