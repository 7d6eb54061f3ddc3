import { AMOUNT, COLUMN, type Kernel, KernelBlock } from "./kernel.ts";

/** The kernel in JavaScript, for machines without WebAssembly: the same numbers as `kernel.as` makes, bit by bit. */
export class PlainKernel implements Kernel {
  readonly block: KernelBlock;

  /** @param rows room for so many */
  constructor(rows: number) {
    const capacity = KernelBlock.capacityFor(rows);
    this.block = new KernelBlock(new ArrayBuffer(KernelBlock.bytesFor(capacity)), capacity);
  }

  least(from: number, size: number, into: number, masked: boolean): number {
    return scan(this.block, from, size, into, masked, false);
  }

  most(from: number, size: number, into: number, masked: boolean): number {
    return scan(this.block, from, size, into, masked, true);
  }

  best(length: number): number {
    const { totals } = this.block;
    let best = -1;
    for (let i = 0; i < length; i++) if (totals[i] > best) best = totals[i]!;
    return best;
  }

  ties(length: number, best: number): number {
    const { totals, places, ranks } = this.block;
    let count = 0;
    let rank = 0;
    for (let i = 0; i < length; i++) {
      const total = totals[i];
      if (total === best) {
        places[count] = i;
        ranks[count++] = rank;
      }
      if (total >= 0) rank++;
    }
    return count;
  }
}

function scan(
  { amounts, columns, mask, totals }: KernelBlock,
  from: number,
  size: number,
  into: number,
  masked: boolean,
  most: boolean,
): number {
  const freeCpu = columns[COLUMN.fitCpu];
  const freeMemory = columns[COLUMN.fitMemory];
  const freeStorage = columns[COLUMN.fitStorage];
  const hasCpu = columns[COLUMN.cpu];
  const hasMemory = columns[COLUMN.memory];
  const usedCpu = columns[COLUMN.usedCpu];
  const usedMemory = columns[COLUMN.usedMemory];
  const roomCpu = columns[COLUMN.roomCpu];
  const roomMemory = columns[COLUMN.roomMemory];
  const imbalance = columns[COLUMN.imbalance];
  const fitCpu = amounts[AMOUNT.fitCpu];
  const fitMemory = amounts[AMOUNT.fitMemory];
  const fitStorage = amounts[AMOUNT.fitStorage];
  const cpu = amounts[AMOUNT.cpu];
  const memory = amounts[AMOUNT.memory];
  const cpuWeight = amounts[AMOUNT.cpuWeight];
  const memoryWeight = amounts[AMOUNT.memoryWeight];
  const part = amounts[AMOUNT.part];
  const balancedCpu = amounts[AMOUNT.balancedCpu];
  const balancedMemory = amounts[AMOUNT.balancedMemory];
  const allocationWeight = amounts[AMOUNT.allocationWeight];
  const balanceWeight = amounts[AMOUNT.balanceWeight];
  let feasible = 0;
  for (let i = 0; i < size; i++) {
    const row = from + i;
    if (
      freeCpu[row] < fitCpu ||
      freeMemory[row] < fitMemory ||
      freeStorage[row] < fitStorage ||
      (masked && mask[row] !== 0)
    ) {
      totals[into + i] = -1;
      continue;
    }
    feasible++;
    const has0 = hasCpu[row];
    const has1 = hasMemory[row];
    // A resource that the node has none of leaves the mean: the other one takes its place.
    const percent0 = percent(has0, roomCpu[row] - cpu, most);
    const percent1 = percent(has1, roomMemory[row] - memory, most);
    const sum =
      (has0 === 0 ? percent1 : percent0) * cpuWeight + (has1 === 0 ? percent0 : percent1) * memoryWeight;
    let balance = 75;
    if (has0 !== 0 && has1 !== 0) {
      const share0 = Math.min((usedCpu[row] + balancedCpu) / has0, 1);
      const share1 = Math.min((usedMemory[row] + balancedMemory) / has1, 1);
      const after = Math.trunc((1 - Math.abs(share0 - share1) / 2) * 100);
      balance = 50 + ((after + imbalance[row]) >> 1);
    }
    totals[into + i] = Math.trunc((sum + 0.5) * part) * allocationWeight + balance * balanceWeight;
  }
  return feasible;
}

/** Of what the node has, by what would be left of it; 0 where it has nothing. */
function percent(has: number, room: number, most: boolean): number {
  if (has === 0) return 0;
  const free = Math.max(room, 0);
  return Math.trunc(((most ? has - free : free) * 100) / has);
}
