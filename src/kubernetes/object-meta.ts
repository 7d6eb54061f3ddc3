/** Labels, selectors and annotations as the API writes them. */
export type StringRecord = Readonly<Record<string, string>>;

/** Amounts by resource name, as written: quantities as `parseQuantity` reads them. */
export type ResourceAmounts = Readonly<Record<string, string | number>>;

/** What scheduling and the controllers read of `metadata`. Times are RFC 3339 texts. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: StringRecord;
  /** Only those of `readAnnotations`, unless the reader was asked for all. */
  readonly annotations?: StringRecord;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
}

export interface OwnerReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

/** The annotations that some plugin or controller reads; the others (often long) are dropped. */
export const readAnnotations: ReadonlySet<string> = new Set([
  "pv.kubernetes.io/bind-completed",
  "volume.kubernetes.io/selected-node",
  "storage.alpha.kubernetes.io/migrated-plugins",
  "controller.kubernetes.io/pod-deletion-cost",
]);

const noLabels: ReadonlyMap<string, string> = new Map();

/** The labels of an object as the map that compiled selectors take. */
export function labelsOf(object: { readonly metadata?: ObjectMeta }): ReadonlyMap<string, string> {
  const labels = object.metadata?.labels;
  return labels === undefined ? noLabels : new Map(Object.entries(labels));
}
