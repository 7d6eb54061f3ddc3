/** A column as its readers see it: one number per row, never written. Every typed array is one to the compiler. */
export interface Column {
  readonly length: number;
  readonly [row: number]: number;
}

type Growable = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** The same values in an array of at least `length` entries; the new ones hold `fill`. */
export function grow<T extends Growable>(column: T, length: number, fill = 0): T {
  if (length <= column.length) return column;
  const capacity = Math.max(length, column.length * 2, 16);
  const grown = new (column.constructor as new (length: number) => T)(capacity);
  grown.set(column);
  if (fill !== 0) grown.fill(fill, column.length);
  return grown;
}
