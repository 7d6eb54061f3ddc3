/** What somebody found out about nodes; it is told of those where it may not hold any more. */
export interface KeptPerNode {
  /** About how much memory it takes. */
  readonly bytes: number;
  /** @param place of the node, in node order */
  forget(place: number): void;
  forgetAll(): void;
}
