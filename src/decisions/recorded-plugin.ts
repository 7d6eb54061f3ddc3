import type { AskedPlugin } from "../reference/asked-plugin.ts";
import type { DecisionRecord, RecordedCase, RecordedStatus } from "./recorded-case.ts";

/** How a plugin stands in a recorded case. */
export interface RecordedStanding {
  readonly name: string;
  /** Whether it runs where it runs by default, so that what is not recorded of it can be told from what it did not do. */
  readonly inPlace: boolean;
}

/** Arguments of a plugin in the configuration of a case; nothing when there are none. @internal */
export function recordedArgs({ config }: RecordedCase, plugin: string): Readonly<Record<string, unknown>> {
  interface Configured {
    readonly name: string;
    readonly args?: Readonly<Record<string, unknown>>;
  }
  const profiles = (config["profiles"] ?? []) as readonly { readonly pluginConfig?: readonly Configured[] }[];
  const configured = profiles.flatMap(({ pluginConfig = [] }) => pluginConfig);
  return configured.find(({ name }) => name === plugin)?.args ?? {};
}

/** Whether the case leaves a plugin where it is by default. @internal */
export function standsInPlace({ config }: RecordedCase, plugin: string): boolean {
  const profiles = (config["profiles"] ?? []) as readonly { readonly plugins?: unknown }[];
  const moved = JSON.stringify(profiles.map(({ plugins }) => plugins ?? {}));
  return !moved.includes('"*"') && !moved.includes(`"${plugin}"`);
}

/** What one plugin says beside what was recorded of it, attempt after attempt. @internal */
export class RecordedComparison {
  readonly differences: string[] = [];
  /** Verdicts compared, by what they were. */
  rejections = 0;
  passes = 0;
  /** Answers on Skip, of Filter and of Score. */
  skips = 0;
  /** Scores of nodes, and how many of them were not 0. */
  scores = 0;
  scoresNotZero = 0;

  /** PreEnqueue: whether the plugin holds the pod back. */
  compareGate(said: RecordedStatus | undefined, name: string, record: DecisionRecord): void {
    const recorded = record.preEnqueue?.plugin === name ? record.preEnqueue : undefined;
    // Plugins behind one that gated the pod were not asked.
    if (record.outcome === "gated" && recorded === undefined) return;
    this.#same(`${record.pod} #${record.attempt} PreEnqueue`, bare(said), bare(recorded));
    if (recorded !== undefined) this.rejections++;
  }

  /** One attempt of a pod that was not gated, in a cluster with nodes. */
  compare(
    plugin: AskedPlugin,
    { name, inPlace }: RecordedStanding,
    record: DecisionRecord,
    nodes: readonly string[],
  ): void {
    const where = `${record.pod} #${record.attempt}`;
    const alone = verdictsAlone(record, { name, inPlace });
    const early = record.preFilter?.plugin === name ? record.preFilter : undefined;
    // Plugins behind one that ended PreFilter were not asked, but alone they were.
    if (alone !== undefined || record.preFilter === undefined || early !== undefined) {
      this.#same(`${where} PreFilter`, bare(plugin.rejected), bare(alone?.["*"] ?? early));
    }
    if (plugin.rejected === undefined) {
      for (const node of nodes) this.#compareVerdict(plugin, { name, inPlace }, record, node);
    } else {
      this.rejections++;
    }
    if (inPlace && record.preFilter === undefined && record.outcome !== "error") {
      this.skips++;
      const skipped = record.skippedFilter?.includes(name) === true;
      this.#same(`${where} skips Filter`, plugin.skipsFilter, skipped);
    }
    this.#compareScores(plugin, { name, inPlace }, record);
  }

  #compareVerdict(
    plugin: AskedPlugin,
    { name, inPlace }: RecordedStanding,
    record: DecisionRecord,
    node: string,
  ): void {
    const alone = verdictsAlone(record, { name, inPlace });
    const first = record.filter?.[node];
    const passed = inPlace && record.feasible?.includes(node) === true;
    // Without verdicts of the plugin alone there are those on nodes that came as far as this plugin.
    if (alone === undefined && first?.plugin !== name && !passed) return;
    const recorded = alone === undefined ? (passed ? undefined : first) : alone[node];
    for (const said of plugin.verdicts(node)) {
      this.#same(`${record.pod} #${record.attempt} ${node}`, bare(said), bare(recorded));
    }
    if (recorded === undefined) this.passes++;
    else this.rejections++;
  }

  #compareScores(plugin: AskedPlugin, { name, inPlace }: RecordedStanding, record: DecisionRecord): void {
    const { scores, feasible = [] } = record;
    if (scores === undefined) return;
    const where = `${record.pod} #${record.attempt}`;
    if (inPlace) {
      this.skips++;
      const skipped = record.skippedScore?.includes(name) === true;
      this.#same(`${where} skips Score`, plugin.skipsScore, skipped);
    }
    const recorded = scores[name];
    if (recorded === undefined) return;
    const said = plugin.scores(feasible);
    const raw = feasible.map((node) => recorded[node]?.raw);
    const normalized = feasible.map((node) => recorded[node]?.normalized);
    this.#same(`${where} scores`, said && [said.raw, said.normalized], [raw, normalized]);
    this.scores += feasible.length;
    this.scoresNotZero += raw.filter((score) => score !== 0).length;
  }

  #same(where: string, said: unknown, recorded: unknown): void {
    const [ours, theirs] = [JSON.stringify(said), JSON.stringify(recorded)];
    if (ours !== theirs) this.differences.push(`${where}: ${ours}, recorded ${theirs}`);
  }
}

/** By node, `*` for all: what the plugin was recorded to say when it ran alone. Of DynamicResources that was not recorded. */
function verdictsAlone(
  { filterPerPlugin }: DecisionRecord,
  { name, inPlace }: RecordedStanding,
): Readonly<Record<string, RecordedStatus>> | undefined {
  if (filterPerPlugin === undefined || name === "DynamicResources") return undefined;
  return filterPerPlugin[name] ?? (inPlace ? {} : undefined);
}

/** Errors alone are recorded without the words of the framework before them. */
function bare(status: RecordedStatus | undefined): unknown {
  return (
    status && [
      status.code,
      ...(status.reasons ?? []).map((reason) => reason.replace(/^running "\w+" filter plugin: /, "")),
    ]
  );
}
