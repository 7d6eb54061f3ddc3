/** Rows of nodes: `rows[0 .. length)`, in the order in which the scheduler visits them. */
export interface Selection {
  readonly rows: Uint32Array;
  length: number;
  /** How many nodes each row stands for; absent: itself alone. */
  counts?: Int32Array;
}

/** Narrows a selection in place, keeping the order: what one plugin does to all candidates at once. */
export type Filter = (candidates: Selection) => void;

/** A filter that keeps the nodes for which a predicate holds. */
export function keepWhere(predicate: (node: number) => boolean): Filter {
  return (candidates) => {
    const { rows, length } = candidates;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      if (predicate(node)) rows[kept++] = node;
    }
    candidates.length = kept;
  };
}
