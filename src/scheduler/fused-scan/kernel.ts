/** Numbers of one pod that the kernel takes to every node, by their places in `amounts`. */
export const AMOUNT = {
  /** What must be free. */
  fitCpu: 0,
  fitMemory: 1,
  fitStorage: 2,
  /** What the pod adds to what is scored by allocation, the weights, and one part of their sum. */
  cpu: 3,
  memory: 4,
  cpuWeight: 5,
  memoryWeight: 6,
  part: 7,
  /** What the pod adds to what is balanced. */
  balancedCpu: 8,
  balancedMemory: 9,
  /** Weights of the two scores in the total; 0: not scored. */
  allocationWeight: 10,
  balanceWeight: 11,
} as const;

/** Columns of doubles, one entry per row, by their places in `columns`. */
export const COLUMN = {
  /** What is free; `-Infinity` for cpu where no further pod is allowed. */
  fitCpu: 0,
  fitMemory: 1,
  fitStorage: 2,
  /** Allocatable. */
  cpu: 3,
  memory: 4,
  /** What is requested. */
  usedCpu: 5,
  usedMemory: 6,
  /** What is left of it by `nonZeroCpu` and `nonZeroMemory`. */
  roomCpu: 7,
  roomMemory: 8,
  /** 50 less the balance of what is requested. */
  imbalance: 9,
} as const;

const AMOUNTS = 16;
const COLUMNS = 10;
const INTS = 4;

/** The memory of a kernel: what it reads and what it writes. Rows are places in node order. */
export class KernelBlock {
  /** A multiple of 4, and at least 4 more than there are rows: the kernel takes four at a time. */
  readonly capacity: number;
  readonly amounts: Float64Array;
  readonly columns: readonly Float64Array[];
  /** -1 for a row that somebody else rejects, 0 for others. */
  readonly mask: Int32Array;
  /** Of the rows that were looked at, in the order in which they were: the total, -1 for one that is rejected. */
  readonly totals: Int32Array;
  /** Places in `totals` of the best ones, ascending, and their ranks among those that are not rejected. */
  readonly places: Int32Array;
  readonly ranks: Int32Array;

  constructor(buffer: ArrayBuffer, capacity: number) {
    this.capacity = capacity;
    const width = capacity * Float64Array.BYTES_PER_ELEMENT;
    const columns = AMOUNTS * Float64Array.BYTES_PER_ELEMENT;
    const ints = columns + COLUMNS * width;
    const list = (place: number): Int32Array => new Int32Array(buffer, ints + (place * width) / 2, capacity);
    this.amounts = new Float64Array(buffer, 0, AMOUNTS);
    this.columns = Array.from(
      { length: COLUMNS },
      (_, column) => new Float64Array(buffer, columns + column * width, capacity),
    );
    this.mask = list(0);
    this.totals = list(1);
    this.places = list(2);
    this.ranks = list(3);
  }

  static capacityFor(rows: number): number {
    return (rows + 7) & ~3;
  }

  static bytesFor(capacity: number): number {
    return (
      AMOUNTS * Float64Array.BYTES_PER_ELEMENT +
      capacity * (COLUMNS * Float64Array.BYTES_PER_ELEMENT + INTS * Int32Array.BYTES_PER_ELEMENT)
    );
  }
}

/** Filters and scores rows for one pod whose numbers are in `amounts`. */
export interface Kernel {
  readonly block: KernelBlock;
  /**
   * Writes the totals of `size` rows from `from` on to `totals`, from place `into` on (up to three entries more may be overwritten);
   * returns how many are not rejected. NodeResourcesFit scores LeastAllocated.
   * @param masked whether `mask` counts
   */
  least(from: number, size: number, into: number, masked: boolean): number;
  /** The same with MostAllocated. */
  most(from: number, size: number, into: number, masked: boolean): number;
  /** The greatest of the first totals; -1 when all are rejected. */
  best(length: number): number;
  /** Writes `places` and `ranks` of the totals that equal the greatest one; returns how many there are. After `best`. */
  ties(length: number, best: number): number;
}
