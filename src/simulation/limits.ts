/** Where a run stops rather than go on for ever; reaching one is an error that names it. Printed with every result. */
export interface Limits {
  readonly maxEvents: number;
  readonly maxPods: number;
}

export const DEFAULT_LIMITS: Limits = { maxEvents: 500_000_000, maxPods: 20_000_000 };
