/**
 * Chance, owned by one file. Every draw is a pure function of (key, entity, counter), so that the luck of one entity
 * does not depend on how many draws others made, nor on threads: policies compared on one seed meet the same arrivals,
 * run times and failures (common random numbers).
 *
 * The generator is Philox2x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC '11).
 */

const MULTIPLIER = 0xd256d193;
const WEYL = 0x9e3779b9;

let high = 0;
let low = 0;

/** One block of Philox2x32-10: leaves 64 random bits in `high` and `low`. */
function philox(counter0: number, counter1: number, key: number): void {
  let left = counter0 >>> 0;
  let right = counter1 >>> 0;
  let round = key >>> 0;
  for (let i = 0; i < 10; i++) {
    const product = Math.imul(left, MULTIPLIER) >>> 0;
    const carry = multiplyHigh(left, MULTIPLIER);
    left = (carry ^ round ^ right) >>> 0;
    right = product;
    round = (round + WEYL) >>> 0;
  }
  high = left;
  low = right;
}

function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/** The 64 bits of one block as two unsigned 32-bit words; for the published test vectors. @internal */
export function philoxBlock(counter0: number, counter1: number, key: number): [number, number] {
  philox(counter0, counter1, key);
  return [high, low];
}

/** A key for one purpose under one seed ("arrivals", "run time", "tie"): different purposes never share draws. */
export function randomKey(seed: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  philox(seed >>> 0, Math.floor(seed / 0x100000000), hash);
  return high;
}

/** Uniform in [0, 1) with 53 bits, for the counter-th draw of an entity. */
export function uniform(key: number, entity: number, counter = 0): number {
  philox(entity, counter, key);
  return ((high >>> 5) * 0x4000000 + (low >>> 6)) / 0x20000000000000;
}

/** Uniform integer in [0, bound), for bounds below 2^32; the bias of the multiply method is below bound / 2^53. */
export function uniformInt(key: number, entity: number, counter: number, bound: number): number {
  return Math.floor(uniform(key, entity, counter) * bound);
}

/** A permutation of 0..length-1 (Fisher-Yates), drawn from one key. */
export function permutation(key: number, length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = uniformInt(key, i, 0, i + 1);
    const swapped = order[i];
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
