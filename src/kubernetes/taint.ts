export const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;
export type TaintEffect = (typeof taintEffects)[number];

export interface Taint {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: TaintEffect;
}
