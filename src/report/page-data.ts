/** What the page's charts are drawn from: figures of the report model, by reference to policies to keep it small. */
export interface PageData {
  readonly policies: readonly PagePolicy[];
  readonly workloads: readonly PageWorkload[];
}

export interface PagePolicy {
  readonly name: string;
  /** Its colour and marker in every chart: 0 for the baseline. */
  readonly style: number;
}

export interface PageWorkload {
  /** One panel per primary measure: differences from the baseline. */
  readonly forest: readonly Panel[];
  /** One panel per percentile of the waiting time: levels. */
  readonly waiting: readonly Panel[];
  readonly series: readonly PageSeries[];
  readonly heat: readonly PageHeat[];
  readonly nodeNames: readonly string[];
}

export interface Panel {
  readonly title: string;
  readonly unit: string;
  /** Below the axis. */
  readonly axis: string;
  readonly rows: readonly PanelRow[];
}

export interface PanelRow {
  /** Index into `policies`. */
  readonly policy: number;
  readonly low: number | null;
  readonly mid: number;
  readonly high: number | null;
  /** The true value is at least `mid`. */
  readonly atLeast: boolean;
  /** What the row says beside its numbers: the verdict. */
  readonly remark: string;
}

export interface PageSeries {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly atUnit: string;
  readonly lines: readonly PageLine[];
}

export interface PageLine {
  readonly policy: number;
  readonly seeds: number;
  readonly at: readonly number[];
  readonly mean: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

export interface PageHeat {
  readonly policy: number;
  readonly seed: number;
  readonly resources: readonly string[];
  readonly nodesPerCell: number;
  readonly percent: readonly (readonly (number | null)[])[];
  readonly pods: readonly number[];
}
