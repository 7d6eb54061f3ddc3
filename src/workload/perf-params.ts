import { parse } from "yaml";
import { goDurationUs } from "./go-duration.ts";
import type { TemplateValue } from "./go-template-functions.ts";
import type { PerfCase, PerfWorkload } from "./perf-schema.ts";
import type { TemplateData } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";

/** A parameter that upstream's harness reads itself, without an operation. */
const DECLARED_FEATURES = "numNodeDeclaredFeatures";

/** What an operation asks of the parameters: `countParam: $initNodes`, `templateParams: {cpu: $cpu|100m}`. */
interface Use {
  readonly name: string;
  readonly optional: boolean;
}

/** Parameters that operations use and the workload lacks, and those that it has and none uses; both are errors upstream. */
export function paramProblems(
  testCase: PerfCase,
  workload: PerfWorkload,
): { readonly missing: readonly string[]; readonly unused: readonly string[] } {
  const uses = usesIn(testCase.workloadTemplate, "");
  const given = Object.keys(workload.params ?? {});
  const missing = uses
    .filter(({ name, optional }) => !optional && !given.includes(name))
    .map(({ name }) => name);
  const used = new Set(uses.map(({ name }) => name));
  return {
    missing: [...new Set(missing)],
    unused: given.filter((name) => !used.has(name) && name !== DECLARED_FEATURES),
  };
}

function usesIn(value: unknown, key: string): Use[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => usesIn(item, key));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([inner, part]) =>
      usesIn(part, key === "templateParams" ? "templateParams.Param" : inner),
    );
  }
  if (typeof value !== "string" || !value.startsWith("$") || !key.endsWith("Param")) return [];
  const bar = value.indexOf("|");
  return [{ name: bar === -1 ? value.slice(1) : value.slice(1, bar), optional: bar !== -1 }];
}

/** A number of objects as operations write it. */
interface Counted {
  readonly count?: number | undefined;
  readonly countParam?: string | undefined;
}

/** The workload's values, by the notation of operations. */
export class PerfParams {
  readonly #params: Readonly<Record<string, unknown>>;
  /** Counts are 1 at most: enough to tell whether a workload is supported. */
  readonly #dry: boolean;

  constructor(workload: PerfWorkload, dry: boolean) {
    this.#params = workload.params ?? {};
    this.#dry = dry;
  }

  /** How many objects an operation makes; `absent` when it does not say. */
  count({ count, countParam }: Counted, absent: number): number {
    const wanted = countParam === undefined ? (count ?? absent) : this.#number(countParam);
    return this.#dry ? Math.min(1, wanted) : wanted;
  }

  /** A factor of a count; 1 when absent. */
  multiplier(reference: string | undefined): number {
    return reference === undefined ? 1 : this.count({ countParam: reference }, 1);
  }

  /** Of how many pods in a row the label `signature` is the same; undefined when the operation does not say. */
  batchSize(literal: number | undefined, reference: string | undefined): number | undefined {
    return reference === undefined ? literal : this.#number(reference);
  }

  flag(literal: boolean | undefined, reference: string | undefined): boolean {
    return reference === undefined ? literal === true : this.#value(reference) === true;
  }

  /** In microseconds; 0 when absent. */
  duration(literal: string | undefined, reference: string | undefined): number {
    const written = reference === undefined ? (literal ?? "0") : this.#value(reference);
    const us = goDurationUs(written);
    if (us === undefined) throw new Unsupported(`duration ${JSON.stringify(written)}, which is none,`);
    return us;
  }

  /** How many features each node declares. */
  declaredFeatures(): number {
    return DECLARED_FEATURES in this.#params ? this.#number(DECLARED_FEATURES) : 0;
  }

  /** Values for a template: literal, `$name`, or `$name|default`, whose default is YAML. */
  template(entries: Readonly<Record<string, unknown>> | undefined): TemplateData {
    return Object.fromEntries(
      Object.entries(entries ?? {}).map(([key, entry]) => [key, this.#resolve(entry) as TemplateValue]),
    );
  }

  #resolve(entry: unknown): unknown {
    if (typeof entry !== "string" || !entry.startsWith("$")) return entry;
    const [name, ...byDefault] = entry.slice(1).split("|");
    if (name in this.#params || byDefault.length === 0) return this.#params[name];
    return parse(byDefault.join("|"));
  }

  #value(reference: string): unknown {
    return this.#params[reference.replace(/^\$/, "")];
  }

  #number(reference: string): number {
    const value = this.#value(reference);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
      throw new Unsupported(`count ${reference}, which is no whole number from 0,`);
    return value;
  }
}
