import type { PerfCase, PerfWorkload } from "./perf-schema.ts";

/** A parameter that upstream's harness reads itself, without an operation. */
const harnessParams = new Set(["numNodeDeclaredFeatures"]);

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
    unused: given.filter((name) => !used.has(name) && !harnessParams.has(name)),
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

/** The workload's values, by the notation of operations. */
export class PerfParams {
  readonly #params: Readonly<Record<string, unknown>>;

  constructor(workload: PerfWorkload) {
    this.#params = workload.params ?? {};
  }

  /** `count`, or the value of `countParam`; undefined when neither is there. NaN when the value is no number. */
  number(literal: number | undefined, reference: string | undefined): number | undefined {
    if (reference === undefined) return literal;
    const value = this.#params[reference.replace(/^\$/, "")];
    return typeof value === "number" ? value : Number.NaN;
  }

  flag(literal: boolean | undefined, reference: string | undefined): boolean {
    return reference === undefined ? literal === true : this.#params[reference.replace(/^\$/, "")] === true;
  }

  /** Values for a template: literal, `$name`, or `$name|default`. */
  template(
    entries: Readonly<Record<string, unknown>> | undefined,
  ): Record<string, string | number | boolean | undefined> {
    return Object.fromEntries(
      Object.entries(entries ?? {}).map(([key, entry]) => [key, scalar(this.#resolve(entry))]),
    );
  }

  #resolve(entry: unknown): unknown {
    if (typeof entry !== "string" || !entry.startsWith("$")) return entry;
    const [name = "", ...byDefault] = entry.slice(1).split("|");
    const value = this.#params[name];
    if (value !== undefined || byDefault.length === 0) return value;
    const text = byDefault.join("|");
    return text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
  }
}

function scalar(value: unknown): string | number | boolean | undefined {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
